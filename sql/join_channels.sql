-- The two sides of a call as one recording.
CREATE TABLE call_sides AS
SELECT array_agg(sin(i * 0.05)::real ORDER BY i) AS one, array_agg(cos(i * 0.03)::real ORDER BY i) FILTER (WHERE i <= 12000) AS other FROM generate_series(1, 16000) AS i;
CREATE TABLE joined_sides AS SELECT emoser_join_channels(emoser_wav(one, 16000), emoser_wav(other, 16000)) AS audio FROM call_sides;
SELECT container, encoding, channels, sample_rate, duration_s FROM joined_sides, emoser_audio_info(audio);
-- Sample by sample what was given, and silence after the shorter one.
SELECT emoser_samples(audio, channel => 1) = emoser_samples(emoser_wav(one, 16000)) AS first, (emoser_samples(audio, channel => 2))[:12000] = emoser_samples(emoser_wav(other, 16000)) AS second,
       (SELECT max(abs(x)) FROM unnest((emoser_samples(audio, channel => 2))[12001:]) AS x) AS rest FROM joined_sides, call_sides;
-- The higher rate; a recording of two channels is mixed.
SELECT sample_rate, channels, duration_s FROM call_sides, emoser_audio_info(emoser_join_channels(emoser_wav(other, 8000), emoser_wav(one, 16000)));
SELECT channels, duration_s FROM joined_sides, call_sides, emoser_audio_info(emoser_join_channels(audio, emoser_wav(other, 16000)));
-- Nothing, and errors.
SELECT emoser_join_channels(audio, NULL) IS NULL AND emoser_join_channels(NULL, audio) IS NULL AS of_nothing FROM joined_sides;
SELECT emoser_join_channels(audio, 'x', on_bad_audio => 'null') IS NULL AS is_null FROM joined_sides;
SELECT emoser_join_channels(audio, 'x') FROM joined_sides;
DROP TABLE call_sides, joined_sides;

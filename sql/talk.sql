-- Who talks how much, interrupts, and keeps whom waiting. The corpus is that of emodb.sql.
-- By hand: a turn that was cut in two, an interruption, a word of assent in it, a gap of 2 s, a pause, and talk at once that is too short.
CREATE TABLE talked AS
SELECT * FROM (VALUES (1, 1, 1, 4.0), (1, 1, 4, 6), (1, 2, 5.25, 9), (1, 1, 7, 7.5), (1, 1, 11, 12), (1, 1, 12.5, 13), (1, 2, 12.75, 14),
                      (2, 1, 3, 5), (3, NULL, NULL, NULL)) AS v (id, channel, start_s, end_s);
SELECT t.* FROM emoser_talk((SELECT jsonb_agg(t) FROM talked AS t WHERE id = 1)) AS t;
SELECT channel, interruptions, silence_s FROM emoser_talk((SELECT jsonb_agg(t) FROM talked AS t WHERE id = 1), 20, 0.25) AS t;
-- Arrays say the same, in whatever order.
SELECT id, count(a.*) AS talkers, bool_and(a = j) AS same
FROM (SELECT id, array_agg(start_s::float8) AS starts, array_agg(end_s::float8) AS ends, array_agg(channel) AS channels, jsonb_agg(t) AS told
      FROM (SELECT * FROM talked ORDER BY md5(talked::text)) AS t GROUP BY id) AS t
LEFT JOIN LATERAL emoser_talk(starts, ends, channels) AS a ON true LEFT JOIN LATERAL emoser_talk(told) AS j ON j.channel = a.channel
GROUP BY id ORDER BY id;
-- All time is somebody's talk, or silence: pauses, gaps, and what is before and after.
SELECT sum(talk_s) - sum(overlap_s) / 2 + min(silence_s) AS duration, min(silence_s) - sum(gap_s + pause_s) AS before_and_after, sum(talk_share) AS shares
FROM emoser_talk((SELECT jsonb_agg(t) FROM talked AS t WHERE id = 1), 20);
-- Speakers of a diarisation; one talker; no channel.
SELECT channel, speaker, turns, talk_s, interruptions, gaps, gap_s FROM emoser_talk('[{"start": 0, "end": 2, "speaker": "B"}, {"start": 3, "end": 4, "speaker": "A"}, {"start": 3.5, "end": 5}]'::jsonb);
SELECT turns, talk_share, gaps, longest_gap_s, pause_s, silence_s FROM emoser_talk('{0,2}'::float8[], '{1,3}');
-- Of a recording: both channels, also one that says nothing; the same as of its turns.
CREATE TABLE talk_calls AS
SELECT n AS id, emoser_join_channels(emoser_wav(one, 16000), emoser_wav(other, 16000)) AS audio
FROM (SELECT emoser_samples(audio, 16000) AS a FROM corpus WHERE file_name ~ '^51s01N') AS a,
     (SELECT emoser_samples(audio, 16000) AS b FROM corpus WHERE file_name ~ '^52s02N') AS b,
     LATERAL (VALUES (1, a, array_fill(0::real, ARRAY[cardinality(a) + 32000]) || b), (2, array_fill(0::real, ARRAY[32000]), ARRAY[0::real]), (3, a, ARRAY[0::real])) AS v (n, one, other);
SELECT id, channel, turns, talk_s > 1 AS talks, talk_share IS NULL AS nobody, interruptions, gaps, gap_s > 0.5 AS waited, silence_s > 0 AS silent FROM talk_calls, emoser_talk(audio) AS t ORDER BY 1, 2;
SELECT id, t = o AS same FROM talk_calls, emoser_talk(audio) AS t, LATERAL (SELECT jsonb_agg(u) AS told FROM emoser_turns(audio) AS u) AS u,
     emoser_talk(told, (emoser_audio_info(audio)).duration_s) AS o WHERE o.channel = t.channel ORDER BY 1, t.channel;
-- NULLs, and nothing.
SELECT count(*) FROM emoser_talk(NULL::bytea);
SELECT count(*) FROM emoser_talk(NULL::jsonb);
SELECT count(*) FROM emoser_talk('{1}'::float8[], NULL);
SELECT count(*) FROM emoser_talk('[]'::jsonb, 10);
SELECT count(*) FROM emoser_talk('{}'::float8[], '{}');
SELECT count(*) FROM emoser_talk('x'::bytea, on_bad_audio => 'null');
-- Errors.
SELECT emoser_talk('x'::bytea);
SELECT emoser_talk(audio, min_overlap_s => -1) FROM talk_calls;
SELECT emoser_talk(audio, min_overlap_s => NULL) FROM talk_calls;
SELECT emoser_talk(audio, min_turn_s => 16) FROM talk_calls;
SELECT emoser_talk(audio, merge_gap_s => 'NaN') FROM talk_calls;
SELECT emoser_talk('[{"start": 1}]'::jsonb);
SELECT emoser_talk('[{"start": 1, "end": 12}]'::jsonb, 10);
SELECT emoser_talk('[{"start": 1, "end": 12}]'::jsonb, 'Infinity');
SELECT emoser_talk('{1}'::float8[], '{2}', '{1,2}');
SELECT emoser_talk('{1}'::float8[], '{Infinity}');
SELECT emoser_talk('[{"start": 0, "end": 1e308, "speaker": "A"}, {"start": 0, "end": 1e308, "speaker": "B"}]'::jsonb);
DROP TABLE talked, talk_calls;

-- Sound from mel spectra and MFCC.

-- A gliding voice of 140 to 220 Hz, one second, with a formant at 800 Hz.
CREATE TABLE voice AS
SELECT emoser_wav(array_agg(x::real ORDER BY i)) AS audio
FROM (SELECT i, sum(0.1 / (1 + ((180 * k - 800) / 300.0) ^ 2)
                    * sin(k * 2 * pi() * (140 * i / 16000.0 + 40 * (i / 16000.0) ^ 2))) AS x
      FROM generate_series(0, 15999) AS i, generate_series(1, 20) AS k GROUP BY i) AS s;
CREATE FUNCTION mean_difference(a real[], b real[]) RETURNS numeric LANGUAGE sql AS
$$SELECT CASE WHEN array_dims(a) = array_dims(b) THEN round(avg(abs(x - y))::numeric, 1) END FROM unnest(a, b) AS u (x, y)$$;

-- There and back: the levels in dB are the same, nearly.
SELECT n_mels, iterations, array_dims(emoser_mel(sound, n_mels)) AS dims,
    mean_difference(emoser_mel(audio, n_mels), emoser_mel(sound, n_mels)) BETWEEN least_db AND most_db AS as_near_as_expected
FROM voice, (VALUES (40, 0, 3, 6), (40, 8, 0, 0.8), (40, 32, 0, 0.6), (128, 32, 0, 1.4), (128, 100, 0, 0.8)) AS v (n_mels, iterations, least_db, most_db),
     emoser_mel_to_wav(emoser_mel(audio, n_mels), iterations => iterations) AS sound;
SELECT mean_difference(emoser_mel(audio, 30, 8000, 256, 200, 50, 100, 3800, 'htk', 'none', 'hamming', false, 60, 0.97),
                       emoser_mel(sound, 30, 8000, 256, 200, 50, 100, 3800, 'htk', 'none', 'hamming', false, 60, 0.97)) < 1.5 AS near,
    (emoser_audio_info(sound)).sample_rate
FROM voice, emoser_mel_to_wav(emoser_mel(audio, 30, 8000, 256, 200, 50, 100, 3800, 'htk', 'none', 'hamming', false, 60, 0.97),
                              30, 8000, 256, 200, 50, 100, 3800, 'htk', 'none', 'hamming', false, 60, 0.97) AS sound;
SELECT n_mfcc, lifter, deltas,
    mean_difference(emoser_mfcc(audio, n_mfcc, lifter => lifter), emoser_mfcc(sound, n_mfcc, lifter => lifter)) < most AS near
FROM voice, (VALUES (13, 0, 0, 0.7), (13, 22, 2, 4.5), (40, 0, 1, 1.4)) AS v (n_mfcc, lifter, deltas, most),
     emoser_mfcc_to_wav(emoser_mfcc(audio, n_mfcc, lifter => lifter, deltas => deltas), lifter => lifter, deltas => deltas) AS sound;

-- Melody and length are those of the voice.
SELECT round(time_s::numeric, 1) AS time_s, round((b.f0_hz / a.f0_hz)::numeric, 1) AS f0_ratio
FROM voice, emoser_mel_to_wav(emoser_mel(audio, 128)) AS sound,
     emoser_pitch(audio) AS a JOIN LATERAL emoser_pitch(sound) AS b USING (time_s)
WHERE round(time_s::numeric * 1000)::int % 200 < 10 AND time_s BETWEEN 0.1 AND 0.9 ORDER BY 1;
SELECT (emoser_audio_info(audio)).duration_s AS before_s, (emoser_audio_info(sound)).duration_s AS after_s
FROM voice, emoser_mel_to_wav(emoser_mel(audio)) AS sound;

-- The seed decides.
SELECT emoser_mel_to_wav(mel, seed => 1) = emoser_mel_to_wav(mel, seed => 1) AS same,
    emoser_mel_to_wav(mel, seed => 1) = emoser_mel_to_wav(mel, seed => 2) AS same_with_another_seed
FROM voice, emoser_mel(audio) AS mel;

-- The least there is.
SELECT cardinality(emoser_samples(emoser_mel_to_wav('{{-100}}'))),
    cardinality(emoser_samples(emoser_mfcc_to_wav('{{0},{0}}', n_mels => 1, hop_length => 2, iterations => 0)));
SELECT emoser_mel_to_wav(NULL) IS NULL, emoser_mfcc_to_wav(NULL) IS NULL;

-- Refusals.
SELECT emoser_mel_to_wav('{}');
SELECT emoser_mel_to_wav('{1,2,3}');
SELECT emoser_mfcc_to_wav('{{{1}}}');
SELECT emoser_mel_to_wav('{{1,NULL}}');
SELECT emoser_mel_to_wav('{{1,2},{NaN,3}}');
SELECT emoser_mfcc_to_wav('{{1,2},{3,-Infinity}}');
SELECT emoser_mel_to_wav('{{1,2},{3,200.5}}');
SELECT emoser_mfcc_to_wav('{{1,2},{1e30,2}}');
SELECT emoser_mel_to_wav('{{1,2}}', n_mels => 3);
SELECT emoser_mfcc_to_wav('{{1,2}}', n_mfcc => 3);
SELECT emoser_mfcc_to_wav('{{1,2}}', deltas => 1, n_mfcc => 2);
SELECT emoser_mfcc_to_wav('{{1,2,3}}', deltas => 1);
SELECT emoser_mfcc_to_wav('{{1,2}}', deltas => 3);
SELECT emoser_mfcc_to_wav('{{1,2,3}}', n_mels => 2);
SELECT emoser_mfcc_to_wav('{{1,2}}', preset => 'kaldi');
SELECT emoser_mfcc_to_wav('{{1,2}}', use_energy => true);
SELECT emoser_mel_to_wav('{{1,2}}', preset => 'htk', power => 0);
SELECT emoser_mel_to_wav('{{1,2},{3,101}}', power => 1);
SELECT emoser_mel_to_wav('{{1,2}}', hop_length => 401);
SELECT emoser_mel_to_wav('{{1,2}}', n_fft => 8);
SELECT emoser_mel_to_wav('{{1,2}}', window_name => 'triangle');
SELECT emoser_mel_to_wav('{{1,2}}', iterations => 1001);
SELECT emoser_mel_to_wav('{{1,2}}', iterations => NULL);
SELECT emoser_mfcc_to_wav('{{1,2}}', seed => NULL);
SET emoser.max_audio_duration = '1s';
SELECT length(emoser_mel_to_wav(array_fill(0::real, ARRAY[101, 1]), iterations => 0));
SELECT emoser_mel_to_wav(array_fill(0::real, ARRAY[103, 1]), iterations => 0);
RESET emoser.max_audio_duration;
SELECT emoser_mel_to_wav(array_fill(0::real, ARRAY[10000, 1]), n_fft => 65536);

-- The presets' ways, there and back, of the voice in noise: levels in dB or nats that differ little.
SELECT preset, array_dims(mel) = array_dims(emoser_mel(sound, preset => preset)) AS same_dimensions,
       mean_difference(mel, emoser_mel(sound, preset => preset)) < 1.5 AS near
FROM (SELECT emoser_augment(audio, 'noise', 30, 1) AS audio FROM voice) AS v, unnest('{librosa,librosa-0.8,torchaudio,python_speech_features,kaldi,htk}'::text[]) AS preset,
     emoser_mel(audio, preset => preset) AS mel, emoser_mel_to_wav(mel, preset => preset) AS sound
ORDER BY preset;

DROP TABLE voice;
DROP FUNCTION mean_difference;

-- parts of recordings
SET client_min_messages = warning;
CREATE TEMPORARY TABLE spoken AS
    SELECT samples, emoser_wav(samples, 8000) AS audio
    FROM (SELECT array_agg((0.4 * sin(i * i / 9000.0))::real ORDER BY i) AS samples
          FROM generate_series(0, 15999) AS i) AS tone;
-- channel 1 is the tone, channel 2 its negative
CREATE TEMPORARY TABLE stereo AS
    SELECT emoser_wav(string_agg(substr(audio, 45 + 2 * i, 2) ||
                                 substr(emoser_wav(ARRAY[-samples[i + 1]], 8000), 45, 2), '' ORDER BY i),
                      's16le', 8000, 2) AS audio
    FROM spoken, generate_series(0, 15999) AS i;

-- the same samples
SELECT emoser_samples(emoser_cut(audio, 0.5, 1.25)) = (emoser_samples(audio))[4001:10000] AS same,
       emoser_samples(emoser_cut(audio)) = emoser_samples(audio) AS whole,
       emoser_samples(emoser_cut(audio, 1.5)) = (emoser_samples(audio))[12001:16000] AS up_to_the_end,
       emoser_samples(emoser_cut(audio, end_s => 0.5)) = (emoser_samples(audio))[1:4000] AS from_the_beginning,
       emoser_samples(emoser_cut(audio, 1.5, 3600)) = (emoser_samples(audio))[12001:16000] AS beyond,
       emoser_cut(audio) = audio AS same_file
FROM spoken;
-- channels are kept, or one is taken
SELECT i.container, i.encoding, i.sample_rate, i.channels, i.duration_s
FROM stereo, emoser_audio_info(emoser_cut(audio, 0.5, 1)) AS i;
SELECT channel, emoser_samples(emoser_cut(audio, 0.5, 1, channel)) = (emoser_samples(audio, channel => channel))[4001:8000] AS same,
       emoser_samples(emoser_cut(audio, 0.5, 1), channel => channel) = (emoser_samples(audio, channel => channel))[4001:8000] AS kept
FROM stereo, generate_series(1, 2) AS channel;
-- what has more than 16 bits keeps them
SELECT (emoser_audio_info(emoser_cut(emoser_wav(samples, 8000, 'float32'), 0.5, 1))).encoding,
       emoser_samples(emoser_cut(emoser_wav(samples, 8000, 'float32'), 0.5, 1)) = samples[4001:8000] AS same
FROM spoken;

-- NULLs
SELECT emoser_cut(NULL) IS NULL AS no_recording, emoser_cut(audio, NULL, NULL, NULL, NULL) = audio AS defaults FROM spoken;
-- errors
SELECT emoser_cut(audio, -1) FROM spoken;
SELECT emoser_cut(audio, 'NaN') FROM spoken;
SELECT emoser_cut(audio, 'infinity') FROM spoken;
SELECT emoser_cut(audio, 1, 1) FROM spoken;
SELECT emoser_cut(audio, 1, 'NaN') FROM spoken;
SELECT emoser_cut(audio, 2) FROM spoken;
SELECT emoser_cut(audio, 2, on_bad_audio => 'null') FROM spoken;
SELECT emoser_cut(audio, 0, 1, 0) FROM spoken;
SELECT emoser_cut(audio, 0, 1, 2) FROM spoken;
SELECT emoser_cut('This is text.', 0, 1);
SELECT emoser_cut('This is text.', 0, 1, on_bad_audio => 'null') IS NULL AS warned;
SELECT emoser_cut(audio, on_bad_audio => 'skip') FROM spoken;

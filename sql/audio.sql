-- Recordings in and out: information, samples, WAV files, refusals.

-- Round trips.
SELECT emoser_samples(emoser_wav(ARRAY[0, 0.5, -0.5, 1, -1, 2, -3]::real[]));
SELECT emoser_samples(emoser_wav(ARRAY[0, 0.1, -0.9, 2]::real[], encoding => 'float32'));
SELECT encode(emoser_wav(ARRAY[0, 0.5]::real[], 8000), 'hex');
SELECT emoser_wav(samples, rate) = emoser_wav(emoser_samples(emoser_wav(samples, rate)), rate)
FROM (SELECT array_agg((sin(i / 7.0) * i / 3000)::real ORDER BY i) AS samples
      FROM generate_series(1, 3000) AS i) AS s,
     unnest(ARRAY[1000, 16000, 44100, 768000]) AS rate;

-- A sine at 440 Hz and half of full scale, as several tests use it.
CREATE FUNCTION sine(rate integer, duration_s float8, amplitude float8 DEFAULT 0.5)
    RETURNS real[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg((amplitude * sin(2 * pi() * 440 * i / rate))::real ORDER BY i)
    FROM generate_series(0, (rate * duration_s)::integer - 1) AS i
$$;

-- Resampling keeps length and level.
SELECT rate, array_length(samples, 1) AS n_samples,
    round(sqrt((SELECT avg(s::float8 ^ 2) FROM unnest(samples[2000:6000]) AS s))::numeric, 3) AS rms
FROM (SELECT rate, emoser_samples(emoser_wav(sine(rate, 0.5), rate), 16000) AS samples
      FROM unnest(ARRAY[8000, 16000, 22050, 44100, 48000, 96000]) AS rate) AS resampled;

-- Information.
SELECT container, encoding, sample_rate, channels, duration_s, round(peak::numeric, 3) AS peak,
    round(rms_dbfs::numeric, 2) AS rms_dbfs, clipped_samples, round(dc_offset::numeric, 4) AS dc,
    silence_share, truncated
FROM unnest(ARRAY[
    emoser_wav(sine(16000, 1)),
    emoser_wav(sine(8000, 1, 3), 8000),
    emoser_wav(array_fill(0::real, ARRAY[441]), 44100, 'float32'),
    emoser_wav(array_fill(0.25::real, ARRAY[320]) || array_fill(0::real, ARRAY[960])),
    substr(emoser_wav(sine(16000, 1)), 1, 16044)
]) AS audio, emoser_audio_info(audio);
-- The band is that of the sound and not of the file: noise of a rate, resampled to another one, which takes the last twelfth.
CREATE FUNCTION noise(rate integer) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT emoser_augment(emoser_wav(array_fill(0.01::real, ARRAY[2 * rate]), rate), 'noise', -20, 1)
$$;
SELECT rate, file_rate, bandwidth_hz / (least(rate, file_rate) / 2) BETWEEN 0.92 AND 1.06 AS as_recorded
FROM unnest(ARRAY[8000, 16000, 44100]) AS rate, unnest(ARRAY[8000, 16000, 48000]) AS file_rate,
    emoser_audio_info(emoser_wav(emoser_samples(noise(rate), file_rate), file_rate));
SELECT bandwidth_hz FROM emoser_audio_info(emoser_wav(array_fill(0::real, ARRAY[8000])));
DROP FUNCTION noise;
SELECT emoser_samples(NULL), emoser_audio_info(NULL) IS NULL, emoser_wav(NULL);

-- Refusals of recordings.
SELECT emoser_samples('');
SELECT emoser_samples('This is text, and not sound at all.');
SELECT emoser_audio_info('\x000102030405060708090a0b0c0d0e0f');
SELECT emoser_samples(convert_to(encode(emoser_wav('{0.5}'), 'base64'), 'UTF8'));
SELECT emoser_samples('/home/anna/recording.wav');
SELECT emoser_samples(substr(emoser_wav(ARRAY[0, 0.5]::real[]), 1, 30));
SELECT emoser_samples(substr(emoser_wav(ARRAY[0, 0.5]::real[]), 1, 44));
SELECT emoser_samples(overlay(emoser_wav(ARRAY[0, 0.5]::real[]) PLACING '\xf4010000' FROM 25));
SELECT emoser_samples(overlay(emoser_wav(ARRAY[0, 0.5]::real[]) PLACING '\x0010' FROM 23));
-- NaN as the second sample of a float file, 4 bytes from the end.
SELECT emoser_samples(overlay(wav PLACING '\x0000c07f' FROM length(wav) - 3))
FROM emoser_wav(ARRAY[0, 0.5]::real[], 16000, 'float32') AS wav;
SET emoser.max_audio_duration = '1s';
SELECT emoser_samples(emoser_wav(array_fill(0::real, ARRAY[16001])));
SELECT array_length(emoser_samples(emoser_wav(array_fill(0::real, ARRAY[16000]))), 1);
-- Too long is not bad: whatever a setting is, a call that ends gives the same.
SELECT emoser_samples(emoser_wav(array_fill(0::real, ARRAY[16001])), on_bad_audio => 'null');
RESET emoser.max_audio_duration;

-- Refusals of arguments.
SELECT emoser_samples(emoser_wav(ARRAY[0, 0.5]::real[]), 0);
SELECT emoser_samples(emoser_wav(ARRAY[0, 0.5]::real[]), 768001);
SELECT emoser_wav('{}');
SELECT emoser_wav('{0,NaN}');
SELECT emoser_wav('{0,0,-Infinity}');
SELECT emoser_wav('{0,NULL}');
SELECT emoser_wav('{0}', 999);
SELECT emoser_wav('{0}', encoding => 'mp3');

-- A long scan goes on over bad recordings, but not over bad arguments.
SELECT i, emoser_samples(audio, on_bad_audio => 'null')
FROM (VALUES (1, emoser_wav('{0.5}')), (2, 'rubbish'), (3, ''), (4, emoser_wav('{0.25}')))
    AS recordings (i, audio);
SELECT emoser_audio_info('rubbish', 'null') IS NULL;
SELECT emoser_samples(emoser_wav('{0.5}'), 10, on_bad_audio => 'null');
SELECT emoser_samples('rubbish', on_bad_audio => 'nul');
SELECT emoser_samples('rubbish', on_bad_audio => NULL);

-- Channels: one of them, or all mixed. WAV of 16 bit, two channels: 0.5 and -0.25, 0.25 and 0.
CREATE TABLE stereo AS
SELECT overlay(overlay(overlay(wav PLACING '\x0200' FROM 23) PLACING '\x00fa0000' FROM 29) PLACING '\x0400' FROM 33) AS audio
FROM emoser_wav('{0.5,-0.25,0.25,0}') AS wav;
SELECT channel, emoser_samples(audio, channel => channel) FROM stereo, unnest('{1,2,NULL}'::integer[]) AS channel;
SELECT emoser_samples(audio, channel => 3) FROM stereo;
SELECT emoser_samples(emoser_wav('{0.5}'), channel => 2);
SELECT emoser_samples(audio, channel => 0) FROM stereo;
SELECT emoser_samples(audio, channel => -1, on_bad_audio => 'null') FROM stereo;
SELECT emoser_samples(audio, channel => 3, on_bad_audio => 'null') FROM stereo;
-- What channels are to each other: two tones, opposite phase, one of them silent.
CREATE FUNCTION two_channels("left" real[], "right" real[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT overlay(overlay(overlay(wav PLACING '\x0200' FROM 23) PLACING '\x00fa0000' FROM 29) PLACING '\x0400' FROM 33)
    FROM (SELECT emoser_wav(array_agg(sample ORDER BY place, side)) AS wav
          FROM (SELECT 1 AS side, * FROM unnest("left") WITH ORDINALITY AS l (sample, place)
                UNION ALL SELECT 2, * FROM unnest("right") WITH ORDINALITY AS r (sample, place)) AS s) AS w
$$;
CREATE TABLE pairs AS
SELECT what, two_channels("left", "right") AS audio
FROM (SELECT sine(16000, 0.5) AS tone, array_fill(0::real, ARRAY[8000]) AS nothing,
             (SELECT array_agg(-s ORDER BY i) FROM unnest(sine(16000, 0.5)) WITH ORDINALITY AS t (s, i)) AS opposite,
             (SELECT array_agg((s / 5)::real ORDER BY i) FROM unnest(sine(16000, 0.5)) WITH ORDINALITY AS t (s, i)) AS quiet) AS tones,
     LATERAL (VALUES ('the same', tone, tone), ('quieter', tone, quiet), ('opposite', tone, opposite), ('silent', nothing, tone), ('nothing', nothing, nothing))
         AS v (what, "left", "right");
SELECT what, channel_peak, channel_rms_dbfs, speech_share, correlation, channels_differ, channels_cancel FROM pairs, emoser_audio_info(audio);
SELECT what, emoser_samples(audio) = emoser_samples(audio, channel => 1) AS as_left, emoser_samples(audio) = emoser_samples(audio, channel => 2) AS as_right FROM pairs;
DROP TABLE stereo, pairs;
DROP FUNCTION two_channels;

-- Stored results say by themselves what becomes of bad recordings, so that they can be computed anew.
CREATE TABLE recorded (audio bytea, features real[] GENERATED ALWAYS AS (emoser_features(audio, on_no_speech => 'predict', on_bad_audio => 'null')) STORED);
INSERT INTO recorded VALUES ('rubbish');
SELECT features IS NULL AS none FROM recorded;
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'recorded'::regclass;
DROP TABLE recorded;

-- Allowed in parallel workers, and the same for the same bytes.
SELECT proname, provolatile, proparallel, procost > 100 AS has_cost,
    obj_description(oid, 'pg_proc') IS NOT NULL AS has_comment
FROM pg_proc
WHERE proname IN ('emoser_audio_info', 'emoser_samples', 'emoser_wav')
ORDER BY proname;

DROP FUNCTION sine;

-- emoser_mfcc and emoser_mel

-- One second of a tone of 440 Hz with overtones, at 16 kHz.
CREATE TEMPORARY TABLE signals AS
SELECT 'tone' AS name,
       array_agg((0.3 * sin(0.1727875959 * i) + 0.1 * sin(0.8639379797 * i))::real ORDER BY i) AS samples
FROM generate_series(0, 15999) AS i;
INSERT INTO signals VALUES ('silence', array_fill(0::real, ARRAY[4000]));
INSERT INTO signals VALUES ('constant', array_fill(0.5::real, ARRAY[4000]));
INSERT INTO signals VALUES ('click', array_fill(0::real, ARRAY[2000]) || 1::real || array_fill(0::real, ARRAY[1999]));
INSERT INTO signals VALUES ('one sample', ARRAY[0.25]);
INSERT INTO signals VALUES ('loudest', array_fill(1e9::real, ARRAY[4000]));

CREATE FUNCTION pg_temp.rounded(real[], integer DEFAULT 1) RETURNS numeric[]
    LANGUAGE sql AS 'SELECT array_agg(round(x::numeric, $2) ORDER BY i) FROM unnest($1) WITH ORDINALITY AS t(x, i)';
CREATE FUNCTION pg_temp.furthest(real[], real[]) RETURNS real
    LANGUAGE sql AS 'SELECT max(abs(a - b)) FROM unnest($1, $2) AS t(a, b)';

-- Frames and values; every value is finite.
SELECT name, array_dims(mfcc), array_dims(mel),
       'NaN' = ANY (mfcc || mel) OR 'Infinity' = ANY (mfcc || mel) OR '-Infinity' = ANY (mfcc || mel) AS odd
FROM signals,
     emoser_mfcc_of_samples(samples, deltas => 2, n_mels => 39) AS mfcc,
     emoser_mel_of_samples(samples, n_mels => 39) AS mel
ORDER BY name;

-- Values, as test/mfcc_reference.py has them.
SELECT pg_temp.rounded(mfcc[50:50], 0) AS frame_50
FROM signals, emoser_mfcc_of_samples(samples) AS mfcc WHERE name = 'tone';
SELECT pg_temp.rounded(mel[50:50]) AS frame_50
FROM signals, emoser_mel_of_samples(samples, n_mels => 12) AS mel WHERE name = 'tone';
SELECT pg_temp.rounded(mfcc[50:50]) AS frame_50
FROM signals, emoser_mfcc_of_samples(samples, n_mfcc => 5, n_mels => 26, n_fft => 1024, win_length => 1000, hop_length => 200,
                          fmin => 20, fmax => 7600, mel_scale => 'htk', mel_norm => 'none', lifter => 22,
                          window_name => 'hamming', center => false, top_db => 0, preemphasis => 0.97) AS mfcc
WHERE name = 'tone';

-- Silence: 10 log10(1e-10) in every band, and -100 sqrt(n_mels) in the 0th coefficient.
SELECT DISTINCT pg_temp.rounded(ARRAY[level]) FROM signals, unnest(emoser_mel_of_samples(samples)) AS level
WHERE name = 'silence';
SELECT pg_temp.rounded(mfcc[1:1], 2) FROM signals, emoser_mfcc_of_samples(samples, n_mfcc => 3) AS mfcc
WHERE name = 'silence';

-- Power 1, reflections, other cosine transforms and windows, as test/mfcc_reference.py has them.
SELECT pg_temp.rounded(mel[1:1]) AS frame_1
FROM signals, emoser_mel_of_samples(samples, n_mels => 8, power => 1, pad_mode => 'reflect') AS mel WHERE name = 'tone';
SELECT pg_temp.rounded(mfcc[50:50], 0) AS frame_50
FROM signals, (VALUES (1), (2), (3)) AS t (type), emoser_mfcc_of_samples(samples, n_mfcc => 5, dct_type => type, window_name => 'povey') AS mfcc
WHERE name = 'tone' ORDER BY type;
-- Presets, as test/mfcc_conventions.py has them; what is given besides overrides them, NULL does not.
SELECT preset, array_dims(mfcc), pg_temp.rounded(mfcc[20:20][1:6]) AS frame_20, array_dims(mel)
FROM signals, unnest('{emoser,librosa,librosa-0.8,torchaudio,python_speech_features,kaldi,htk}'::text[]) WITH ORDINALITY AS p (preset, n),
     emoser_mfcc_of_samples(samples, preset => preset) AS mfcc,
     emoser_mel_of_samples(samples, preset => preset) AS mel
WHERE name = 'tone' ORDER BY n;
SELECT array_dims(emoser_mfcc_of_samples(samples, preset => 'kaldi', sample_rate => 8000)) AS at_8_khz,
       array_dims(emoser_mfcc_of_samples(samples, 20, preset => 'librosa', n_fft => 1024, hop_length => 256, deltas => 1)) AS others,
       emoser_mfcc_of_samples(samples, preset => 'librosa') = emoser_mfcc_of_samples(samples, 20, 128, 22050, 2048, 2048, 512) AS librosa_is_this,
       emoser_mfcc_of_samples(samples, preset => 'torchaudio') = emoser_mfcc_of_samples(samples, 40, 128, 16000, 400, 400, 200, mel_scale => 'htk', mel_norm => 'none', pad_mode => 'reflect') AS torchaudio_is_this,
       emoser_mfcc_of_samples(samples, preset => NULL) = emoser_mfcc_of_samples(samples) AS none_is_emoser,
       emoser_mfcc_of_samples(samples, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
           = emoser_mfcc_of_samples(samples) AS null_is_default,
       emoser_mel_of_samples(samples, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
           = emoser_mel_of_samples(samples) AS null_is_default
FROM signals WHERE name = 'tone';
-- The energy of samples, or of the spectrum, in place of coefficient 0, whose delta it has.
SELECT preset, pg_temp.rounded(with_energy[20:20][1:1] || with_energy[20:20][14:14], 3) AS energy,
       pg_temp.furthest(with_energy[:][2:13], without[:][2:13]) AS others
FROM signals, unnest('{emoser,python_speech_features,kaldi,htk}'::text[]) AS preset,
     emoser_mfcc_of_samples(samples, preset => preset, use_energy => true, deltas => 1) AS with_energy,
     emoser_mfcc_of_samples(samples, preset => preset, use_energy => false, deltas => 1) AS without
WHERE name = 'tone' ORDER BY preset;
-- An untyped parameter is a recording.
PREPARE untyped AS SELECT emoser_mfcc($1, $2, preset => $3), emoser_mel($1);
SELECT name, parameter_types FROM pg_prepared_statements;
DEALLOCATE untyped;

-- top_db: the range of levels.
SELECT top_db, round((max(level) - min(level))::numeric) AS range_db
FROM signals, (VALUES (20), (80), (0), (NULL)) AS t(top_db), unnest(emoser_mel_of_samples(samples, top_db => top_db)) AS level
WHERE name = 'click' GROUP BY top_db ORDER BY top_db;

-- A recording gives what its samples give; another rate is resampled.
SELECT pg_temp.furthest(emoser_mfcc(wav), emoser_mfcc_of_samples(emoser_samples(wav))) AS difference,
       pg_temp.furthest(emoser_mel(wav), emoser_mel_of_samples(emoser_samples(wav))) AS difference,
       array_dims(emoser_mfcc(wav, sample_rate => 8000)) AS at_8_khz,
       array_dims(emoser_mel(wav, sample_rate => 8000)) AS at_8_khz
FROM signals, emoser_wav(samples, 16000) AS wav WHERE name = 'tone';

-- Plans of other settings in between change nothing, however many.
SELECT count(DISTINCT mfcc) AS results, count(*) AS rows
FROM (SELECT n, emoser_mfcc_of_samples(samples, n_mels => n_mels) AS mfcc, n_mels
      FROM signals, generate_series(1, 3) AS n, generate_series(13, 32) AS n_mels
      WHERE name = 'click' ORDER BY n, n_mels OFFSET 0) AS t;

-- What the planner may do with them.
SELECT proname, pronargs, provolatile, proparallel, proisstrict
FROM pg_proc WHERE proname IN ('emoser_mfcc', 'emoser_mel', 'emoser_mfcc_of_samples', 'emoser_mel_of_samples') ORDER BY proname, pronargs, proargtypes;

-- No recording, no result.
SELECT emoser_mfcc(NULL::bytea), emoser_mel(NULL::bytea), emoser_mfcc_of_samples(NULL::real[]), emoser_mel_of_samples(NULL::real[]);

-- Refusals.
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], n_mfcc => 50);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], n_mfcc => 0);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], n_mels => 513);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], sample_rate => 0);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], n_fft => 15);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], n_fft => 65537);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], win_length => 513);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], hop_length => 0);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], fmin => -1);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], fmin => 8000);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], fmin => 5000, fmax => 4000);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], fmax => 8000.5);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], mel_scale => 'bark');
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], mel_norm => 'Slaney');
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], window_name => '');
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], lifter => -1);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], deltas => 3);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], delta_width => 1);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], delta_width => 8);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], top_db => -1);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], top_db => 'NaN');
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], preemphasis => 1.5);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], power => 3);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], dct_type => 4);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], dct_type => 1, n_mels => 1, n_mfcc => 1);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], full_scale => 65536);
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], pad_mode => 'reflection');
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], pad_mode => 'wrap');
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], preset => 'librsa');
SELECT emoser_mel_of_samples(ARRAY[0.1]::real[], preset => 'Kaldi');
SELECT emoser_mfcc_of_samples(ARRAY[0.1]::real[], preset => 'kaldi', win_length => 400, n_fft => 256);
SELECT emoser_mel_of_samples(ARRAY[0.1]::real[], n_mels => 0);
SELECT emoser_mel_of_samples(ARRAY[]::real[]);
SELECT emoser_mel_of_samples(ARRAY[0, 'NaN']::real[]);
SELECT emoser_mel_of_samples(ARRAY['-Infinity']::real[]);
SELECT emoser_mel_of_samples(ARRAY[0, NULL]::real[]);

-- Parameters are judged before the recording; a bad recording is an error, or NULL on demand.
SELECT emoser_mfcc('not a recording'::bytea, n_mfcc => 50);
\set VERBOSITY terse
SELECT emoser_mfcc('not a recording'::bytea);
SELECT emoser_mfcc('not a recording'::bytea, on_bad_audio => 'null') IS NULL AS mfcc,
       emoser_mel('not a recording'::bytea, on_bad_audio => 'null') IS NULL AS mel;

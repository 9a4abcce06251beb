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
     emoser_mfcc(samples, deltas => 2, n_mels => 39) AS mfcc,
     emoser_mel(samples, n_mels => 39) AS mel
ORDER BY name;

-- Values, as test/mfcc_reference.py has them.
SELECT pg_temp.rounded(mfcc[50:50], 0) AS frame_50
FROM signals, emoser_mfcc(samples) AS mfcc WHERE name = 'tone';
SELECT pg_temp.rounded(mel[50:50]) AS frame_50
FROM signals, emoser_mel(samples, n_mels => 12) AS mel WHERE name = 'tone';
SELECT pg_temp.rounded(mfcc[50:50]) AS frame_50
FROM signals, emoser_mfcc(samples, n_mfcc => 5, n_mels => 26, n_fft => 1024, win_length => 1000, hop_length => 200,
                          fmin => 20, fmax => 7600, mel_scale => 'htk', mel_norm => 'none', lifter => 22,
                          window_name => 'hamming', center => false, top_db => NULL, preemphasis => 0.97) AS mfcc
WHERE name = 'tone';

-- Silence: 10 log10(1e-10) in every band, and -100 sqrt(n_mels) in the 0th coefficient.
SELECT DISTINCT pg_temp.rounded(ARRAY[level]) FROM signals, unnest(emoser_mel(samples)) AS level
WHERE name = 'silence';
SELECT pg_temp.rounded(mfcc[1:1], 2) FROM signals, emoser_mfcc(samples, n_mfcc => 3) AS mfcc
WHERE name = 'silence';

-- top_db: the range of levels.
SELECT top_db, round((max(level) - min(level))::numeric) AS range_db
FROM signals, (VALUES (20), (80), (0), (NULL)) AS t(top_db), unnest(emoser_mel(samples, top_db => top_db)) AS level
WHERE name = 'click' GROUP BY top_db ORDER BY top_db;

-- A recording gives what its samples give; another rate is resampled.
SELECT pg_temp.furthest(emoser_mfcc(wav), emoser_mfcc(emoser_samples(wav))) AS difference,
       pg_temp.furthest(emoser_mel(wav), emoser_mel(emoser_samples(wav))) AS difference,
       array_dims(emoser_mfcc(wav, sample_rate => 8000)) AS at_8_khz,
       array_dims(emoser_mel(wav, sample_rate => 8000)) AS at_8_khz
FROM signals, emoser_wav(samples, 16000) AS wav WHERE name = 'tone';

-- Plans of other settings in between change nothing, however many.
SELECT count(DISTINCT mfcc) AS results, count(*) AS rows
FROM (SELECT n, emoser_mfcc(samples, n_mels => n_mels) AS mfcc, n_mels
      FROM signals, generate_series(1, 3) AS n, generate_series(13, 32) AS n_mels
      WHERE name = 'click' ORDER BY n, n_mels OFFSET 0) AS t;

-- What the planner may do with them.
SELECT proname, pronargs, provolatile, proparallel, proisstrict
FROM pg_proc WHERE proname IN ('emoser_mfcc', 'emoser_mel') ORDER BY proname, pronargs, proargtypes;

-- No recording, no result.
SELECT emoser_mfcc(NULL::bytea), emoser_mel(NULL::bytea), emoser_mfcc(NULL::real[]), emoser_mel(NULL::real[]);

-- Refusals.
SELECT emoser_mfcc(ARRAY[0.1]::real[], n_mfcc => 50);
SELECT emoser_mfcc(ARRAY[0.1]::real[], n_mfcc => 0);
SELECT emoser_mfcc(ARRAY[0.1]::real[], n_mels => 513);
SELECT emoser_mfcc(ARRAY[0.1]::real[], sample_rate => 0);
SELECT emoser_mfcc(ARRAY[0.1]::real[], n_fft => 15);
SELECT emoser_mfcc(ARRAY[0.1]::real[], n_fft => 65537);
SELECT emoser_mfcc(ARRAY[0.1]::real[], win_length => 513);
SELECT emoser_mfcc(ARRAY[0.1]::real[], hop_length => 0);
SELECT emoser_mfcc(ARRAY[0.1]::real[], fmin => -1);
SELECT emoser_mfcc(ARRAY[0.1]::real[], fmin => 8000);
SELECT emoser_mfcc(ARRAY[0.1]::real[], fmin => 5000, fmax => 4000);
SELECT emoser_mfcc(ARRAY[0.1]::real[], fmax => 8000.5);
SELECT emoser_mfcc(ARRAY[0.1]::real[], mel_scale => 'bark');
SELECT emoser_mfcc(ARRAY[0.1]::real[], mel_norm => 'Slaney');
SELECT emoser_mfcc(ARRAY[0.1]::real[], window_name => '');
SELECT emoser_mfcc(ARRAY[0.1]::real[], lifter => -1);
SELECT emoser_mfcc(ARRAY[0.1]::real[], deltas => 3);
SELECT emoser_mfcc(ARRAY[0.1]::real[], delta_width => 1);
SELECT emoser_mfcc(ARRAY[0.1]::real[], delta_width => 8);
SELECT emoser_mfcc(ARRAY[0.1]::real[], top_db => -1);
SELECT emoser_mfcc(ARRAY[0.1]::real[], top_db => 'NaN');
SELECT emoser_mfcc(ARRAY[0.1]::real[], preemphasis => 1.5);
SELECT emoser_mfcc(ARRAY[0.1]::real[], n_mfcc => NULL);
SELECT emoser_mfcc(ARRAY[0.1]::real[], mel_scale => NULL);
SELECT emoser_mel(ARRAY[0.1]::real[], center => NULL);
SELECT emoser_mel(ARRAY[0.1]::real[], n_mels => 0);
SELECT emoser_mel(ARRAY[]::real[]);
SELECT emoser_mel(ARRAY[0, 'NaN']::real[]);
SELECT emoser_mel(ARRAY['-Infinity']::real[]);
SELECT emoser_mel(ARRAY[0, NULL]::real[]);

-- Parameters are judged before the recording; a bad recording is an error, or NULL on demand.
SELECT emoser_mfcc('not a recording'::bytea, n_mfcc => 50);
\set VERBOSITY terse
SELECT emoser_mfcc('not a recording'::bytea);
SET emoser.on_bad_audio = 'null';
SELECT emoser_mfcc('not a recording'::bytea) IS NULL AS mfcc, emoser_mel('not a recording'::bytea) IS NULL AS mel;
RESET emoser.on_bad_audio;

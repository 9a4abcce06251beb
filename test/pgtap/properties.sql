-- What must hold for all inputs, tried on many.
SELECT no_plan();
SET client_min_messages = error;
\getenv corpus EMOSER_CORPUS
CALL emoser_load_emodb(:'corpus', 'corpus');
CREATE TABLE utterance AS
SELECT file_name, speaker, emotion, audio, emoser_features(audio) AS features FROM corpus;
SELECT setseed(0.5);

CREATE FUNCTION noise(n integer, gain float8 DEFAULT 0.5) RETURNS real[] LANGUAGE sql VOLATILE AS
$$SELECT array_agg((gain * (2 * random() - 1))::real) FROM generate_series(1, n)$$;
CREATE FUNCTION sine(n integer, step float8 DEFAULT 0.1) RETURNS real[] LANGUAGE sql AS
$$SELECT array_agg(sin(i * step)::real ORDER BY i) FROM generate_series(1, n) AS i$$;
CREATE FUNCTION scaled(samples real[], factor float8) RETURNS real[] LANGUAGE sql AS
$$SELECT array_agg((x * factor)::real ORDER BY i) FROM unnest(samples) WITH ORDINALITY AS u (x, i)$$;
CREATE FUNCTION largest_difference(a real[], b real[]) RETURNS float8 LANGUAGE sql AS
$$SELECT CASE WHEN cardinality(a) = cardinality(b) THEN max(abs(x::float8 - y)) ELSE 'inf' END
  FROM unnest(a, b) AS u (x, y)$$;
CREATE FUNCTION is_finite(a real[]) RETURNS boolean LANGUAGE sql AS
$$SELECT bool_and(x > '-inf' AND x < 'inf') FROM unnest(a) AS u (x)$$;

-- Training.
CALL emoser_train('SELECT * FROM utterance WHERE speaker <> ''56''', 'a');
CALL emoser_train('SELECT * FROM utterance WHERE speaker <> ''56'' ORDER BY random()', 'b');
SELECT is(emoser_model_value('a')::text, emoser_model_value('b')::text, 'the same data make the same model, bit for bit');
CREATE TEMP VIEW sung AS
SELECT audio, emotion FROM corpus WHERE speaker = '51' AND emotion IN ('anger', 'sadness');
CALL emoser_train('SELECT * FROM sung', 's', options => '{"seed": 7}');
CALL emoser_train('SELECT * FROM sung', 's', options => '{"seed": 7}');
CALL emoser_train('SELECT * FROM sung', 's', options => '{"seed": 8}');
SELECT is(array_agg(model::text = first ORDER BY version), '{t,t,f}', 'the seed decides the augmented copies')
FROM (SELECT version, model::text, first_value(model::text) OVER (ORDER BY version) AS first
      FROM emoser_model_values WHERE name = 's') AS m;
-- Features of augmented copies aside, a source of recordings and one of their features are the same.
CALL emoser_train('SELECT audio, emotion, speaker FROM utterance WHERE speaker <> ''56''', 'c', options => '{"augment": false}');
CALL emoser_train('SELECT features, emotion, speaker FROM utterance WHERE speaker <> ''56''', 'd', options => '{"augment": false}');
SELECT is(bool_and(emoser_predict_features(features, 'c') = emoser_predict_features(features, 'd')), true,
    'recordings and their stored features teach the same') FROM utterance;

-- Drift: one half of a population is to the other as chance has it, and far off once it is heard over a telephone.
CALL emoser_train('SELECT features, emotion, speaker FROM utterance WHERE md5(file_name) < ''8''', 'half', options => '{"quiet": true}');
SELECT is(array_agg(DISTINCT drift), '{none}', 'another half has not drifted')
FROM emoser_drift('SELECT features FROM utterance WHERE md5(file_name) >= ''8''', 'half') WHERE psi IS NOT NULL;
SELECT cmp_ok(max(psi - by_chance), '<', 0.05::float8, 'and is no farther than chance has it')
FROM emoser_drift('SELECT features FROM utterance WHERE md5(file_name) >= ''8''', 'half') WHERE scope = 'features';
SELECT is(drift, 'large', 'heard over a telephone it has')
FROM emoser_drift('SELECT emoser_augmented_features(audio, 7) AS features FROM utterance WHERE md5(file_name) >= ''c''', 'half') WHERE scope = 'features' AND name IS NULL;

-- Probabilities, of all features that are not refused as absurd.
CREATE TEMP TABLE input AS
SELECT features AS f FROM utterance
UNION ALL SELECT scaled(features, factor) FROM (SELECT * FROM utterance LIMIT 5) AS u,
    unnest('{0,-1,1e3,-1e3}'::float8[]) AS factor
UNION ALL SELECT noise(cardinality(emoser_feature_names()), 10 ^ (i % 10)) FROM generate_series(1, 40) AS i
UNION ALL SELECT array_fill(extreme, ARRAY[cardinality(emoser_feature_names())])
    FROM unnest('{1e9,-1e9,1e-45,0}'::real[]) AS extreme;
CREATE TEMP TABLE speaker_profile AS
SELECT emoser_profile(features) AS profile FROM utterance GROUP BY speaker
UNION ALL SELECT emoser_profile(features) FROM (SELECT features FROM utterance LIMIT 1) AS one
UNION ALL SELECT ROW(1, array_fill(3.4e38::real, ARRAY[cardinality(emoser_feature_names())]),
                     array_fill(0::real, ARRAY[cardinality(emoser_feature_names())]))::emoser_speaker_profile;
CREATE FUNCTION is_distribution(p real[]) RETURNS boolean LANGUAGE sql AS
$$SELECT abs(sum(x::float8) - 1) < 1e-5 AND bool_and(x >= 0 AND x <= 1) AND count(*) = 7
         AND array_agg(x ORDER BY i) = array_agg(x ORDER BY x DESC) FROM unnest(p) WITH ORDINALITY AS u (x, i)$$;
SELECT is(count(*) FILTER (WHERE is_distribution(ARRAY(SELECT probability FROM emoser_predict_proba_features(f, 'a')))),
    count(*), 'probabilities sum to one, best first, for ' || count(*) || ' inputs') FROM input;
SELECT is(count(*) FILTER (WHERE is_distribution(ARRAY(SELECT probability FROM emoser_predict_proba_features(f, 'a', profile)))),
    count(*), 'with profiles too, ' || count(*) || ' inputs') FROM input, speaker_profile;
SELECT is(count(*) FILTER (WHERE emoser_predict_features(f, 'a') = (SELECT emotion FROM emoser_predict_proba_features(f, 'a') LIMIT 1)),
    count(*), 'emoser_predict gives the best of emoser_predict_proba') FROM input;

-- Gain, as long as nothing is clipped and pauses stay above the bounds of the logarithms.
CREATE TEMP TABLE spoken AS
SELECT file_name, emoser_samples(audio, 16000) AS samples FROM corpus ORDER BY md5(file_name) LIMIT 12;
CREATE TEMP TABLE louder AS
SELECT file_name, gain, emoser_wav(samples, encoding => 'float32') AS original,
       emoser_wav(scaled(samples, gain), encoding => 'float32') AS audio
FROM spoken, unnest('{0.125,0.25,0.9}'::float8[]) AS gain;
SELECT is(count(*) FILTER (WHERE emoser_predict(audio, 'a') = emoser_predict(original, 'a')), count(*),
    'the gain of a recording does not change the prediction') FROM louder;
SELECT is_empty($$SELECT DISTINCT name FROM (SELECT emoser_features(audio) AS a, emoser_features(original) AS b FROM louder OFFSET 0) AS f,
                       LATERAL unnest(a, b, emoser_feature_names()) AS v (x, y, name)
                  WHERE name NOT LIKE 'loudness.level%' AND abs(x - y) > 1e-2 * (1 + abs(y))$$, 'nor features other than levels');

-- Levels are heard, but a model that has heard copies of other levels makes little of them.
SELECT cmp_ok(max(largest_difference(p.probabilities, q.probabilities)), '<', 0.03::float8, 'and hardly the probabilities of the bundled model')
FROM louder,
     LATERAL (SELECT array_agg(probability ORDER BY emotion) AS probabilities FROM emoser_predict_proba(audio)) AS p,
     LATERAL (SELECT array_agg(probability ORDER BY emotion) AS probabilities FROM emoser_predict_proba(original)) AS q;

-- MFCC. An array [frames][13]: c0 of each frame is every 13th element.
CREATE FUNCTION coefficients(mfcc real[], from_frame integer, to_frame integer, first integer DEFAULT 1) RETURNS real[] LANGUAGE sql AS
$$SELECT array_agg(x ORDER BY i) FROM (SELECT x, i FROM unnest(mfcc[from_frame:to_frame][first:]) WITH ORDINALITY AS u (x, i)) AS v$$;
SELECT cmp_ok(largest_difference(coefficients(later, 1 + k + 2, n + k - 2), coefficients(mfcc, 1 + 2, n - 2)), '<', 1e-3::float8,
    'a delay of ' || k || ' hops shifts the frames by ' || k)
FROM (SELECT noise(8000) AS samples) AS s, unnest('{1,3,10}'::integer[]) AS k,
     LATERAL (SELECT emoser_mfcc_of_samples(samples, top_db => 0) AS mfcc,
                     emoser_mfcc_of_samples(array_fill(0::real, ARRAY[160 * k]) || samples, top_db => 0) AS later) AS m,
     LATERAL (SELECT array_length(mfcc, 1) AS n) AS l;
SELECT cmp_ok(max(largest_difference(coefficients(mfcc, 1, n, 2), coefficients(loud, 1, n, 2))), '<', 1e-2::float8,
    'gain leaves c1 to c12 alone')
FROM spoken, LATERAL (SELECT emoser_mfcc_of_samples(scaled(samples, 1024), top_db => 60) AS loud, emoser_mfcc_of_samples(scaled(samples, 16), top_db => 60) AS mfcc) AS m,
     LATERAL (SELECT array_length(mfcc, 1) AS n) AS l;
-- 10 log10(64^2) dB in each of 40 bands is sqrt(40) times that in c0.
SELECT cmp_ok(max(abs(loud[t][1] - mfcc[t][1] - sqrt(40) * 20 * log(64))), '<', 1e-2::float8, 'and adds a constant to c0')
FROM spoken, LATERAL (SELECT emoser_mfcc_of_samples(scaled(samples, 1024), top_db => 60) AS loud, emoser_mfcc_of_samples(scaled(samples, 16), top_db => 60) AS mfcc) AS m,
     generate_series(1, array_length(mfcc, 1)) AS t;
SELECT is(count(*) FILTER (WHERE abs(x) > 1e-3), 0::bigint, 'derivatives of a constant are 0')
FROM unnest((emoser_mfcc_of_samples(array_fill(0.3::real, '{16000}'), deltas => 2, center => false))[:][14:39]) AS x;
SELECT cmp_ok(max(largest_difference(coefficients(with_deltas[:][1:13], 1, n), coefficients(mfcc, 1, n))), '<', 1e-6::float8,
    'derivatives stand after the coefficients')
FROM (SELECT emoser_mfcc_of_samples(samples, deltas => 2) AS with_deltas, emoser_mfcc_of_samples(samples) AS mfcc, 1 + cardinality(samples) / 160 AS n
      FROM spoken) AS m;
SELECT is(bool_and(array_length(mfcc, 1) = 1 + n / 160 AND array_length(mfcc, 2) = 13), true, 'a frame for each hop, and one')
FROM (SELECT n, emoser_mfcc_of_samples(noise(n)) AS mfcc FROM unnest('{1,2,159,160,161,400,511,512,513,1600,4321}'::integer[]) AS n) AS m;
SELECT is(bool_and(array_length(mfcc, 1) = 1 + greatest(n - 512, 0) / 160), true, 'uncentred, those that lie inside, but at least one')
FROM (SELECT n, emoser_mfcc_of_samples(noise(n), center => false) AS mfcc
      FROM unnest('{1,160,511,512,671,672,673,4321}'::integer[]) AS n) AS m;

-- MFCC are the orthonormal DCT-II of the levels of the mel bands.
SELECT cmp_ok(max(abs(mfcc[t][k + 1] - dct)), '<', 2e-3::float8, 'MFCC are the DCT of emoser_mel')
FROM (SELECT emoser_mfcc_of_samples(samples, n_mels => 26, n_mfcc => 26) AS mfcc, emoser_mel_of_samples(samples, n_mels => 26) AS mel
      FROM spoken LIMIT 3) AS m, generate_series(1, 20) AS t, generate_series(0, 25) AS k,
     LATERAL (SELECT sqrt((CASE WHEN k = 0 THEN 1.0 ELSE 2.0 END) / 26) *
                     sum(mel[t][j] * cos(pi() * k * (j - 0.5) / 26)) AS dct FROM generate_series(1, 26) AS j) AS d;
SELECT is(emoser_mfcc(emoser_wav(samples, encoding => 'float32')), emoser_mfcc_of_samples(samples), 'recordings and their samples have the same MFCC')
FROM spoken LIMIT 1;

-- Round trips.
SELECT is(count(*) FILTER (WHERE emoser_samples(emoser_wav(samples, rate, 'float32')) = samples), count(*),
    'float32: samples come back as they were')
FROM (SELECT noise(n, 1) AS samples FROM unnest('{1,2,1000,4096}'::integer[]) AS n) AS s, unnest('{1000,16000,44100,768000}'::integer[]) AS rate;
SELECT cmp_ok(max(largest_difference(emoser_samples(emoser_wav(samples)), samples)), '<=', (0.5 / 32768 + 1e-9)::float8,
    'pcm16: to half a step') FROM (SELECT noise(n, 0.99) AS samples FROM unnest('{1,2,1000,4096}'::integer[]) AS n) AS s;
SELECT is(count(*) FILTER (WHERE emoser_wav(emoser_samples(w)) = w), count(*), 'pcm16: files come back as they were')
FROM (SELECT emoser_wav(noise(n, 1.2)) AS w FROM unnest('{1,2,1000,4096}'::integer[]) AS n) AS s;
SELECT is((i.container, i.encoding, i.sample_rate, i.channels, i.duration_s)::text, format('(wav,pcm16,%s,1,%s)', rate, 1000.0::float8 / rate),
    'emoser_audio_info of ' || rate || ' Hz')
FROM unnest('{8000,16000,44100}'::integer[]) AS rate, emoser_audio_info(emoser_wav(sine(1000), rate)) AS i;
SELECT is(count(*) FILTER (WHERE model::text::emoser_model::text = model::text), count(*), 'models as text come back as they were')
FROM emoser_model_values;

-- Every feature is finite, for random and extreme inputs.
CREATE TEMP TABLE extreme AS
SELECT 'noise of ' || n || ' at ' || gain AS what, noise(n, gain) AS samples
FROM unnest('{1,2,3,100,159,320,399,400,401,1000,5000}'::integer[]) AS n, unnest('{1,1e-4,1e-30,1e8}'::float8[]) AS gain
UNION ALL SELECT 'constant ' || x, array_fill(x, '{3200}') FROM unnest('{0,1,-1,1e-45,1e-38,1e9,-1e9}'::real[]) AS x
UNION ALL SELECT 'click at ' || i, array_fill(0::real, ARRAY[i]) || 1::real || array_fill(0::real, ARRAY[3000 - i]) FROM unnest('{0,1,1500,2999}'::integer[]) AS i
UNION ALL SELECT 'square of ' || period, (SELECT array_agg((CASE WHEN i / period % 2 = 0 THEN 1 ELSE -1 END)::real ORDER BY i) FROM generate_series(0, 7999) AS i)
    FROM unnest('{1,2,3,40,1000,4000}'::integer[]) AS period
UNION ALL SELECT 'sine ' || step, sine(8000, step) FROM unnest('{0.001,0.02,0.5,3.1415}'::float8[]) AS step
UNION ALL SELECT 'bursts', sine(2000) || array_fill(0::real, '{6000}') || noise(1000) || array_fill(0::real, '{3000}')
UNION ALL SELECT 'very short fade', scaled(sine(320), 1e-6) || noise(160);
SELECT is((SELECT array_agg(what) FROM (SELECT what, emoser_features(emoser_wav(samples, rate, 'float32')) AS f
                                        FROM extreme, unnest('{1000,8000,16000,96000}'::integer[]) AS rate
                                        -- Less than a sample at the working rate is refused.
                                        WHERE cardinality(samples) >= rate / 16000) AS e
           WHERE NOT is_finite(f) OR cardinality(f) <> cardinality(emoser_feature_names())), NULL,
    'features of ' || count(*) || ' extreme recordings at four rates are finite') FROM extreme;
SELECT throws_ok($$SELECT emoser_features(emoser_wav('{1}', 96000))$$, '22000', NULL, 'but a fraction of a sample has none');
SELECT is((SELECT array_agg(what) FROM extreme
           WHERE NOT is_finite(emoser_mfcc_of_samples(samples, deltas => 2)) OR NOT is_finite(emoser_mel_of_samples(samples, top_db => 0))), NULL,
    'so are MFCC and mel levels');
SELECT is((SELECT array_agg(what) FROM extreme, LATERAL emoser_pitch(emoser_wav(samples, encoding => 'float32')) AS p
           WHERE NOT coalesce(f0_hz BETWEEN 60 AND 600, true) OR NOT voicing BETWEEN 0 AND 1 OR f0_hz IS NOT NULL AND voicing <= 0.55), NULL,
    'and pitch, within its range');
SELECT is((SELECT array_agg(what) FROM extreme
           WHERE NOT is_distribution(ARRAY(SELECT probability FROM emoser_predict_proba(
               emoser_wav(samples, encoding => 'float32'), 'a', on_no_speech => 'predict')))), NULL,
    'and predictions');

-- Profiles: the parts of a parallel or partial aggregation make the same as one pass.
CREATE FUNCTION reference_profile(source regclass, OUT mean real[], OUT deviation real[]) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT array_agg(mean::real ORDER BY i), array_agg(deviation::real ORDER BY i)
                    FROM (SELECT i, avg(x::float8) AS mean, stddev_pop(x::float8) AS deviation
                          FROM %s, unnest(features) WITH ORDINALITY AS u (x, i) GROUP BY i) AS s', source) INTO mean, deviation;
END
$$;
SELECT unnest(ARRAY[
       cmp_ok((SELECT max(abs(x - y) / (1e-6 + abs(y))) FROM unnest((p).mean, r.mean) AS u (x, y)), '<', 1e-5::float8, 'means of a profile'),
       cmp_ok((SELECT max(abs(x - y) / (1e-6 + abs(y))) FROM unnest((p).deviation, r.deviation) AS u (x, y)), '<', 1e-4::float8, 'deviations of a profile'),
       is((p).count, (SELECT count(*) FROM utterance), 'count of a profile')])
FROM (SELECT emoser_profile(features) AS p FROM utterance) AS s, reference_profile('utterance') AS r;
ALTER TABLE utterance SET (parallel_workers = 2);
CREATE TEMP TABLE one_pass AS SELECT emoser_profile(features) AS p FROM utterance;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS
$$DECLARE line text; plan text := ''; BEGIN FOR line IN EXECUTE 'EXPLAIN ' || query LOOP plan := plan || line || E'\n'; END LOOP; RETURN plan; END$$;
SELECT alike(plan_of('SELECT emoser_profile(features) FROM utterance'), '%Partial Aggregate%', 'a profile is aggregated in parts');
CREATE TEMP TABLE in_parts AS SELECT emoser_profile(features) AS p FROM utterance;
SELECT unnest(ARRAY[
       cmp_ok(largest_difference((a.p).mean, (b.p).mean), '<=', 1e-3::float8, 'parts make the same means as one pass'),
       cmp_ok((SELECT max(abs(x - y) / (1e-6 + abs(y))) FROM unnest((a.p).deviation, (b.p).deviation) AS u (x, y)), '<', 1e-5::float8, 'and the same deviations')])
FROM one_pass AS a, in_parts AS b;
-- Sound from features.
CREATE TEMP TABLE heard AS
SELECT n_mels, audio, emoser_mel_to_wav(emoser_mel(audio, n_mels)) AS sound
FROM (SELECT audio FROM corpus LIMIT 5) AS c, unnest('{20,40,128}'::int[]) AS n_mels;
SELECT cmp_ok(max(difference_db), '<', 1.5::float8, 'the mel spectrum of a sound made from a mel spectrum is near it')
FROM (SELECT (SELECT avg(abs(a - b)) FROM unnest(emoser_mel(audio, n_mels), emoser_mel(sound, n_mels)) AS u (a, b)) AS difference_db
      FROM heard) AS d;
SELECT is(count(*) FILTER (WHERE array_dims(emoser_mel(audio, n_mels)) = array_dims(emoser_mel(sound, n_mels))), count(*),
    'and has as many frames') FROM heard;
SELECT is(count(*) FILTER (WHERE array_length(emoser_mel(emoser_mel_to_wav(mel, n_fft => n_fft, win_length => n_fft, hop_length => hop,
                                                                          iterations => 2),
                                                         3, n_fft => n_fft, win_length => n_fft, hop_length => hop), 1) = frames), count(*),
    'whatever is in it, ' || count(*) || ' arrays')
FROM (SELECT frames, range_db, array_agg(levels) AS mel
      FROM (SELECT frames, range_db, t, array_agg(((random() - 1) * range_db)::real) AS levels
            FROM generate_series(1, 12) AS frames, generate_series(1, frames) AS t, generate_series(1, 3) AS band,
                 unnest('{1e-3,10,300}'::float8[]) AS range_db
            GROUP BY frames, range_db, t) AS r
      GROUP BY frames, range_db) AS m,
     (VALUES (16, 4), (64, 64), (101, 30), (512, 128)) AS v (n_fft, hop);
SELECT * FROM finish();

-- How far what comes in is from what a model was trained on.
-- Numbers that look drawn and are always the same: a normal of a name.
CREATE FUNCTION u(seed text) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
SELECT (('x' || substr(md5(seed), 1, 8))::bit(32)::bigint + 0.5) / 4294967296.0
$$;
CREATE FUNCTION normal(seed text) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
SELECT sqrt(-2 * ln(u(seed))) * cos(2 * pi() * u(seed || '!'))
$$;
-- Recordings of speakers, six features of each: two tell emotions, two speakers, one is mostly zero.
CREATE FUNCTION recordings(who text, n_speakers integer, n integer, shift double precision DEFAULT 0)
RETURNS TABLE (speaker text, emotion text, received_at timestamp with time zone, features real[]) LANGUAGE sql IMMUTABLE AS $$
SELECT format('%s %s', who, s), (ARRAY['anger', 'neutral', 'sadness'])[1 + i % 3],
       timestamp with time zone '2026-03-01 12:00+00' + i * interval '7 hours',
       ARRAY[2 * (i % 3 = 0)::int + shift + normal(format('%s %s %s a', who, s, i)), 2 * (i % 3 = 1)::int + normal(format('%s %s %s b', who, s, i)),
             normal(format('%s %s', who, s)) + normal(format('%s %s %s c', who, s, i)), 0.5 * normal(format('%s %s d', who, s)) + normal(format('%s %s %s d', who, s, i)),
             greatest(0, normal(format('%s %s %s e', who, s, i)) - 0.5), exp(normal(format('%s %s %s f', who, s, i)) + shift)]::real[]
FROM generate_series(1, n_speakers) AS s, generate_series(1, n) AS i
$$;
CREATE TABLE training AS SELECT * FROM recordings('trained', 12, 30);
CALL emoser_train('training', 'toy', options => '{"quiet": true, "statistics": "never"}');

-- Others of the same kind are as far as chance has it, of few speakers too, and raise no alarm; what is moved does.
SET client_min_messages = warning;
CREATE TABLE others AS SELECT * FROM recordings('other', 20, 15);
CREATE TABLE moved AS SELECT * FROM recordings('moved', 20, 15, 1.5);
SELECT against, scope, name, in_training IS NOT NULL AS known, round(now::numeric, 1) AS now, round(psi::numeric, 1) AS psi, round(by_chance::numeric, 1) AS by_chance, low < high AS has_interval, drift, n
FROM emoser_drift('others', 'toy');
SELECT scope, name, psi > by_chance + 0.1 AS far, low > 0 AS surely, drift, detail FROM emoser_drift('moved', 'toy') WHERE psi IS NOT NULL;
-- Twenty recordings raise none, nor does one speaker, or one recording; nothing is said of how these differ.
SELECT DISTINCT drift FROM emoser_drift('SELECT features FROM others ORDER BY md5(features::text) LIMIT 20', 'toy') WHERE psi IS NOT NULL;
SELECT DISTINCT low IS NULL AS unknown, drift, detail FROM emoser_drift('SELECT * FROM others WHERE speaker = ''other 7''', 'toy');
-- Nor do several that fall into one of the ten parts.
CREATE VIEW in_parts AS SELECT *, (hashtext(speaker)::bigint & 4294967295) % 10 AS part FROM others;
SELECT DISTINCT low IS NULL AS unknown, drift, detail FROM emoser_drift('SELECT * FROM in_parts WHERE part = (SELECT part FROM in_parts GROUP BY part HAVING count(DISTINCT speaker) > 1 ORDER BY part LIMIT 1)', 'toy');
DROP VIEW in_parts;
SELECT DISTINCT round(psi::numeric, 1) AS psi, now, low IS NULL AS unknown, drift, detail FROM emoser_drift('SELECT features FROM others ORDER BY md5(features::text) LIMIT 1', 'toy') WHERE scope = 'predicted' AND name IS NULL;
-- Its own recordings are told of.
RESET client_min_messages;
SELECT round(psi::numeric, 1) AS psi, drift FROM emoser_drift('training', 'toy') WHERE scope = 'features' AND name IS NULL;
SELECT drift FROM emoser_drift('SELECT features FROM others UNION ALL (SELECT features FROM training LIMIT 3)', 'toy') WHERE scope = 'features' AND name IS NULL;

-- Over time: stretches add up to the whole, in order; rows without a time count as a whole only.
SET TimeZone = 'UTC';
CREATE TABLE calls AS SELECT * FROM others UNION ALL SELECT speaker, emotion, received_at + interval '10 days', features FROM moved;
SELECT bucket, n, drift FROM emoser_drift('calls', 'toy', '{"time": "received_at", "bucket": "week"}') WHERE scope = 'features' AND name IS NULL;
SELECT bucket, n FROM emoser_drift('calls', 'toy', '{"time": "received_at", "bucket": "4 days"}') WHERE scope = 'features' AND name IS NULL;
SELECT count(DISTINCT bucket) AS days, sum(n) FILTER (WHERE bucket IS NOT NULL) = max(n) FILTER (WHERE bucket IS NULL) AS all_of_them
FROM emoser_drift('calls', 'toy', '{"time": "received_at"}') WHERE scope = 'certainty' AND name IS NULL;
SELECT bucket, n FROM emoser_drift('SELECT features, CASE WHEN speaker LIKE ''% 1_'' THEN received_at::date END AS day FROM others', 'toy', '{"time": "day", "bucket": "year"}')
WHERE scope = 'features' AND name IS NULL;
-- The whole is the same with stretches and without.
SELECT count(*) AS different FROM (SELECT * FROM emoser_drift('calls', 'toy') EXCEPT SELECT * FROM emoser_drift('calls', 'toy', '{"time": "received_at", "bucket": "month"}') WHERE bucket IS NULL) AS d;
-- However few digits of numbers are shown.
SET extra_float_digits = -12;
SELECT bucket, n FROM emoser_drift('calls', 'toy', '{"time": "received_at", "bucket": "4 days"}') WHERE scope = 'features' AND name IS NULL;
RESET extra_float_digits;
SELECT count(*) AS different FROM (SELECT * FROM emoser_drift('SELECT * FROM calls ORDER BY features', 'toy') EXCEPT SELECT * FROM emoser_drift('SELECT * FROM calls ORDER BY features DESC', 'toy')) AS d;

-- What models know that were made otherwise. Of sums it is the same but for how folds are dealt; by settings of another model only means and
-- deviations are known; what an adapted one was adapted to is known, too.
SET client_min_messages = warning;
CALL emoser_train('training', 'summed', options => '{"quiet": true, "statistics": "always"}');
CALL emoser_adapt('SELECT features FROM moved', 'toy', 'adapted', '{"quiet": true}');
SELECT s.scope, s.name, CASE WHEN s.scope = 'features' THEN t.psi = s.psi END AS same_psi, abs(t.psi - s.psi) < 0.05 AS same_shares, abs(t.in_training - s.in_training) < 0.02 AS as_sure,
       abs(t.by_chance - s.by_chance) < 0.05 AS same_chance, t.drift = s.drift AS same_drift, s.detail = t.detail AS same_detail
FROM emoser_drift('moved', 'toy') AS t JOIN emoser_drift('moved', 'summed') AS s ON s.scope = t.scope AND s.name IS NOT DISTINCT FROM t.name WHERE s.scope <> 'familiarity';
CALL emoser_train('training', 'bare', options => '{"quiet": true, "statistics": "always", "settings_of": "summed"}');
SELECT scope, name, in_training, psi > by_chance + 0.1 AS far, drift, detail FROM emoser_drift('moved', 'bare') WHERE name IS NULL OR scope = 'certainty';
SELECT against, drift, detail LIKE '%by means and deviations' AS by_moments FROM emoser_drift('moved', 'adapted') WHERE scope = 'features' AND name IS NULL;
SELECT DISTINCT m.name, d.drift FROM (VALUES ('summed'), ('bare')) AS m (name), emoser_drift('others', m.name) AS d WHERE d.psi IS NOT NULL ORDER BY 1, 2;
CALL emoser_train('SELECT features, (features[1] + 1)::float8 AS arousal FROM training', 'numbers', 'ridge', '{"quiet": true, "target": "arousal"}');
SELECT scope, name, round(in_training::numeric, 1) AS in_training, round(now::numeric, 1) AS now, drift FROM emoser_drift('moved', 'numbers');
-- It goes to files and back.
SELECT emoser_import_model(emoser_export_model('toy'), 'moved_model'), emoser_import_safetensors(emoser_export_safetensors('toy'), 'tensors');
SELECT a.model::text = b.model::text AND b.model::text = c.model::text AS same
FROM emoser_model_values AS a, emoser_model_values AS b, emoser_model_values AS c WHERE a.name = 'toy' AND b.name = 'moved_model' AND c.name = 'tensors';
SELECT count(*) AS different FROM (SELECT * FROM emoser_drift('others', 'toy') EXCEPT SELECT * FROM emoser_drift('others', 'tensors')) AS d;

-- The bundled model: groups of features in words, of recordings, which are synthetic here.
\getenv corpus EMOSER_CORPUS
CALL emoser_load_emodb(:'corpus', 'synthetic');
SELECT scope, name, in_training IS NOT NULL AS known, psi > by_chance + 0.25 AS far, drift
FROM emoser_drift('SELECT audio, speaker FROM synthetic ORDER BY md5(file_name) LIMIT 30', 'emodb') WHERE scope IN ('features', 'familiarity');

-- A picture of it, whose warning and thresholds are words too.
SELECT p LIKE '<svg%' AND xmlparse(DOCUMENT p) IS NOT NULL AS svg, p LIKE '%>emotions<%' AS emotions, p LIKE '%>how sure<%' AS sure, p LIKE '%How sure (\%)%' AS over_time,
       p LIKE '%300 recordings of 20 speakers%' AS counted, p LIKE '%trained on%' AS warned, p LIKE '%not known%' AS unknown
FROM emoser_plot_drift('moved', 'toy') AS p;
SELECT p LIKE '%How sure (\%)%' AS over_time, p LIKE '%03-0%' AS days, p LIKE '%Calls &lt;5 &amp; more%' AS title
FROM emoser_plot_drift('calls', 'toy', 'Calls <5 & more', 400, '{"time": "received_at"}') AS p;
SELECT p LIKE '%not known%' AS unknown, p LIKE '%1 recording beside%' AS one FROM emoser_plot_drift('SELECT features FROM others LIMIT 1', 'toy') AS p;
SELECT p LIKE '%all features%' AS features, p LIKE '%emotions%' AS emotions FROM emoser_plot_drift('moved', 'numbers') AS p;
SELECT p LIKE '%all, to collection%' AS collection FROM emoser_plot_drift('moved', 'adapted') AS p;

-- What a source, a model or an option can't be.
RESET client_min_messages;
SELECT * FROM emoser_drift('SELECT received_at FROM others', 'toy');
SELECT * FROM emoser_drift('SELECT features FROM others WHERE false', 'toy');
SELECT * FROM emoser_drift('SELECT features[1:2] FROM others', 'toy');
SELECT * FROM emoser_drift('others', 'toi');
SELECT * FROM emoser_drift('toy', 'others');
SELECT * FROM emoser_drift('others', NULL);
SELECT * FROM emoser_drift('others', 'toy', '{"label": "emotion"}');
SELECT * FROM emoser_drift('others', 'toy', '{"time": "received"}');
SELECT * FROM emoser_drift('others', 'toy', '{"time": "speaker"}');
SELECT * FROM emoser_drift('others', 'toy', '{"time": "received_at", "bucket": "fortnight"}');
SELECT * FROM emoser_drift('others', 'toy', '{"time": "received_at", "bucket": "weekly"}');
SELECT * FROM emoser_drift('others', 'toy', '{"time": "received_at", "bucket": "99999999999999 days"}');
SELECT * FROM emoser_drift('others', 'toy', '{"time": "received_at", "bucket": "1 month 1 day"}');
SELECT * FROM emoser_drift('others', 'toy', '{"time": "received_at", "bucket": "-1 day"}');
SELECT * FROM emoser_drift('SELECT features, now() + i * interval ''1 hour'' AS t FROM (SELECT features FROM others LIMIT 1) AS o, generate_series(1, 1001) AS i', 'toy', '{"time": "t", "bucket": "hour"}');
SELECT emoser_plot_drift('others', 'toy', options => NULL);
SELECT emoser_plot_drift('others', NULL);
SELECT emoser_plot_drift('others', 'toy', width => 10);
SELECT emoser_drift('SELECT ''no recording''::bytea AS audio', 'emodb');
SELECT n FROM emoser_drift('SELECT emoser_wav(array_fill(0::real, ARRAY[16000])) AS audio', 'emodb');
DROP TABLE training, others, moved, calls, synthetic;
DROP FUNCTION recordings, normal, u;
SET client_min_messages = warning;
SELECT emoser_drop_model(name) FROM (VALUES ('toy'), ('summed'), ('bare'), ('adapted'), ('numbers'), ('moved_model'), ('tensors')) AS m (name);

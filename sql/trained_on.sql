-- Which recordings a model was trained on, and figures on these.
SET client_min_messages = notice;
CREATE FUNCTION hums(n_speakers int) RETURNS TABLE (id int, speaker text, emotion text, features real[])
LANGUAGE sql AS $$
    SELECT s * 100 + e * 10 + r, 's' || s, 'e' || e, array_agg((sin(s * 3.7 + e * f * 1.3 + r * f * f * 7.9) + e * (f % 3))::real ORDER BY f)
    FROM generate_series(1, n_speakers) AS s, generate_series(0, 2) AS e, generate_series(1, 4) AS r, generate_series(1, 6) AS f
    GROUP BY s, e, r
$$;
CREATE TABLE hummed AS SELECT * FROM hums(6);
CALL emoser_train('SELECT * FROM hummed WHERE speaker <> ''s6''', 'hum', options => '{"quiet": true}');
SELECT kind, part, octet_length(hashes) / 8 AS n FROM emoser_training_hashes WHERE name = 'hum' ORDER BY kind;
-- What they are of, and in which order.
SELECT bool_and(position(substr(sha256(float_bytes), 1, 8) IN hashes) % 8 = 1) AS known
FROM (SELECT string_agg(substr(float4send(f), 4, 1) || substr(float4send(f), 3, 1) || substr(float4send(f), 2, 1) || substr(float4send(f), 1, 1), '' ORDER BY place) AS float_bytes
      FROM hummed, unnest(features) WITH ORDINALITY AS u (f, place) WHERE speaker = 's1' GROUP BY id) AS b, emoser_training_hashes
WHERE name = 'hum' AND kind = 'features';
SELECT array_agg(substr(sha256(convert_to(s, 'UTF8')), 1, 8) ORDER BY substr(sha256(convert_to(s, 'UTF8')), 1, 8)) =
       (SELECT array_agg(substr(hashes, i * 8 + 1, 8) ORDER BY i) FROM emoser_training_hashes, generate_series(0, 4) AS i WHERE name = 'hum' AND kind = 'speaker') AS names
FROM unnest('{s1,s2,s3,s4,s5}'::text[]) AS s;

-- One added row doesn't hide it; others are evaluated once more for themselves.
CREATE VIEW mixed AS SELECT * FROM hummed WHERE speaker IN ('s1', 's2') OR id = 601;
CREATE FUNCTION told(source text, model text, options jsonb DEFAULT '{}') RETURNS TABLE (scope text, metric text, value numeric, n bigint)
LANGUAGE sql AS $$SELECT scope, metric, CASE WHEN metric LIKE '%trained_on' THEN value::numeric END, n FROM emoser_evaluate($1, $2, $3)
                  WHERE scope = 'unseen' OR metric LIKE '%trained_on' OR (scope = 'overall' AND metric = 'uar')$$;
SELECT * FROM told('mixed', 'hum');
SELECT * FROM told('hummed', 'hum@1') WHERE metric !~ 'profile';
-- The same figures whether others are left out or not there.
SELECT count(*) FROM (
    SELECT scope, name, metric, value, low, high, n FROM emoser_evaluate('hummed', 'hum', '{"trained_on": "leave out"}') WHERE metric NOT LIKE '%trained_on'
    EXCEPT SELECT scope, name, metric, value, low, high, n FROM emoser_evaluate('SELECT * FROM hummed WHERE speaker = ''s6''', 'hum')) AS d;
SELECT count(*) FROM (
    SELECT scope, name, metric, value, low, high, n FROM emoser_evaluate('hummed', 'hum', '{"trained_on": "only"}') WHERE metric NOT LIKE '%trained_on'
    EXCEPT SELECT scope, name, metric, value, low, high, n FROM emoser_evaluate('SELECT * FROM hummed WHERE speaker <> ''s6''', 'hum')) AS d;
-- Another name of the same recording, another emotion or an added row are of no influence, another feature is.
SELECT * FROM told('SELECT id, ''x'' || speaker AS speaker, ''e0'' AS emotion, features FROM hummed WHERE speaker = ''s1''', 'hum');
SELECT * FROM told('SELECT id, emotion, features[:5] || (features[6] + 1)::real AS features FROM hummed WHERE speaker = ''s1''', 'hum');
-- Nothing left, nothing known, other words.
SELECT * FROM told('SELECT * FROM hummed WHERE speaker = ''s1''', 'hum', '{"trained_on": "leave out"}');
SELECT * FROM told('SELECT * FROM hummed WHERE speaker = ''s6''', 'hum', '{"trained_on": "only"}');
SELECT * FROM told('hummed', 'hum', '{"trained_on": "omit"}');
SELECT emoser_import_model(emoser_export_model(emoser_model_value('hum')), 'forgetful');
SELECT * FROM told('hummed', 'forgetful');
SELECT * FROM told('hummed', 'forgetful', '{"trained_on": "leave out"}');

-- Models of several versions, on what none of them was trained on.
CALL emoser_train('SELECT * FROM hummed WHERE speaker IN (''s5'', ''s6'')', 'hum', options => '{"quiet": true}');
SELECT metric, n FROM emoser_compare('hummed', 'hum@1', 'hum@2') WHERE metric = 'uar';
SELECT metric, n FROM emoser_compare('SELECT * FROM hums(9)', 'hum@1', 'hum@2', options => '{"trained_on": "leave out"}') WHERE metric = 'uar';

-- Pictures say it.
CREATE FUNCTION says(svg text) RETURNS text LANGUAGE sql AS $$SELECT substring($1 FROM '>([^<]*trained on[^<]*)<')$$;
SELECT says(emoser_plot_confusion('mixed', 'hum@1')) AS confusion, says(emoser_plot_reliability('mixed', 'hum@1')) AS reliability;
SELECT says(emoser_plot_metrics('mixed', 'hum@1')) AS metrics, says(emoser_plot_comparison('mixed', '{hum@1,hum@2}')) AS comparison;
SET client_min_messages = error;
SELECT says(emoser_plot_confusion('mixed', 'hum@1', options => '{"trained_on": "leave out"}')) AS confusion,
       says(emoser_plot_comparison('SELECT * FROM hums(9)', '{hum@1,hum@2}', options => '{"trained_on": "leave out"}')) AS comparison;
RESET client_min_messages;

-- By sums over rows, by those that keep states, and without a speaker again.
CALL emoser_train('SELECT * FROM hummed WHERE speaker <> ''s6''', 'summed', options => '{"quiet": true, "keep_states": true}');
SELECT count(*) FROM (SELECT kind, hashes FROM emoser_training_hashes WHERE name = 'summed' EXCEPT SELECT kind, hashes FROM emoser_training_hashes WHERE name = 'hum' AND version = 1) AS d;
SELECT emoser_forget('summed', 's5');
SELECT version, kind, octet_length(hashes) / 8 AS n FROM emoser_training_hashes WHERE name = 'summed' ORDER BY version, kind;
SELECT metric, value, n FROM emoser_evaluate('hummed', 'summed') WHERE metric IN ('trained_on', 'speakers_trained_on');
-- Files take it along.
SELECT emoser_import_model(emoser_export_model('summed@2'), 'copied'), emoser_import_safetensors(emoser_export_safetensors('summed@2'), 'copied'),
       emoser_import_model(emoser_export_model('emodb'), 'copied');
SELECT o.kind, array_agg(c.version ORDER BY c.version) AS versions, bool_and(c.hashes = o.hashes) AS same
FROM emoser_training_hashes AS o JOIN emoser_training_hashes AS c USING (kind, part) WHERE o.name = 'summed' AND o.version = 2 AND c.name = 'copied' AND c.version < 3
GROUP BY o.kind ORDER BY o.kind;
SELECT kind, hashes = (SELECT b.hashes FROM _emoser_bundled_hashes() AS b WHERE b.kind = c.kind) AS same FROM emoser_training_hashes AS c WHERE name = 'copied' AND version = 3 ORDER BY kind;
SELECT emoser_drop_model('copied');
-- They go with their version.
SELECT emoser_drop_model('summed');
SELECT count(*) FROM emoser_training_hashes WHERE name = 'summed';
-- No row that would be too long for a dump, and none that is no hash.
INSERT INTO emoser_training_hashes VALUES ('hum', 1, 'audio', 0, '\x00');
INSERT INTO emoser_training_hashes VALUES ('hum', 1, 'audio', 0, decode(repeat('00', 4194312), 'hex'));
INSERT INTO emoser_training_hashes VALUES ('hum', 1, 'song', 0, '\x0000000000000000');

-- The bundled model remembers EmoDB, whatever its recordings are called.
SELECT kind, octet_length(hashes) / 8 AS n FROM _emoser_bundled_hashes() ORDER BY kind;

DROP VIEW mixed;
DROP TABLE hummed;
DROP FUNCTION hums, told, says;
SELECT emoser_drop_model('hum'), emoser_drop_model('forgetful');

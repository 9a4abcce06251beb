-- States of aggregates are values of types of our own, so that engines that know no internal ones put parts of them together.
SELECT proname AS aggregate FROM pg_aggregate JOIN pg_proc AS p ON p.oid = aggfnoid
WHERE proname LIKE 'emoser%' AND (aggtranstype = 'internal'::regtype OR aggcombinefn = 0);

-- Confusion counts: parts of rows, in any order, are what all of them are.
CREATE TABLE said AS SELECT i, i % 5 AS part, 'l' || i % 7 AS actual, nullif('l' || i * i % 11, 'l5') AS predicted FROM generate_series(1, 2000) AS i;
INSERT INTO said VALUES (0, 0, '', E'\u00e4'), (0, 6, NULL, 'l1');
CREATE AGGREGATE part_of(text, text) (SFUNC = _emoser_confusion_accumulate, STYPE = _emoser_confusion_state, COMBINEFUNC = _emoser_confusion_combine, PARALLEL = SAFE);
CREATE AGGREGATE whole_of(_emoser_confusion_state) (SFUNC = _emoser_confusion_combine, STYPE = _emoser_confusion_state, PARALLEL = SAFE);
CREATE TABLE parts AS SELECT part, part_of(actual, predicted) AS state FROM said GROUP BY part;
SELECT part, state IS NULL AS is_null FROM parts WHERE part IN (0, 6) ORDER BY part;
CREATE TABLE merged AS SELECT whole_of(state ORDER BY part) AS state, whole_of(state ORDER BY part DESC) AS reversed FROM parts;
SELECT _emoser_confusion_final(state) = counts AS same, _emoser_confusion_final(reversed) = counts AS reversed, _emoser_uar_final(state) = uar AS uar,
       _emoser_war_final(state) = war AS war, _emoser_macro_f1_final(state) = macro_f1 AS macro_f1
FROM merged, (SELECT emoser_confusion(actual, predicted) AS counts, emoser_uar(actual, predicted) AS uar, emoser_war(actual, predicted) AS war,
                     emoser_macro_f1(actual, predicted) AS macro_f1 FROM said) AS s;
-- As text and as bytes, whose order of labels is that of their bytes, and not of rows.
SELECT bool_and(_emoser_confusion_send(state) = _emoser_confusion_send(state::text::_emoser_confusion_state)) AS same FROM parts;
SELECT part_of(a, b)::text AS text, _emoser_confusion_send(part_of(a, b ORDER BY a)) = _emoser_confusion_send(part_of(a, b ORDER BY a DESC)) AS same
FROM (VALUES ('b', E'\u00e4'), ('a', 'b')) AS v (a, b);
-- Called by hand, functions leave their argument as it is.
SELECT _emoser_confusion_final(_emoser_confusion_accumulate(state, 'x', 'y')) = _emoser_confusion_final(state) AS same,
       _emoser_war_final(_emoser_confusion_combine(state, state)) = _emoser_war_final(state) AS war,
       _emoser_confusion_final(state) = (SELECT emoser_confusion(actual, predicted) FROM said AS s WHERE s.part = parts.part) AS unchanged
FROM parts WHERE part = 1;
-- Whatever is no state.
SELECT 'a'::_emoser_confusion_state;
CREATE FUNCTION counts_of(bytes text) RETURNS jsonb LANGUAGE sql AS
    $$SELECT _emoser_confusion_final(('emoser-confusion:1:' || translate(encode(decode(bytes, 'hex'), 'base64'), E'\n', ''))::_emoser_confusion_state)$$;
SELECT counts_of('010001' || '0001' || '61' || '0000000000000007');
SELECT counts_of('010000') IS NULL AS is_null;
SELECT counts_of('');
SELECT counts_of('020000');
SELECT counts_of('010001');
SELECT counts_of('0103e9');
SELECT counts_of('010001' || '0001' || 'ff' || '0000000000000007');
SELECT counts_of('010001' || '0001' || '00' || '0000000000000007');
SELECT counts_of('010002' || '0001' || '61' || '0001' || '61' || repeat('00', 32));
SELECT counts_of('010001' || '0100' || repeat('61', 256) || '0000000000000007');
SELECT counts_of('010001' || '0001' || '61' || '8000000000000000');
SELECT counts_of('010001' || '0001' || '61' || '000000000000000700');
SELECT 'emoser-confusion:1:&'::_emoser_confusion_state;
SELECT _emoser_confusion_combine(s, s) FROM (SELECT 'emoser-confusion:1:AQABAAFhcAAAAAAAAAA='::_emoser_confusion_state AS s) AS big;
DROP TABLE said, parts, merged;
DROP FUNCTION counts_of(text);
DROP AGGREGATE part_of(text, text);
DROP AGGREGATE whole_of(_emoser_confusion_state);

-- Profiles: states of parts, stored and merged, are what all features are.
CREATE TABLE heard AS SELECT i, i % 5 AS part, ARRAY[i * 0.37, -1e-3 / i, i % 7]::real[] AS f FROM generate_series(1, 500) AS i;
CREATE TABLE parts AS SELECT part, emoser_profile_state(f) AS state FROM heard GROUP BY part;
SELECT (SELECT emoser_profile(state ORDER BY part) FROM parts)::text = emoser_profile(f)::text AS same,
       (SELECT emoser_profile(state::text::emoser_profile_state ORDER BY part DESC) FROM parts)::text = emoser_profile(f)::text AS reversed,
       emoser_profile_state(f ORDER BY i)::text = emoser_profile_state(f ORDER BY -i)::text AS same_text
FROM heard;
-- Called by hand, functions leave their argument as it is.
SELECT (_emoser_profile_final(_emoser_profile_accumulate(state, '{1,2,3}'))).count, (_emoser_profile_final(_emoser_profile_combine(state, state))).count AS twice,
       _emoser_profile_final(state)::text = expected::text AS unchanged
FROM parts, (SELECT emoser_profile(f) AS expected FROM heard WHERE part = 1) AS e WHERE part = 1;
SELECT emoser_profile(NULL::emoser_profile_state) IS NULL AS is_null, emoser_profile_state(NULL::real[]) IS NULL AS state_is_null;
SELECT emoser_profile(s) FROM (VALUES (_emoser_profile_accumulate(NULL, '{1,2}')), (_emoser_profile_accumulate(NULL, '{1}'))) AS v (s);
SELECT emoser_profile_state('{1e30}'::real[]);
CREATE FUNCTION profile_of(bytes text) RETURNS emoser_speaker_profile LANGUAGE sql AS
    $$SELECT emoser_profile(('emoser-profile:1:' || encode(decode(bytes, 'hex'), 'base64'))::emoser_profile_state)$$;
SELECT _emoser_profile_state_send(_emoser_profile_accumulate(NULL, '{1.5}'));
SELECT profile_of('0101000000010000000000000006000000000006010001000600000000800401000100');
SELECT profile_of('01');
SELECT profile_of('02' || '01000000' || '0100000000000000');
SELECT profile_of('01' || '00000000' || '0100000000000000');
SELECT profile_of('01' || '01000000' || '0100000000000000' || '0100' || '0100' || '0100' || '0100' || '0100' || '0900');
SELECT profile_of('01' || '01000000' || '0100000000000000' || '0100' || '0100' || '0100' || '0100' || '0100' || '0100' || '00');
SELECT profile_of('01' || '01000000' || 'ffffffffffffffff' || '0100' || '0100' || '0100' || '0100' || '0100' || '0100');
SELECT profile_of('01' || '01000000' || '0100000000000000' || '01ff' || '0100' || '0100' || '0100' || '0100' || '0100');
SELECT profile_of('01' || '01000000' || '0100000000000000' || '0101' || '0100' || '0100' || '0100' || '0100' || '0100');
SELECT 'emoser-profile:2:'::emoser_profile_state;
DROP TABLE heard, parts;
DROP FUNCTION profile_of(text);

-- Training states: parts of rows, in any order, and what is left when some are taken out, have the bits of their rows.
CREATE TABLE toy AS
SELECT i AS id, i % 5 AS part, 's' || i % 6 AS speaker, 'e' || i / 6 % 3 AS emotion,
       ARRAY[i / 6 % 3 + sin(i * 7.1), i / 6 % 3 * (i % 2) + cos(i * 3.3), sin(i * 1.7), 1]::real[] AS features
FROM generate_series(1, 180) AS i;
CREATE TABLE scale AS SELECT emoser_profile(features) AS scale FROM toy;
CREATE TABLE profiles AS SELECT speaker, emoser_profile(features) AS profile FROM toy GROUP BY speaker;
ANALYZE toy, scale, profiles;
CREATE TABLE parts AS
SELECT part, emoser_train_state(features, emotion, scale) AS state, emoser_train_state(features, emotion, scale, profile) AS profile_state,
       emoser_train_state(features, emotion, scale, id % 3 = 0) AS degraded
FROM toy JOIN profiles USING (speaker), scale GROUP BY part;
CREATE TABLE whole AS
SELECT emoser_train_state(features, emotion, scale) AS state, emoser_train_state(features, emotion, scale, profile) AS profile_state,
       emoser_train_state(features, emotion, scale, profile, id % 3 = 0) AS degraded
FROM (SELECT * FROM toy ORDER BY id DESC) AS toy JOIN profiles USING (speaker), scale;
SELECT part, n_rows, n_degraded, n_features, emotions, as_sums, bytes FROM parts, emoser_train_info(degraded) WHERE part = 1;
SELECT n_rows, n_degraded, emotions, as_sums FROM whole, emoser_train_info(state);
SELECT i.scale_id <> p.scale_id AS other_scale, i.scale_id = d.scale_id AS same_scale
FROM whole AS w, parts, emoser_train_info(w.state) AS i, emoser_train_info(w.profile_state) AS p, emoser_train_info(parts.degraded) AS d WHERE part = 1;
SELECT emoser_train_merge(p.state ORDER BY part)::text = w.state::text AS same, emoser_train_merge(p.state ORDER BY -part)::text = w.state::text AS reversed,
       emoser_train_merge(p.profile_state)::text = w.profile_state::text AS with_profile, emoser_train_merge(p.state::text::emoser_training_state)::text = w.state::text AS of_texts
FROM parts AS p, (SELECT state::text::emoser_training_state AS state, profile_state FROM whole) AS w GROUP BY w.state::text, w.profile_state::text;
SELECT emoser_train_state(features, emotion, scale ORDER BY id)::text = emoser_train_state(features, ' ' || emotion || E'\n', scale ORDER BY -id)::text AS blanks FROM toy, scale;
SELECT emoser_train_subtract(w.state, p.state)::text = (SELECT emoser_train_merge(state) FROM parts WHERE part <> 1)::text AS same FROM whole AS w, parts AS p WHERE part = 1;
SELECT emoser_train_state(features, emotion, scale) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING)::text =
       (SELECT emoser_train_state(t.features, t.emotion, scale) FROM toy AS t, scale WHERE t.id <= toy.id)::text AS window FROM toy, scale WHERE id <= 3;
-- NULLs are skipped.
SELECT emoser_train_state(f, e, scale) IS NULL AS is_null FROM scale, (VALUES (NULL::real[], 'a'), ('{1,2,3,4}', NULL)) AS v (f, e);
SELECT emoser_train_state(features, emotion, NULL::emoser_speaker_profile) IS NULL AS is_null FROM toy;
SELECT emoser_train_merge(s) IS NULL AS is_null FROM (VALUES (NULL::emoser_training_state)) AS v (s);
SELECT emoser_train_merge(s)::text = (SELECT state FROM whole)::text AS same FROM (SELECT state FROM parts UNION ALL SELECT NULL) AS v (s);
ANALYZE parts, whole;

-- Models are those of trainings, but for the rounding of features, and for the temperature.
CREATE TABLE fitted AS SELECT emoser_fit(state, scale) AS plain, emoser_fit(state, scale, '{"shrinkage": 0.3, "temperature": 2}', profile_state) AS other,
    emoser_fit(state, scale, profile_state => profile_state) AS with_profile FROM whole, scale;
ANALYZE fitted;
SELECT (emoser_model_info(other)).options, (emoser_model_info(other)).has_profile_head, (emoser_model_info(plain)).has_profile_head AS plain_has, (emoser_model_info(other)).labels FROM fitted;
-- The head for profiles has a shrinkage of its own.
WITH f AS (SELECT emoser_fit(state, scale, '{"shrinkage": 0.3, "profile_shrinkage": 0.9}', profile_state) AS both_differ,
    emoser_fit(state, scale, '{"shrinkage": 0.3, "profile_shrinkage": 0.5}', profile_state) AS same_plain,
    emoser_fit(state, scale, '{"shrinkage": 0.5, "profile_shrinkage": 0.9}', profile_state) AS same_profile FROM whole, scale),
  p AS (SELECT emoser_predict_proba_features(features, both_differ) AS plain, emoser_predict_proba_features(features, same_plain) AS same_plain,
    emoser_predict_proba_features(features, same_profile) AS other_plain FROM f, (SELECT * FROM toy LIMIT 1) AS one),
  w AS (SELECT emoser_predict_proba_features(features, both_differ, profile) AS profiled, emoser_predict_proba_features(features, same_profile, profile) AS same_profile,
    emoser_predict_proba_features(features, same_plain, profile) AS other_profile FROM f, (SELECT * FROM toy LIMIT 1) AS one JOIN profiles USING (speaker))
SELECT bool_and(plain = same_plain) AS same_plain, bool_and(plain = other_plain) AS other_plain FROM p
UNION ALL SELECT bool_and(profiled = same_profile), bool_and(profiled = other_profile) FROM w;
CALL emoser_train('toy', 'trained', options => '{"quiet": true}');
SELECT count(*) AS n, count(*) FILTER (WHERE emoser_predict_features(features, plain) <> emoser_predict_features(features, 'trained')) AS differing,
       count(*) FILTER (WHERE emoser_predict_features(features, with_profile, profile) <> emoser_predict_features(features, 'trained', profile)) AS with_profile
FROM toy JOIN profiles USING (speaker), fitted;
SELECT emoser_import_model(emoser_export_model(with_profile), 'of_states') FROM fitted;
SELECT emoser_fit(NULL, scale) IS NULL AS is_null FROM scale;
-- Forgetting by hand: what is fitted without a part is what is fitted to the others.
SELECT emoser_fit(emoser_train_subtract(w.state, p.state), scale)::text = emoser_fit((SELECT emoser_train_merge(state) FROM parts WHERE part <> 2), scale)::text AS same
FROM whole AS w, parts AS p, scale WHERE part = 2;

-- Refusals.
SELECT emoser_train_state('{1,2}'::real[], 'a', scale) FROM scale;
SELECT emoser_train_state('{1,2,3,NaN}'::real[], 'a', scale) FROM scale;
SELECT emoser_train_state('{1,2,3,-Infinity}'::real[], 'a', scale) FROM scale;
SELECT emoser_train_state('{1,2,3,NULL}'::real[], 'a', scale) FROM scale;
SELECT emoser_train_state('{1,2,3,4}'::real[], ' ', scale) FROM scale;
SELECT emoser_train_state('{1,2,3,4}'::real[], repeat('x', 64), scale) FROM scale;
SELECT emoser_train_state('{1,2,3,4}'::real[], 'a', ROW(1, '{1}', '{1,2}')::emoser_speaker_profile);
SELECT emoser_train_state('{1,2,3,4}'::real[], 'a', ROW(0, '{1}', '{1}')::emoser_speaker_profile);
SELECT emoser_train_state('{1,2,3,4}'::real[], 'a', ROW(1, '{1}', '{-1}')::emoser_speaker_profile);
SELECT emoser_train_state('{1,2,3,4}'::real[], 'a', scale, ROW(1, '{1}', '{1}')::emoser_speaker_profile) FROM scale;
SELECT emoser_train_state(features, emotion, CASE WHEN id < 90 THEN scale ELSE ROW(1, '{1,2,3,4}', '{1,1,1,1}')::emoser_speaker_profile END) FROM toy, scale;
SELECT emoser_train_merge(s) FROM (SELECT state FROM whole UNION ALL SELECT profile_state FROM whole) AS u (s);
SELECT emoser_train_subtract(p.state, w.state) FROM whole AS w, parts AS p WHERE part = 1;
SELECT emoser_train_subtract(state, profile_state) FROM whole;
SELECT emoser_fit(state, ROW(1, '{1}', '{1}')::emoser_speaker_profile) FROM whole;
SELECT emoser_fit(state, ROW(1, '{1,2,3,4}', '{1,1,1,1}')::emoser_speaker_profile) FROM whole;
SELECT emoser_fit(profile_state, scale) FROM whole, scale;
SELECT emoser_fit(state, scale, '{}', state) FROM whole, scale;
SELECT emoser_fit(state, scale, '{}', (SELECT emoser_train_state(features, emotion, scale, profile) FROM toy JOIN profiles USING (speaker) WHERE emotion <> 'e1')) FROM whole, scale;
SELECT emoser_fit(emoser_train_state(features, emotion, scale), (SELECT s.scale FROM scale AS s)) FROM toy, scale WHERE emotion = 'e1';
SELECT emoser_fit(state, scale, '{"shrinkag": 1}') FROM whole, scale;
SELECT emoser_fit(state, scale, '{"temperature": 0}') FROM whole, scale;
SELECT 'a'::emoser_training_state;
SELECT 'emoser-state:1:AAAA'::emoser_training_state;
SELECT 'emoser-state:1:&'::emoser_training_state;
CREATE FUNCTION damaged(state emoser_training_state, at integer) RETURNS emoser_training_state LANGUAGE plpgsql AS $$
DECLARE
    bytes bytea := _emoser_training_state_send(state);
BEGIN
    RETURN ('emoser-state:1:' || translate(encode(set_byte(bytes, at, get_byte(bytes, at) # 1), 'base64'), E'\n', ''))::emoser_training_state;
END
$$;
\set VERBOSITY terse
SELECT damaged(state, 0) FROM whole;
SELECT damaged(state, 8) FROM whole;
SELECT damaged(state, 12) FROM whole;
SELECT damaged(state, 90) FROM whole;
\set VERBOSITY default
DROP TABLE toy, scale, profiles, parts, whole, fitted;
DROP FUNCTION damaged(emoser_training_state, integer);
SELECT emoser_drop_model('trained'), emoser_drop_model('of_states');

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

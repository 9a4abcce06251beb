-- How uncertain an answer is.
SELECT emoser_entropy('{"anger": 1}') AS alone, emoser_entropy('{"anger": 1, "joy": 0}') AS certain, emoser_entropy('{"anger": 0.25, "joy": 0.25, "fear": 0.25, "calm": 0.25}') AS all_alike,
       round(emoser_entropy('{"anger": 0.9, "joy": 0.1}')::numeric, 6) AS between, emoser_entropy(NULL) AS of_nothing;
-- By its definition; rounding does not matter.
SELECT bool_and(abs(emoser_entropy(jsonb_build_object('a', p, 'b', 0.4 - p / 2, 'c', 0.6 - p / 2)) - e) < 1e-12) AS as_defined
FROM (SELECT i / 20.0 AS p FROM generate_series(1, 15) AS i) AS p,
     LATERAL (SELECT -sum(q * ln(q)) / ln(3.0::numeric) AS e FROM unnest(ARRAY[p, 0.4 - p / 2, 0.6 - p / 2]) AS q) AS e;
SELECT emoser_entropy('{"a": 0.33, "b": 0.33, "c": 0.33}') AS rounded;
CREATE TABLE answers (probabilities jsonb);
CREATE INDEX ON answers (emoser_entropy(probabilities) DESC);
INSERT INTO answers VALUES (NULL), ('{"a": 1, "b": 0}');
SELECT * FROM answers ORDER BY emoser_entropy(probabilities) DESC NULLS LAST;
-- Errors.
SELECT emoser_entropy('{}');
SELECT emoser_entropy('[1]');
SELECT emoser_entropy('1');
SELECT emoser_entropy('{"a": 0.5, "b": null}');
SELECT emoser_entropy('{"a": 1.5, "b": -0.5}');
SELECT emoser_entropy('{"a": {"b": 1}}');
SELECT emoser_entropy('{"a": 0.5, "b": 0.4}');
DROP TABLE answers;

-- Which utterances are alike.

CREATE TABLE alike AS
SELECT i AS id, 's' || i % 4 AS speaker, 'e' || i % 3 AS emotion, ARRAY[3 * (i % 3) + sin(i * 7.1), cos(i * 3.3)]::real[] AS features
FROM generate_series(1, 60) AS i;
CALL emoser_train('alike', 'nearness', options => '{"quiet": true}');
-- Square roots of probabilities, in the order of the model's emotions, by name and by value.
SELECT bool_and(abs(v.e - sqrt(p.probability)) < 1e-6) AS roots, count(*)
FROM alike AS a, emoser_predict_proba_features(features, 'nearness') AS p,
     LATERAL (SELECT (emoser_embedding(features, 'nearness'))[array_position(labels, p.emotion)] AS e FROM emoser_models WHERE name = 'nearness') AS v;
SELECT bool_and(emoser_embedding(features, 'nearness') = emoser_embedding(features, emoser_model_value('nearness'))) AS same,
       bool_and(abs(emoser_distance(emoser_embedding(features, 'nearness'), '{0,0,0}') - 1) < 1e-6) AS of_length_one FROM alike;
-- The nearest by another speaker has the same emotion; distances are those of the definition, symmetric, and 0 to itself.
SELECT count(*) FILTER (WHERE n.emotion = a.emotion) AS same, count(*) AS n
FROM alike AS a, LATERAL (SELECT emotion FROM alike AS b WHERE b.speaker <> a.speaker
                          ORDER BY emoser_distance(emoser_embedding(a.features, 'nearness'), emoser_embedding(b.features, 'nearness')), id LIMIT 1) AS n;
SELECT emoser_distance('{1,2,2}', '{1,0,0}'::real[]) AS root_of_8, emoser_distance('{0.5}', '{0.5}') AS itself, emoser_distance('{}', '{}') AS of_none, emoser_distance(NULL, '{1}') AS of_nothing,
       emoser_distance('{1,NaN}', '{1,0}') AS not_a_number;
SELECT emoser_embedding(NULL, 'nearness') AS of_nothing, (emoser_embedding(features, 'nearness', emotions => '{e0,e2}'))[2] AS not_asked FROM alike WHERE id = 1;
SELECT emoser_embedding(features, 'nearness', p.profile) <> emoser_embedding(features, 'nearness') AS by_profile
FROM alike, (SELECT emoser_profile(features) AS profile FROM alike WHERE speaker = 's1') AS p WHERE id = 1;
-- What has no distance or embedding.
SELECT emoser_distance('{1,2}', '{1}');
SELECT emoser_distance('{{1,2}}', '{1,2}');
SELECT emoser_distance('{1,NULL}', '{1,2}');
SELECT emoser_embedding('{1,2,3}', 'nearness');
SELECT emoser_embedding('{1,2}', 'neerness');
SELECT emoser_embedding('{1,2}', 'nearness', emotions => '{e9}');
DROP TABLE alike;
SELECT emoser_drop_model('nearness');

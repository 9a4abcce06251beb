-- Workers for tables that have few pages beside what is in TOAST, by what functions cost.
CREATE TABLE stored AS SELECT i AS id, 's' || i % 10 AS speaker, ARRAY[i, i % 3]::real[] AS features, i::text::bytea AS audio FROM generate_series(1, 40000) AS i;
ANALYZE stored;
EXPLAIN (COSTS OFF) SELECT emoser_predict_features(features) FROM stored;
EXPLAIN (COSTS OFF) SELECT emoser_predict_features(features, emoser_model_value('emodb')) FROM stored;
EXPLAIN (COSTS OFF) SELECT id FROM stored WHERE emoser_predict_features(features) = 'anger';
EXPLAIN (COSTS OFF) SELECT id, p.* FROM stored, emoser_predict_proba_features(features) AS p;
EXPLAIN (COSTS OFF) SELECT id, p.* FROM stored, emoser_predict_proba(audio) AS p;
EXPLAIN (COSTS OFF) SELECT id, t.* FROM stored, emoser_turns(audio) AS t;
EXPLAIN (COSTS OFF) SELECT emoser_profile(features) FROM stored;
EXPLAIN (COSTS OFF) SELECT emoser_train_state(features, speaker, NULL::emoser_speaker_profile) FROM stored;
-- A profile of each speaker: what is made of recordings is made once, in workers.
EXPLAIN (COSTS OFF) WITH f AS MATERIALIZED (SELECT id, speaker, emoser_features(audio) AS features FROM stored)
SELECT id, emoser_predict_features(features, 'emodb', emoser_profile(features) OVER (PARTITION BY speaker)) FROM f;
-- Not for a few rows, and not for what is no column of the table.
CREATE TABLE few AS SELECT * FROM stored LIMIT 100;
ANALYZE few;
EXPLAIN (COSTS OFF) SELECT emoser_predict_features(features) FROM few;
EXPLAIN (COSTS OFF) SELECT emoser_profile(features) FROM few;
EXPLAIN (COSTS OFF) SELECT id, p.* FROM stored, emoser_predict_proba_features('{1,2}'::real[]) AS p;
DROP TABLE stored, few;

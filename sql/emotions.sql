-- Predictions that decide between some of the emotions. The corpus is that of emodb.sql.
SET client_min_messages = warning;
CREATE TABLE asked AS SELECT file_name, emotion, speaker, audio, emoser_features(audio) AS features FROM corpus WHERE speaker IN ('54', '55') ORDER BY file_name LIMIT 20;
-- The corpus is unlike what the bundled model knows, which would be said each time.

-- The odds between those that are asked for stay as they are; the others get no row.
WITH p AS (SELECT file_name, a.emotion, a.probability AS alone, b.probability AS among_all
           FROM asked, emoser_predict_proba_features(features, emotions => '{sadness,anger,neutral}') AS a
           JOIN LATERAL emoser_predict_proba_features(features) AS b USING (emotion)),
     q AS (SELECT *, sum(among_all) OVER r AS all_sum, sum(alone) OVER r AS sum, count(*) OVER r AS n FROM p WINDOW r AS (PARTITION BY file_name))
SELECT count(*), bool_and(n = 3) AS three, bool_and(abs(sum - 1) < 1e-5) AS to_one,
       bool_and(abs(alone - among_all / all_sum) < 1e-4) AS same_odds FROM q WHERE all_sum > 1e-3;

-- All forms say the same, best first.
SELECT count(*), bool_and(emoser_predict(audio, emotions => e.e) = emoser_predict_features(features, emotions => e.e)
       AND emoser_predict(audio, emotions => e.e) = emoser_predict(audio, emoser_model_value('emodb'), emotions => e.e)
       AND emoser_predict(audio, emotions => e.e) = emoser_predict_features(features, emoser_model_value('emodb'), emotions => e.e)
       AND emoser_predict(audio, emotions => e.e) = (SELECT emotion FROM emoser_predict_proba(audio, emotions => e.e) LIMIT 1)
       AND emoser_predict(audio, emotions => e.e) = (SELECT emotion FROM emoser_predict_proba(audio, emoser_model_value('emodb'), emotions => e.e) LIMIT 1)
       AND emoser_predict(audio, emotions => e.e) = ANY (e.e)) AS same
FROM asked, (SELECT '{boredom,fear}'::text[]) AS e (e);

-- Those that are all but impossible among all have probabilities as exact as any.
SELECT emotion, probability BETWEEN 0 AND 1 AS valid FROM emoser_predict_proba_features(array_fill(1e8::real, ARRAY[cardinality(emoser_feature_names())]), emotions => '{neutral,fear}') ORDER BY emotion;

-- With a profile; and a confidence among those that are asked for.
SELECT bool_and(emoser_predict_features(features, 'emodb', profile, emotions => '{anger,fear}') IN ('anger', 'fear')) AS of_these
FROM asked, (SELECT emoser_profile(features) AS profile FROM asked) AS s;
SELECT count(emoser_predict_features(features, 'emodb', NULL, 0.5, '{anger,fear}')) = count(*) AS sure_of_two FROM asked;

-- Windows, turns, explanations and pictures.
SELECT bool_and(emotion IN ('anger', 'fear') AND emoser.n = 2 AND abs(emoser.sum - 1) < 1e-4) AS two
FROM (SELECT audio FROM asked LIMIT 1) AS a, emoser_segments(audio, emotions => '{anger,fear}') AS s,
     LATERAL (SELECT count(*) AS n, sum(value::float8) FROM jsonb_each_text(s.probabilities)) AS emoser;
SELECT bool_and(emotion IN ('anger', 'fear') AND probabilities ?& '{anger,fear}' AND NOT probabilities ? 'neutral') AS two
FROM (SELECT audio FROM asked LIMIT 1) AS a, emoser_turns(audio, emotions => '{anger,fear}');
SELECT bool_and(towards IN ('anger', 'fear') AND against IN ('anger', 'fear')) AS between_two
FROM asked, emoser_explain_features(features, emotions => '{anger,fear}');
SELECT bool_and(plot LIKE '%>fear<%' AND plot LIKE '%>anger<%' AND plot NOT LIKE '%>neutral<%') AS two
FROM (SELECT audio FROM asked LIMIT 1) AS a, emoser_plot_segments(audio, emotions => '{anger,fear}') AS plot;
SELECT count(*) FROM asked, emoser_plot_turns(audio, emotions => '{anger,fear}') AS plot WHERE plot ~ '(boredom|disgust|happiness|neutral|sadness)';
SELECT count(*) FROM asked, emoser_plot_explanation(audio, emotions => '{anger,fear}', model => 'emodb') AS plot WHERE plot ~ '(boredom|disgust|happiness|neutral|sadness)';

-- Stored answers and evaluations.
CALL emoser_annotate('SELECT file_name AS id, features FROM asked', 'asked_answers', options => '{"emotions": ["anger", "fear"], "quiet": true}');
SELECT bool_and(a.emotion = emoser_predict_features(features, emotions => '{anger,fear}')) AS same FROM asked_answers AS a JOIN asked ON a.id = file_name;
CALL emoser_annotate('SELECT file_name AS id, audio FROM asked LIMIT 2', 'asked_turns', what => 'turns', options => '{"emotions": ["anger", "fear"], "quiet": true}');
SELECT bool_and(emotion IN ('anger', 'fear')) AS of_these FROM asked_turns WHERE status = 'ok';
SELECT name, metric, round(value::numeric, 3) = round(w.war::numeric, 3) AS same
FROM emoser_evaluate('SELECT * FROM asked WHERE emotion IN (''anger'', ''fear'')', 'emodb', '{"emotions": ["anger", "fear"]}'),
     (SELECT avg((emotion = emoser_predict_features(features, emotions => '{anger,fear}'))::int) AS war FROM asked WHERE emotion IN ('anger', 'fear')) AS w
WHERE scope = 'overall' AND metric = 'war';
SELECT bool_and(name IN ('anger', 'fear')) AS of_these FROM emoser_evaluate('asked', 'emodb', '{"emotions": ["anger", "fear"]}') WHERE scope = 'emotion' AND value > 0 AND metric = 'precision';
SELECT emoser_plot_reliability('asked', 'emodb', options => '{"emotions": ["anger", "fear"]}') IS NOT NULL AS drawn;

-- What can't be asked for.
SELECT emoser_predict(audio, emotions => '{anger,natural}') FROM asked LIMIT 1;
SELECT emoser_predict(audio, emotions => '{anger,Fear}') FROM asked LIMIT 1;
SELECT emoser_predict_features(features, emotions => '{anger,contempt}') FROM asked LIMIT 1;
SELECT emoser_predict_features(features, emotions => '{anger,anger}') FROM asked LIMIT 1;
SELECT emoser_predict_features(features, emotions => '{anger}') FROM asked LIMIT 1;
SELECT emoser_predict_features(features, emotions => '{}') FROM asked LIMIT 1;
SELECT emoser_predict_features(features, emotions => '{anger,NULL}') FROM asked LIMIT 1;
SELECT emoser_predict_features(features, emotions => '{{anger,fear},{anger,fear}}') FROM asked LIMIT 1;
SELECT emoser_evaluate('asked', 'emodb', '{"emotions": ["anger", "feer"]}');
SELECT emoser_evaluate('asked', 'emodb', '{"emotions": []}');
SELECT emoser_evaluate('asked', 'emodb', '{"emotions": "anger"}');
SELECT emoser_evaluate('asked', 'emodb', '{"emotions": ["anger", 1]}');
-- It is said before a table is made.
CALL emoser_annotate('SELECT file_name AS id, features FROM asked', 'asked_again', options => '{"emotions": ["anger", "feer"]}');
SELECT to_regclass('asked_again');
DROP TABLE asked, asked_answers, asked_turns;

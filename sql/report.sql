-- emoser_report: what it says of whom, and what it refuses.  test/shell/report looks at it in a browser.
CREATE TABLE spoken (file_name text, speaker text, emotion text, audio bytea);
INSERT INTO spoken
SELECT format('%s-%s.wav', s, i), 'speaker ' || s, (ARRAY['<low>', 'high'])[1 + i % 2],
       emoser_wav(array_agg((0.3 * sin(x * (0.03 + 0.03 * (i % 2) + 0.002 * s)) * (1 + 0.3 * sin(x * 0.0007 * i)))::real ORDER BY x))
FROM generate_series(1, 3) AS s, generate_series(1, 6) AS i, generate_series(1, 12000) AS x GROUP BY s, i;
CALL emoser_train('spoken', 'heard', options => '{"quiet": true, "augment": false}');
CREATE TABLE held_out AS
SELECT * FROM emoser_cross_predictions('SELECT file_name AS id, * FROM spoken', options => '{"quiet": true, "augment": false}');

CREATE FUNCTION sections(page text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(m[1], ' ') FROM regexp_matches(page, '<section id="(\w+)"', 'g') AS m
$$;
CREATE FUNCTION says(page text, words text) RETURNS boolean LANGUAGE sql AS 'SELECT strpos(page, words) > 0';

-- The model was trained on the source: speakers are left out.
CREATE TABLE page AS SELECT emoser_report('spoken', 'heard') AS text;
SELECT left(text, 15) AS begins, right(text, 8) AS ends, sections(text), says(text, 'never heard its speaker') AS loso,
       says(text, '&lt;low&gt;') AS escaped, says(text, '<low>') AS raw, says(text, 'src="http') AS asks, text ~ '^[\x01-\x7f]*$' AS is_ascii
FROM page;
-- The same, with the predictions given.
SELECT sections(p), says(p, 'each of the 3 speakers was held out') AS loso, says(p, '<audio') AS has_sound
FROM emoser_report('spoken', 'heard', predictions => 'held_out') AS p;
SELECT sections(p), says(p, 'how they were made') AS unknown, says(p, '<audio') AS has_sound, says(p, '<h1>&lt;i&gt;</h1>') AS title
FROM emoser_report('spoken', 'heard', 'SELECT id, actual, predicted, probabilities FROM held_out', audio => false, title => '<i>') AS p;
-- Folds that are not the speakers.
SELECT says(p, 'with folds') AS folds FROM emoser_report('spoken', 'heard', 'SELECT id, actual, predicted, probabilities, ''one'' AS held_out FROM held_out') AS p;
SELECT says(p, 'the utterances of each of the 3 speakers were held out together') AS kept_together
FROM emoser_report('spoken', 'heard', 'SELECT id, speaker, actual, predicted, probabilities, right(speaker, 1)::int % 2 AS held_out FROM held_out') AS p;
SELECT says(p, 'with folds') AS split
FROM emoser_report('spoken', 'heard', 'SELECT id, speaker, actual, predicted, probabilities, right(id, 5) AS held_out FROM held_out') AS p;
-- A part of what it was trained on is no other data; some of it is told, and left out; or the rest alone is asked about.
SELECT says(p, 'never heard its speaker') AS loso FROM emoser_report('SELECT * FROM spoken WHERE speaker <> ''speaker 1''', 'heard') AS p;
SELECT emoser_deploy('heard@1');
CALL emoser_train('SELECT * FROM spoken WHERE speaker = ''speaker 1''', 'heard', options => '{"quiet": true, "augment": false}');
SELECT says(p, 'the model was trained on 6 of the 18 utterances') AS partly, says(p, '>trained on 6 of 18: not an evaluation<') AS in_pictures,
       says(p, 'another; the model was trained on 6 of its 18 utterances') AS in_facts
FROM emoser_report('spoken', 'heard@2') AS p;
SELECT says(p, 'the 12 of 18 utterances that it was not trained on.</p>') AS rest, says(p, 'has the name of one in its training') AS known,
       says(p, 'not an evaluation') AS marked, says(p, '<dd>12<small>') AS n
FROM emoser_report('spoken', 'heard@2', options => '{"trained_on": "leave out"}') AS p;
SELECT says(p, 'another source') AS is_new, says(p, 'none of them was in its training.</p>') AS is_known
FROM emoser_report('SELECT * FROM spoken WHERE speaker <> ''speaker 1''', 'heard@2') AS p;
SELECT says(p, 'protocol =&gt;') AS crossed, says(p, 'emoser_cross_validate(&#39;spoken&#39;') AS again
FROM emoser_report('spoken', 'heard@2', cross_validate => true, options => '{"trained_on": "mark"}') AS p;
SELECT says(p, '1 of 1 speakers has the name of one in its training') AS known FROM emoser_report('SELECT emotion, speaker, emoser_wav(emoser_samples(audio, 8000), 8000) AS audio FROM spoken WHERE speaker = ''speaker 1''', 'heard@2') AS p;
SELECT emoser_report('spoken', 'heard@1', options => '{"trained_on": "leave out"}');
SELECT emoser_drop_model('heard@2');
-- None of the recordings.
SELECT says(p, 'never heard its speaker') AS loso
FROM emoser_report('SELECT * FROM spoken WHERE speaker <> ''speaker 1''', 'heard', cross_validate => true) AS p;
CALL emoser_train('SELECT emotion, emoser_features(audio, on_no_speech => ''predict'') AS features FROM spoken', 'bare', options => '{"quiet": true}');
SELECT sections(p), says(p, 'dealt into folds') AS folds
FROM emoser_report('SELECT emotion, emoser_features(audio, on_no_speech => ''predict'') AS features FROM spoken', 'bare') AS p;
-- Many speakers are left out by folds of them.
CREATE TABLE crowd AS
SELECT i % 60 AS speaker, (ARRAY['low', 'high'])[1 + i / 60 % 2] AS emotion, ARRAY[i / 60 % 2 + sin(i * 7.1), cos(i * 3.3)]::real[] AS features
FROM generate_series(1, 240) AS i;
CALL emoser_train('crowd', 'crowd', options => '{"quiet": true}');
SELECT says(p, 'The 60 speakers were dealt into folds') AS folds, says(p, 'protocol =&gt; &#39;speakers&#39;') AS again FROM emoser_report('crowd', 'crowd') AS p;
DROP TABLE crowd;
-- Everything is recognised.
SELECT says(p, 'All 18 utterances were recognised') AS all_right
FROM emoser_report('spoken', 'heard', 'SELECT id, actual, actual AS predicted, jsonb_build_object(actual, 1) AS probabilities FROM held_out') AS p;

-- A model of features of the user's own hears no recordings, though the source has them.
CALL emoser_train('SELECT emotion, speaker, ARRAY[length(emotion), 1]::real[] AS features FROM spoken', 'own', options => '{"quiet": true}');
SELECT sections(p) FROM emoser_report('SELECT *, ARRAY[length(emotion), 1]::real[] AS features FROM spoken', 'own') AS p;

-- Errors.
SELECT emoser_report('spoken', 'herd');
SELECT emoser_report('nowhere', 'heard');
SELECT emoser_report('spoken', NULL);
SELECT emoser_report('spoken', 'heard', audio => NULL);
SELECT emoser_report('SELECT audio FROM spoken', 'heard');
SELECT emoser_report('spoken', 'heard', 'SELECT id, actual FROM held_out');
SELECT emoser_report('spoken', 'heard', 'SELECT * FROM held_out WHERE false');
SELECT emoser_report('spoken', 'heard', 'SELECT id, actual, predicted, ''{"high": 2}''::jsonb AS probabilities FROM held_out');
SELECT emoser_report('spoken', 'heard', 'SELECT id, actual, predicted, ''[1]''::jsonb AS probabilities FROM held_out');
SELECT emoser_report('spoken', 'heard', 'SELECT 1 AS id, n AS actual, n AS predicted, ''{"1": 1}''::jsonb AS probabilities FROM generate_series(1, 1001) AS n');
DELETE FROM emoser_models WHERE name IN ('heard', 'bare', 'own', 'crowd');
DROP FUNCTION sections, says;
DROP TABLE spoken, held_out, page;

-- Pictures: valid XML within the limit whatever they are of, and a server that stays as it was.
SELECT no_plan();
SET client_min_messages = error;
\getenv corpus EMOSER_CORPUS
CALL emoser_load_emodb(:'corpus', 'corpus');
CREATE FUNCTION state(statement text) RETURNS text LANGUAGE plpgsql AS
$$BEGIN EXECUTE statement; RETURN 'fine'; EXCEPTION WHEN OTHERS OR query_canceled THEN RETURN SQLSTATE; END$$;
CREATE FUNCTION is_picture(svg text) RETURNS boolean LANGUAGE sql AS
$$SELECT svg::xml IS DOCUMENT AND octet_length(svg) <= 300000$$;
CREATE FUNCTION noise(n integer) RETURNS bytea LANGUAGE sql AS
$$SELECT emoser_wav(array_agg((2 * random() - 1)::real), 16000) FROM generate_series(1, n)$$;
SELECT setseed(0.5);

SELECT ok(bool_and(is_picture(emoser_plot_recording(audio, file_name))), 'recordings') FROM corpus;
SELECT ok(bool_and(is_picture(emoser_plot_recording(noise(n), width => width))), 'noise, of any length and width')
FROM unnest('{1,2,3,159,160,161,400,999,1000,1001,16000,300000}'::int[]) AS n, unnest('{320,640,4000}'::int[]) AS width;
SELECT ok(is_picture(emoser_plot_segments(noise(100000), window_s => 0.1, hop_s => 0.01)), 'more segments than columns');
SELECT ok(is_picture(emoser_plot_turns(audio, turns => (SELECT jsonb_agg(jsonb_build_object('start', 0, 'end', 0.1 + i / 10000.0, 'speaker', i % 20)) FROM generate_series(1, 5000) AS i))), 'more turns than are told apart')
FROM (SELECT audio FROM corpus ORDER BY file_name LIMIT 1) AS one;
SELECT ok(bool_and(is_picture(emoser_plot_counts(format('SELECT %L AS emotion', chr(c) || chr(c + 1))))
                   AND is_picture(emoser_plot_confusion(emoser_confusion, chr(c)))), 'all characters')
FROM (SELECT c, emoser_confusion(chr(c), 'x') FROM generate_series(1, 8000, 7) AS c GROUP BY c) AS q;
SELECT ok(is_picture(emoser_plot_confusion(emoser_confusion((i % 60)::text, (i % 59)::text), width => 4000)), 'sixty labels')
FROM generate_series(1, 5000) AS i;
SELECT ok(is_picture(emoser_plot_space('SELECT (i % 7)::text AS emotion, ARRAY[i, i % 7, random()]::real[] AS features
    FROM generate_series(1, 3000) AS i', method)), method || ' of many') FROM unnest('{lda,pca}'::text[]) AS method;
SELECT is(state($$SELECT emoser_plot_space('SELECT ''a'' AS emotion, ARRAY[1, i]::real[] AS features FROM generate_series(1, 3) AS i')$$),
    '22000', 'one emotion has no discriminants');
SELECT is(state($$SELECT emoser_plot_space('SELECT ''a'' AS emotion, ARRAY[1, i]::real[] AS features FROM generate_series(1, 3) AS i', 'pca')$$),
    'fine', 'but principal components');
SELECT ok(is_picture(emoser_plot_counts('SELECT i AS emotion FROM generate_series(1, 5000) AS i')), 'more values than bars');
SELECT is(emoser_reliability(l, p), emoser_reliability(l, p ORDER BY random()), 'the order of rows is of no matter')
FROM (SELECT (ARRAY['a', 'b'])[i % 2 + 1], jsonb_build_object('a', i / 100.0, 'b', 1 - i / 100.0) FROM generate_series(0, 100) AS i) AS q (l, p);

-- States.
SELECT is(state(statement), expected, statement) FROM (VALUES
    ('SELECT emoser_plot_mel(''no''::bytea)', '22000'),
    ('SELECT emoser_plot_mel(audio, width => 1) FROM corpus', '22023'),
    ('SELECT emoser_plot_mel(audio, width => NULL) FROM corpus', '22004'),
    ('SELECT emoser_plot_mel(audio, repeat(''x'', 1000000)) FROM corpus', '54000'),
    ('SELECT emoser_plot_durations(''SELECT 1 AS audio'')', '42804'),
    ('SELECT emoser_plot_durations(''nothing'')', '42P01'),
    ('SELECT emoser_plot_durations(''SELECT 1 AS x'')', '42703'),
    ('SELECT emoser_plot_counts(''corpus'', ''x'')', '42703'),
    ('SELECT emoser_plot_counts(''corpus'', split => ''file_name'')', '54000'),
    ('SELECT emoser_plot_metrics(''corpus'', ''x'')', '42704'),
    ('SELECT emoser_plot_groups(''corpus'', ''emodb'')', '22023'),
    ('SELECT emoser_plot_groups(''corpus'', ''emodb'', options => ''{"by": "nothing"}'')', '42703'),
    ('SELECT emoser_plot_groups(''corpus'', ''emodb'', options => ''{"by": "file_name"}'')', '54000'),
    ('SELECT emoser_plot_comparison(''corpus'', ARRAY[NULL])', '22004'),
    ('SELECT emoser_plot_training(''x'')', '42704'),
    ('SELECT emoser_plot_grid(''x'')', '42704'),
    ('SELECT emoser_plot_confusion(''{}''::jsonb)', '22023'),
    ('SELECT emoser_plot_confusion(''{"labels": ["a"], "counts": [[1e400]]}''::jsonb)', '22003'),
    ('SELECT emoser_plot_reliability(''1''::jsonb)', '22023'),
    ('SELECT emoser_bar(1, -1)', '22023')) AS v (statement, expected);

SELECT is((SELECT count(*) FROM pg_ls_dir('/proc/' || pg_backend_pid() || '/task')), 1::bigint, 'the backend has one thread');

-- What stands on the search_path is of no matter.
CREATE TABLE voice AS SELECT emotion, speaker, sex, emoser_features(audio) AS features FROM corpus;
CREATE TABLE one AS SELECT audio FROM corpus LIMIT 1;
CALL emoser_train('voice', 'm', options => '{"quiet": true}');
CALL emoser_grid_search('voice', 'lda', '{"shrinkage": [0.3, 0.6], "quiet": true}', 'loso', run => 'g');
INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs, epochs_done) VALUES ('m', '', 'cnn', '{}', '', 1, 1);
INSERT INTO emoser_training_history SELECT max(id), 'm', NULL, 1, 1, 1, 1, 1, 1, 1, 1, true FROM emoser_trainings;
CREATE FUNCTION pictures() RETURNS text[] LANGUAGE sql AS $$
    SELECT ARRAY[public.emoser_plot_segments(audio, window_s => 0.5, hop_s => 0.1), public.emoser_plot_turns(audio, 'm'), public.emoser_plot_durations('public.corpus'),
        public.emoser_plot_counts('public.voice', 'emotion', 'sex'), public.emoser_plot_space('public.voice'),
        public.emoser_plot_training('m'), public.emoser_plot_confusion('public.voice', 'm'), public.emoser_plot_metrics('public.voice', 'm'), public.emoser_plot_groups('public.voice', 'm', options => '{"by": ["sex", "speaker"]}'),
        public.emoser_plot_reliability('public.voice', 'm'), public.emoser_plot_comparison('public.voice', '{m}'), public.emoser_plot_grid('g')]
    FROM public.one $$;
CREATE TABLE right_pictures AS SELECT pictures();
CREATE SCHEMA evil;
CREATE FUNCTION evil.lie(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION evil.lie(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION evil.lie(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.lie);
CREATE OPERATOR evil.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.lie);
CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.lie);
CREATE AGGREGATE evil.count(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = 7);
CREATE AGGREGATE evil.avg(float8) (SFUNC = float8larger, STYPE = float8);
CREATE FUNCTION evil.concat(VARIADIC text[]) RETURNS text LANGUAGE sql AS $$SELECT 'evil'$$;
CREATE DOMAIN evil.text AS pg_catalog.text CHECK (VALUE IS NULL);
CREATE DOMAIN evil.float8 AS pg_catalog.float8 CHECK (VALUE IS NULL);
CREATE TABLE evil.emoser_training_history (nothing integer);
CREATE TABLE evil.emoser_grid_results (nothing integer);
CREATE TABLE evil.answer AS SELECT 'none'::pg_catalog.text AS path, public.pictures() WHERE false;
SET search_path = '';
INSERT INTO evil.answer VALUES ('empty', public.pictures());
SET search_path = evil, pg_catalog;
INSERT INTO evil.answer VALUES ('evil', public.pictures());
RESET search_path;
SELECT is(answer.pictures, right_pictures.pictures, 'pictures with search_path ' || path) FROM evil.answer, right_pictures;
SELECT * FROM finish();

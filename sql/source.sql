-- Sources: read once, columns of any name, labels of any type.
CREATE TABLE spoken (id integer, speaker text, emotion text, audio bytea);
INSERT INTO spoken
SELECT 10 * s + i, 's' || s, (ARRAY['low', 'high'])[1 + i % 2],
       emoser_wav(array_agg((0.3 * sin(x * (0.03 + 0.03 * (i % 2) + 0.002 * s)) * (1 + 0.3 * sin(x * 0.0007 * i)))::real ORDER BY x))
FROM generate_series(1, 4) AS s, generate_series(1, 6) AS i, generate_series(1, 12000) AS x GROUP BY s, i;
CREATE TABLE heard AS SELECT id, speaker, emotion, emoser_features(audio, on_no_speech => 'predict') AS features FROM spoken;

-- How often rows are read, whatever is made of them: 24 rows, 24 reads.
CREATE SEQUENCE reads;
CREATE FUNCTION tick() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN nextval('reads'); END $$;
CREATE FUNCTION n_reads() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE n bigint;
BEGIN
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO n FROM reads;
    PERFORM setval('reads', 1, false);
    RETURN n;
END $$;
CREATE VIEW counted AS SELECT tick() AS tick, spoken.* FROM spoken;
CREATE VIEW counted_features AS SELECT tick() AS tick, heard.* FROM heard;
CREATE FUNCTION reads_of(statement text) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM n_reads();
    EXECUTE statement;
    RETURN n_reads();
END $$;
SET client_min_messages = error;
SELECT reads_of($$CALL emoser_train('counted', 'mine', options => '{"degraded_copies": 0}')$$) AS train,
       reads_of($$CALL emoser_train('counted_features', 'loud')$$) AS train_on_features,
       reads_of($$CALL emoser_train('counted', 'quiet', options => '{"quiet": true, "augment": false}')$$) AS quiet,
       reads_of($$CALL emoser_train('counted', 'deep', 'cnn', '{"nets": 1, "epochs": 1, "channels": 16, "quiet": true}')$$) AS net;
SELECT reads_of($$SELECT emoser_cross_validate('counted', options => '{"augment": false}')$$) AS cross_validate,
       reads_of($$SELECT emoser_cross_predictions('counted', options => '{"augment": false}')$$) AS cross_predictions,
       reads_of($$SELECT emoser_evaluate('counted', 'mine')$$) AS evaluate,
       reads_of($$CALL emoser_grid_search('counted_features', 'lda', '{"shrinkage": [0.3, 0.6], "quiet": true}')$$) AS grid_search,
       reads_of($$SELECT emoser_verify_model('mine')$$) AS verify;
SELECT reads_of($$SELECT emoser_plot_durations('counted')$$) AS durations,
       reads_of($$SELECT emoser_plot_counts('counted')$$) AS counts,
       reads_of($$SELECT emoser_plot_counts('counted', 'emotion', 'speaker')$$) AS split,
       reads_of($$SELECT emoser_plot_space('counted')$$) AS space,
       reads_of($$SELECT emoser_plot_confusion('counted', 'mine')$$) AS confusion,
       reads_of($$SELECT emoser_plot_metrics('counted', 'mine')$$) AS metrics,
       reads_of($$SELECT emoser_plot_reliability('counted', 'mine')$$) AS reliability,
       reads_of($$SELECT emoser_plot_comparison('counted', '{mine,quiet,deep}')$$) AS comparison;
SELECT reads_of($$SELECT emoser_report('counted', 'mine')$$) AS report,
       reads_of($$SELECT emoser_report('counted_features', 'loud')$$) AS of_features,
       reads_of($$SELECT emoser_report('SELECT * FROM counted WHERE id < 40', 'mine')$$) AS new_data,
       reads_of($$SELECT emoser_report('counted', 'deep')$$) AS net,
       reads_of($$SELECT emoser_report('counted', 'deep', cross_validate => true)$$) AS cross_validated,
       reads_of($$SELECT emoser_report('spoken', 'mine', 'SELECT id, emotion AS actual, emotion AS predicted, ''{"low": 0.5}''::jsonb AS probabilities FROM counted')$$) AS given;
RESET client_min_messages;

-- Columns that are of no use are not computed: these would fail.
\set wide 'SELECT *, 1 / (id - id) AS failure, audio AS sound, id / 0 AS age FROM spoken'
CALL emoser_train(:'wide', 'wide', options => '{"quiet": true, "augment": false}');
SELECT count(*) FROM emoser_cross_validate(:'wide', options => '{"quiet": true, "augment": false, "audio": "sound"}');
SELECT count(*) FROM emoser_evaluate(:'wide', 'mine');
SELECT emoser_plot_counts(:'wide', 'emotion') IS NOT NULL AS counts, emoser_plot_durations(:'wide') IS NOT NULL AS durations,
       emoser_report(:'wide', 'mine', cross_validate => false) IS NOT NULL AS report;
SELECT emoser_plot_counts(:'wide', 'failure');
-- Of rows that are kept, models may want recordings and features.
SET client_min_messages = error;
SELECT emoser_plot_comparison('SELECT * FROM spoken JOIN heard USING (id, speaker, emotion)', '{loud,deep,mine}') IS NOT NULL AS compared;
RESET client_min_messages;
-- Two of a name are no choice, unless it isn't used.
SELECT count(*) FROM emoser_evaluate('SELECT *, id AS other, speaker AS other FROM spoken', 'mine');
SELECT emoser_evaluate('SELECT *, ''s1'' AS speaker FROM spoken', 'mine');

-- Columns of other names.
CREATE TABLE calls AS SELECT id AS call, speaker AS caller, CASE WHEN speaker < 's3' THEN 'north' ELSE 'south' END AS office,
    emotion AS feeling, features AS numbers FROM heard;
CALL emoser_train('calls', 'called', options => '{"label": "feeling", "speaker": "caller", "features": "numbers"}');
SELECT options ->> 'label' AS label, options ->> 'speaker' AS speaker, options ? 'group' AS has_group, labels, n_speakers,
       data_hash = (SELECT data_hash FROM emoser_models WHERE name = 'loud') AS same_data
FROM emoser_models WHERE name = 'called';
SELECT data_same, options_same, weights_same FROM emoser_verify_model('called');
SELECT held_out, n FROM emoser_cross_validate('calls', options => '{"label": "feeling", "speaker": "caller", "features": "numbers"}');
SELECT held_out, n, uar_with_profile IS NOT NULL AS has_profile
FROM emoser_cross_validate('calls', options => '{"label": "feeling", "speaker": "caller", "features": "numbers", "group": "office"}');
SELECT id, speaker, actual, held_out
FROM emoser_cross_predictions('calls', options => '{"label": "feeling", "features": "numbers", "group": "office", "id": "call"}') LIMIT 2;
\set names '{"label": "feeling", "speaker": "caller", "features": "numbers", "id": "call"}'
SELECT md5(string_agg(e::text, ',')) = (SELECT md5(string_agg(h::text, ',')) FROM emoser_evaluate('heard', 'called') AS h) AS same
FROM emoser_evaluate('calls', 'called', :'names') AS e;
SELECT emoser_plot_confusion('calls', 'called', options => :'names') = emoser_plot_confusion('heard', 'called') AS confusion,
       emoser_plot_metrics('calls', 'called', options => :'names') = emoser_plot_metrics('heard', 'called') AS metrics,
       emoser_plot_reliability('calls', 'called', options => :'names') = emoser_plot_reliability('heard', 'called') AS reliability,
       emoser_plot_comparison('calls', '{called,loud}', options => :'names') = emoser_plot_comparison('heard', '{called,loud}') AS comparison,
       emoser_plot_space('calls', 'lda', options => :'names') = emoser_plot_space('heard') AS space;
SELECT regexp_replace(substring(emoser_report('calls', 'called', options => :'names') FROM 'SELECT emoser_report.*;</pre>'), '@[0-9]+', '@n') AS report;
SELECT emoser_evaluate('calls', 'called');
SELECT emoser_evaluate('calls', 'called', '{"labels": "feeling"}');
SELECT emoser_evaluate('calls', 'called', '{"shrinkage": 0.5}');
SELECT emoser_evaluate('calls', 'called', NULL);
SELECT * FROM emoser_cross_validate('calls', options => '{"label": "feelings", "features": "numbers"}');
SELECT * FROM emoser_cross_validate('calls', options => '{"label": "feeling", "features": "numbers", "speaker": "speaker"}');
SELECT * FROM emoser_cross_validate('calls', options => '{"label": ""}');
SELECT * FROM emoser_cross_validate('SELECT *, 1 AS one FROM heard', options => '{"group": "one"}');
CALL emoser_train('calls', 'called', 'ensemble', '{"lda": {"label": "feeling"}}');

-- Labels and speakers of any type that has a text.
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE DOMAIN short_text AS varchar(10) CHECK (VALUE <> '');
CREATE FUNCTION labels_of(expression text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CALL emoser_train(%L, ''typed'', options => ''{"quiet": true}'')',
        format('SELECT %s AS emotion, %s AS speaker, features FROM heard', expression, replace(expression, 'emotion', 'speaker')));
    RETURN (SELECT labels::text || ' ' || (data_hash = (SELECT data_hash FROM emoser_models WHERE name = 'loud'))
            FROM emoser_models WHERE name = 'typed' ORDER BY version DESC LIMIT 1);
END $$;
SELECT expression, labels_of(expression)
FROM unnest(ARRAY['emotion::text', 'emotion::varchar', 'emotion::char(20)', 'emotion::name', 'emotion::short_text', '''  '' || emotion || E'' \t''']) AS e (expression);
CALL emoser_train('SELECT emotion::mood AS emotion, length(speaker) AS speaker, features FROM heard', 'moody', options => '{"quiet": true}');
CALL emoser_train('SELECT length(emotion) AS emotion, features FROM heard', 'counted', options => '{"quiet": true}');
SELECT name, labels FROM emoser_models WHERE name IN ('moody', 'counted') ORDER BY name;
SELECT scope, name, metric, value FROM emoser_evaluate('SELECT emotion::char(9), features FROM heard', 'loud') WHERE metric IN ('war', 'support');
-- What differs in case or blanks is told apart, and said.
CALL emoser_train($$SELECT CASE WHEN id % 10 > 3 THEN upper(emotion) WHEN id < 20 THEN 'h igh' ELSE emotion END AS emotion,
    CASE WHEN id % 2 = 0 THEN initcap(speaker) ELSE speaker END AS speaker, features FROM heard$$, 'alike');
SELECT labels, n_speakers FROM emoser_models WHERE name = 'alike';
-- NULL is skipped, an empty text is an error, and so are blanks.
CALL emoser_train('SELECT nullif(emotion, CASE WHEN id = 11 THEN emotion END) AS emotion, features FROM heard', 'some');
CALL emoser_train('SELECT CASE WHEN id <> 11 THEN emotion ELSE '' '' END AS emotion, features FROM heard', 'some');

-- Channels: two speakers on one recording, and rows that say which of them.
CREATE FUNCTION stereo("left" real[], "right" real[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT overlay(overlay(overlay(wav PLACING '\x0200' FROM 23) PLACING '\x00fa0000' FROM 29) PLACING '\x0400' FROM 33)
    FROM (SELECT emoser_wav(array_agg(sample ORDER BY place, side)) AS wav
          FROM unnest(ARRAY[1, 2], ARRAY["left"::text, "right"::text]) AS sides (side, samples),
               unnest(samples::real[]) WITH ORDINALITY AS s (sample, place)) AS w
$$;
CREATE TABLE both_sides AS
SELECT l.id, stereo(emoser_samples(l.audio), emoser_samples(r.audio)) AS audio
FROM spoken AS l JOIN spoken AS r ON r.id = l.id + 10 WHERE l.speaker IN ('s1', 's3');
CREATE VIEW sides AS
SELECT s.id, s.speaker, s.emotion, b.audio, CASE WHEN b.id = s.id THEN 1 ELSE 2 END AS channel
FROM both_sides AS b JOIN spoken AS s ON s.id IN (b.id, b.id + 10);
SELECT count(*) AS recordings, bool_and(emoser_features(b.audio, b.channel, 'predict') = h.features) AS same_features
FROM sides AS b JOIN heard AS h USING (id);
CALL emoser_train('sides', 'sides', options => '{"augment": false}');
CALL emoser_train('spoken', 'alone', options => '{"augment": false}');
SELECT a.metrics = b.metrics AS same_metrics
FROM emoser_models AS a, emoser_models AS b WHERE a.name = 'sides' AND b.name = 'alone';
SELECT data_same, options_same, weights_same FROM emoser_verify_model('sides');
SELECT metric, value FROM emoser_evaluate('SELECT audio, emotion, channel AS side FROM sides', 'alone', '{"channel": "side"}') WHERE metric = 'war';
SELECT count(*) FILTER (WHERE predicted = actual) FROM emoser_cross_predictions('SELECT id, speaker, audio, emotion, channel::smallint FROM sides', options => '{"augment": false}');
SELECT (SELECT count(*) FROM regexp_matches(emoser_report('sides', 'alone'), '<audio', 'g')) > 0 AS has_players;
-- A column of text that is called so is another thing; but not if it was named.
SELECT emoser_evaluate($$SELECT audio, emotion, 'phone' AS channel FROM spoken$$, 'alone') IS NULL AS is_null LIMIT 1;
SELECT emoser_evaluate($$SELECT audio, emotion, 'phone' AS channel FROM spoken$$, 'alone', '{"channel": "channel"}');
SELECT emoser_evaluate('SELECT audio, emotion, channel::double precision FROM sides', 'alone');
SELECT emoser_evaluate('sides', 'alone', '{"channel": "side"}');
-- Rows have numbers where no workers read them.
SET max_parallel_workers_per_gather = 0;
SELECT emoser_evaluate('SELECT audio, emotion, channel - 1 AS channel FROM sides', 'alone');
RESET max_parallel_workers_per_gather;
SELECT emoser_evaluate('SELECT id, audio, emotion, channel + 1 AS channel FROM sides WHERE id = 12', 'alone');
SELECT metric, value, n FROM emoser_evaluate('SELECT id, audio, emotion, channel + id % 2 AS channel FROM sides', 'alone', '{"on_bad_audio": "null"}') WHERE metric = 'war';
-- Names that other tests use.
SET client_min_messages = error;
DROP TABLE heard CASCADE;
SELECT count(emoser_drop_model(name)) AS dropped FROM unnest('{mine,moody,typed}'::text[]) AS name;

-- Pre-trained encoders: who may use, import and drop them; SQLSTATEs; what is computed alike however it is asked for.
\getenv encoders EMOSER_ENCODERS
SELECT no_plan();
SET client_min_messages = warning;
CREATE ROLE pgtap_nobody;
CREATE ROLE pgtap_analyst;
CREATE ROLE pgtap_trainer;
CREATE ROLE pgtap_other_trainer;
GRANT SELECT ON emoser_models TO pgtap_analyst;
GRANT SELECT, INSERT, UPDATE, DELETE ON emoser_models, emoser_trainings, emoser_training_history, emoser_training_checkpoints, emoser_grid_runs, emoser_grid_results
TO pgtap_trainer, pgtap_other_trainer;
CREATE TABLE given AS
SELECT pg_read_file(:'encoders' || '/wavlm_base/config.json')::jsonb AS config, pg_read_binary_file(:'encoders' || '/wavlm_base/model.safetensors') AS weights,
    (SELECT emoser_wav(array_agg((0.5 * sin(i * 0.05 + 3 * sin(i * 0.002)))::real ORDER BY i)) FROM generate_series(1, 16000) AS i) AS audio;
CREATE TABLE result (what text, embedding real[]);
GRANT SELECT ON given TO PUBLIC;
GRANT ALL ON result TO PUBLIC;
CREATE FUNCTION raises(state text, statement text) RETURNS SETOF text LANGUAGE sql AS
$$SELECT throws_ok(statement, state::char(5), NULL, state || ': ' || statement)$$;
CREATE FUNCTION audio() RETURNS bytea LANGUAGE sql STABLE AS 'SELECT audio FROM given';

-- Who trains, imports.
SET ROLE pgtap_analyst;
SELECT raises('42501', $$SELECT emoser_import_encoder('tiny', config, weights) FROM given$$);
SET ROLE pgtap_trainer;
SELECT matches(emoser_import_encoder('tiny', config, weights), '^[0-9a-f]{64}$', 'a trainer imports') FROM given;
SELECT raises('42501', $$SELECT emoser_import_encoder_file('file', '/nowhere')$$);
SELECT is((SELECT owner FROM emoser_encoder_list), 'pgtap_trainer', 'whose it is');
INSERT INTO result SELECT current_user, emoser_embed(audio, 'tiny', on_no_speech => 'predict') FROM given;
SET ROLE pgtap_other_trainer;
SELECT raises('42501', $$SELECT emoser_drop_encoder('tiny')$$);
SELECT raises('42710', $$SELECT emoser_import_encoder('tiny', config, weights, dtype => 'f16') FROM given$$);

-- Who predicts, embeds; others don't, also where the session has it mapped already.
SET ROLE pgtap_analyst;
INSERT INTO result SELECT current_user, emoser_embed(audio, 'tiny', on_no_speech => 'predict') FROM given;
INSERT INTO result SELECT 'by value', emoser_embed(audio, emoser_encoder_value('tiny'), on_no_speech => 'predict') FROM given;
SELECT raises('42501', statement) FROM unnest(ARRAY[$$SELECT emoser_drop_encoder('tiny')$$, $$DELETE FROM emoser_encoders$$,
    $$UPDATE emoser_encoder_pieces SET bytes = ''$$, $$INSERT INTO emoser_encoder_pieces SELECT * FROM emoser_encoder_pieces$$]) AS statement;
RESET ROLE;
SELECT set_config('pgtap.tiny', emoser_encoder_value('tiny')::text, false);
SET ROLE pgtap_nobody;
SELECT is_empty('SELECT * FROM ' || t, 'nothing of ' || t) FROM unnest('{emoser_encoders,emoser_encoder_pieces,emoser_encoder_list}'::text[]) AS t;
-- Nor is it told which names there are.
SELECT raises('42501', statement) FROM unnest(ARRAY[$$SELECT emoser_embed(audio(), 'tiny')$$, $$SELECT emoser_encoder_value('tiny')$$,
    format($$SELECT emoser_embed(audio(), %L::emoser_encoder)$$, current_setting('pgtap.tiny')), $$SELECT emoser_embed(audio(), 'none')$$,
    $$SELECT emoser_drop_encoder('tiny')$$]) AS statement;
SELECT raises('42501', $$SELECT emoser_import_encoder('mine', config, weights) FROM given$$);
RESET ROLE;
INSERT INTO result SELECT current_user, emoser_embed(audio, 'tiny', on_no_speech => 'predict') FROM given;
SELECT is(count(*), 4::bigint, 'all have embedded') FROM result;
SELECT is(count(DISTINCT embedding), 1::bigint, 'and the same') FROM result;

-- SQLSTATEs.
SELECT raises('22P02', format('SELECT %L::emoser_encoder', value)) FROM unnest(ARRAY['', 'tiny', 'emoser-encoder:1:', 'emoser-encoder:1:' || repeat('g', 64)]) AS value;
SELECT raises('42704', statement) FROM unnest(ARRAY[$$SELECT emoser_embed(audio(), 'none')$$, $$SELECT emoser_embed(audio(), '')$$,
    format($$SELECT emoser_embed(audio(), %L::emoser_encoder)$$, 'emoser-encoder:1:' || repeat('0', 64)), $$SELECT emoser_encoder_value('none')$$]) AS statement;
SELECT raises('22023', format($$SELECT emoser_embed(audio(), 'tiny', %s)$$, bad))
FROM unnest(ARRAY['layer => 3', 'layer => -1', 'layer => 2147483647', 'pooling => ''max''', 'pooling => ''''', 'hear => ''some''', 'channel => 0', 'channel => 2',
                  'on_no_speech => ''some''', 'on_bad_audio => ''some''']) AS bad;
SELECT raises('22000', $$SELECT emoser_embed('x', 'tiny')$$);
SELECT raises('22M02', $$SELECT emoser_embed(emoser_wav('{0.1}'), 'tiny', on_no_speech => 'error')$$);
SELECT raises('22M03', $$SELECT emoser_embed(emoser_wav('{0.1}'), 'tiny', on_no_speech => 'predict')$$);

-- Loudness matters to no encoder that normalises, and resampling little; a layer is what frames of it come to.
SELECT lives_ok($$SELECT emoser_import_encoder('plain', config, weights, '{"do_normalize": false}') FROM given$$, 'an encoder that does not normalise');
SELECT isnt(emoser_encoder_value('plain'), emoser_encoder_value('tiny'), 'is another one than what normalises, as by default');
CREATE TABLE soft AS SELECT emoser_wav((SELECT array_agg((s / 8)::real ORDER BY i) FROM unnest(emoser_samples(audio, 16000)) WITH ORDINALITY AS u (s, i)), 16000, 'float32') AS soft, audio FROM given;
SELECT cmp_ok(max(abs(s - l)), '<', 0.001::real, 'which hears the same in what is soft')
FROM soft, unnest(emoser_embed(soft, 'tiny', hear => 'all'), emoser_embed(audio, 'tiny', hear => 'all')) AS u (s, l);
SELECT is(array_length(emoser_embed(audio, 'tiny', pooling => 'none', hear => 'all'), 1), 49, 'a second has 49 frames') FROM given;

-- By value an expression may be in an index or a generated column, by name not.
SELECT lives_ok(format('ALTER TABLE given ADD embedding real[] GENERATED ALWAYS AS (emoser_embed(audio, %L::emoser_encoder, hear => ''all'')) STORED', emoser_encoder_value('tiny')),
    'a generated column by value');
SELECT raises('42P17', $$ALTER TABLE given ADD other real[] GENERATED ALWAYS AS (emoser_embed(audio, 'tiny')) STORED$$);
SELECT is(embedding, emoser_embed(audio, 'tiny', hear => 'all'), 'has what the function gives') FROM given;

SET ROLE pgtap_trainer;
SELECT lives_ok($$SELECT emoser_drop_encoder('tiny')$$, 'whoever has imported it may drop it');
SELECT raises('42704', $$SELECT emoser_embed(audio(), 'tiny')$$);
RESET ROLE;
SELECT * FROM finish();

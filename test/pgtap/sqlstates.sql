-- The SQLSTATE of each kind of error, for each function that can raise it.
SELECT no_plan();
SET client_min_messages = error;

CREATE TABLE toy AS
SELECT (i % 2)::text AS emotion, (i % 3)::text AS speaker, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features
FROM generate_series(1, 30) AS i;
CALL emoser_train('toy', 'toy', options => '{"quiet": true}');
CREATE TABLE tone AS
SELECT samples, emoser_wav(samples) AS audio
FROM (SELECT array_agg(sin(i * 0.1)::real ORDER BY i) AS samples FROM generate_series(1, 16000) AS i) AS s;
CREATE FUNCTION tone() RETURNS bytea LANGUAGE sql AS 'SELECT audio FROM tone';
CREATE FUNCTION samples() RETURNS real[] LANGUAGE sql AS 'SELECT samples FROM tone';
CREATE FUNCTION toy() RETURNS emoser_model LANGUAGE sql AS $$SELECT model FROM emoser_model_values WHERE name = 'toy'$$;
CALL emoser_train($$SELECT emoser_wav(array_agg((sin(i * 0.02 * j) * (i % (900 + j)) / 900)::real ORDER BY i)) AS audio,
                                     (j % 2)::text AS emotion
                              FROM generate_series(1, 8000) AS i, generate_series(1, 6) AS j GROUP BY j$$, 'voices',
                  options => '{"quiet": true, "augment": false}');
CREATE FUNCTION voices() RETURNS emoser_model LANGUAGE sql AS $$SELECT model FROM emoser_model_values WHERE name = 'voices'$$;
CREATE FUNCTION voice() RETURNS emoser_speaker_profile LANGUAGE sql AS 'SELECT emoser_profile(emoser_features(audio)) FROM tone';
CREATE FUNCTION profile() RETURNS emoser_speaker_profile LANGUAGE sql AS 'SELECT emoser_profile(features) FROM toy';
CREATE FUNCTION raises(state text, statement text) RETURNS SETOF text LANGUAGE sql AS
$$SELECT throws_ok(statement, state::char(5), NULL, state || ': ' || statement)$$;

-- 2202E, array_subscript_error: frames or channels in the place of a vector.
SELECT raises('2202E', statement) FROM unnest(ARRAY[
    $$SELECT emoser_wav('{{0.1,0.2},{0.3,0.4}}')$$,
    $$SELECT emoser_mfcc_of_samples('{{0.1,0.2},{0.3,0.4}}')$$,
    $$SELECT emoser_mel_of_samples('{{0.1,0.2},{0.3,0.4}}')$$,
    $$SELECT emoser_predict_features('{{0.1,1}}'::real[], 'toy')$$,
    $$SELECT emoser_predict_features('{{0.1},{1}}'::float8[], toy())$$,
    $$SELECT emoser_profile(ARRAY[features]) FROM toy$$,
    $$CALL emoser_train('SELECT emotion, ARRAY[features, features] AS features FROM toy', 'frames')$$]) AS statement;

-- 42702, ambiguous_column: one of two columns of a name would be taken at random.
SELECT raises('42702', format($$CALL emoser_train('SELECT emotion, features, %s FROM toy', 'toy')$$, twice))
FROM unnest('{speaker AS emotion,features,"speaker, speaker"}'::text[]) AS twice;
SELECT lives_ok($$CALL emoser_train('SELECT emotion, features, 1 AS other, 2 AS other FROM toy', 'toy')$$, 'others may be there twice');
SELECT lives_ok($$CALL emoser_train('SELECT*FROM toy', 'toy')$$, 'a query needs no blank after SELECT');

-- 22023, invalid_parameter_value: a parameter out of its range.
SELECT raises('22023', format('SELECT %s, %s)', call, bad))
FROM unnest('{emoser_mfcc(tone(),emoser_mel(tone(),emoser_mfcc_of_samples(samples(),emoser_mel_of_samples(samples()}'::text[]) AS call,
     unnest(ARRAY['n_mels => 0', 'n_mels => 513', 'sample_rate => 999', 'sample_rate => 768001', 'n_fft => 15',
                  'n_fft => 65537', 'win_length => 0', 'win_length => 513', 'hop_length => 0', 'hop_length => 65537',
                  'fmin => -1', 'fmin => 8000', 'fmin => ''NaN''', 'fmax => 8001', 'fmax => ''inf''',
                  'fmin => 500, fmax => 400', 'mel_scale => ''bark''', 'mel_norm => ''''', 'window_name => ''kaiser''',
                  'top_db => -1', 'top_db => ''NaN''', 'preemphasis => -0.1', 'preemphasis => 1.1', 'power => 0', 'power => 3',
                  'pad_mode => ''edge''', 'full_scale => 0', 'full_scale => ''NaN''', 'preset => ''kaldy''']) AS bad;
SELECT raises('22023', format('SELECT %s(''{{1,2},{3,4}}'', %s)', f, bad))
FROM unnest('{emoser_mel_to_wav,emoser_mfcc_to_wav}'::text[]) AS f,
     unnest(ARRAY['n_mels => 0', 'n_mels => 513', 'sample_rate => 999', 'n_fft => 65537', 'win_length => 513', 'hop_length => 0',
                  'hop_length => 401', 'fmin => 8000', 'fmax => 8001', 'mel_scale => ''bark''', 'window_name => ''kaiser''',
                  'top_db => -1', 'preemphasis => 1.1', 'iterations => -1', 'iterations => 1001']) AS bad;
SELECT raises('22023', format('SELECT %s, %s)', call, bad))
FROM unnest('{emoser_mfcc(tone(),emoser_mfcc_of_samples(samples()}'::text[]) AS call,
     unnest(ARRAY['n_mfcc => 0', 'n_mfcc => 41', 'lifter => -1', 'lifter => ''NaN''', 'deltas => -1', 'deltas => 3',
                  'delta_width => 1', 'delta_width => 4', 'delta_width => 103', 'dct_type => 0', 'dct_type => 4']) AS bad;
SELECT raises('22023', statement) FROM unnest(ARRAY[
    'SELECT emoser_samples(tone(), 0)',
    'SELECT emoser_samples(tone(), 999)',
    'SELECT emoser_samples(tone(), 768001)',
    'SELECT emoser_samples(tone(), -1)',
    $$SELECT emoser_wav('{}')$$,
    $$SELECT emoser_wav('{NaN}')$$,
    $$SELECT emoser_wav('{inf}')$$,
    $$SELECT emoser_wav('{0}', 999)$$,
    $$SELECT emoser_wav('{0}', 768001)$$,
    $$SELECT emoser_wav('{0}', encoding => 'pcm24')$$,
    $$SELECT emoser_augment(tone(), 'echo')$$,
    $$SELECT emoser_augment(tone(), 'pitch', 13)$$,
    $$SELECT emoser_augment(tone(), 'vtlp', 'NaN')$$,
    $$SELECT emoser_mel_to_wav('{1,2}')$$,
    $$SELECT emoser_mel_to_wav('{{NaN}}')$$,
    $$SELECT emoser_mel_to_wav('{{201}}')$$,
    $$SELECT emoser_mfcc_to_wav('{}')$$,
    $$SELECT emoser_mfcc_to_wav('{{1,inf}}')$$,
    $$SELECT emoser_mfcc_of_samples('{}'::real[])$$,
    $$SELECT emoser_mel_of_samples('{}'::real[])$$,
    $$SELECT emoser_mfcc_of_samples('{1,NaN}'::real[])$$,
    $$SELECT emoser_mel_of_samples('{2e9}'::real[])$$,
    $$CALL emoser_train('toy', 'm', 'svm')$$,
    $$CALL emoser_train('toy', 'm', options => '1')$$,
    $$CALL emoser_train('toy', 'm', options => '{"unknown": 1}')$$,
    $$CALL emoser_train('toy', 'm', options => '{"shrinkage": 2}')$$,
    $$CALL emoser_train('toy', 'm', options => '{"shrinkage": "1"}')$$,
    $$CALL emoser_train('toy', 'm', options => '{"seed": -1}')$$,
    $$CALL emoser_train('toy', 'm', options => '{"seed": 1e300}')$$,
    $$CALL emoser_train('toy', 'm', options => '{"priors": "equally"}')$$,
    $$SELECT emoser_cross_validate('toy', 'svm')$$,
    $$SELECT emoser_cross_validate('toy', options => '{"unknown": 1}')$$,
    $$SELECT emoser_cross_validate('toy', protocol => 'none')$$,
    $$SELECT emoser_cross_predictions('toy', protocol => 'kfold', k => 1)$$,
    $$SELECT emoser_cross_predictions('SELECT emotion, features FROM toy', protocol => 'kfold', k => 31)$$,
    $$SELECT emoser_cross_predictions('toy', protocol => 'speakers', k => 1)$$,
    $$SELECT emoser_cross_predictions('toy', protocol => 'speakers', k => 100)$$,
    $$SELECT emoser_cross_predictions('toy', protocol => 'holdout', share => 0)$$,
    $$SELECT emoser_cross_predictions('toy', seed => -1)$$,
    $$SELECT emoser_cross_predictions('toy', options => '{"group": "emotion"}', protocol => 'loso')$$,
    $$SELECT emoser_cross_predictions('toy', options => '{"labels": ["a"]}')$$,
    $$SELECT emoser_evaluate('toy', 'toy', '{"labels": {"a": 1}}')$$,
    $$SELECT emoser_drift('toy', 'toy', '{"label": "emotion"}')$$,
    $$SELECT emoser_drift('SELECT features, now() AS t FROM toy', 'toy', '{"time": "t", "bucket": "1 month"}')$$,
    $$SELECT emoser_drift('toy', 'toy', '{"bucket": 3}')$$,
    $$CALL emoser_train('toy', 'm', options => '{"labels": {"": "a"}}')$$,
    $$CALL emoser_train('toy', 'm', options => '{"balance": "all"}')$$,
    $$CALL emoser_grid_search('toy', 'lda', '[]')$$,
    $$CALL emoser_grid_search('toy', 'lda', '{"shrinkage": 3}')$$,
    $$CALL emoser_grid_search('toy', 'lda', '{"shrinkage": []}')$$,
    $$CALL emoser_grid_search('toy', 'lda', '{}', budget => 0)$$,
    $$SELECT emoser_predict_features('{1,2}'::real[], toy(), min_confidence => 1.5)$$,
    $$SELECT emoser_segments(tone(), window_s => 0)$$,
    $$SELECT emoser_segments(tone(), window_s => 'NaN')$$,
    $$SELECT emoser_segments(tone(), hop_s => 3601)$$,
    $$SELECT emoser_turns(tone(), min_turn_s => 1, max_turn_s => 3.9)$$,
    $$SELECT emoser_turns(tone(), turns => '[{"start": 0}]')$$,
    $$SELECT emoser_moments('[{"start": 0}]'::jsonb)$$, $$SELECT emoser_moments(tone(), attend_to => '{nobody}')$$, $$SELECT emoser_moments('{0}'::float8[], '{NaN}', '{anger}')$$,
    $$SELECT emoser_talk('[{"start": 0, "end": 2}]'::jsonb, 1)$$, $$SELECT emoser_talk(tone(), min_overlap_s => 'NaN')$$, $$SELECT emoser_entropy('{"anger": 0.5}')$$,
    $$SELECT emoser_turns(tone(), starts => '{0}', ends => '{1000}')$$,
    $$SET emoser.max_audio_duration = 0$$,
    $$SELECT emoser_parse_corpus('a.wav', 'none')$$,
    $$CALL emoser_load_corpus('/tmp', 'none')$$,
    $$SET emoser.allowed_channels = '0'$$,
    $$SET emoser.allowed_channels = ''$$,
    $$SELECT emoser_samples(tone(), on_bad_audio => 'skip')$$]) AS statement;

-- 22000, data_exception: bytes that are no recording.
SELECT raises('22000', format(call, bad))
FROM unnest(ARRAY['SELECT emoser_audio_info(%s)', 'SELECT emoser_samples(%s)', 'SELECT emoser_mfcc(%s)',
                  'SELECT emoser_mel(%s)', 'SELECT emoser_pitch(%s)', 'SELECT emoser_features(%s)',
                  'SELECT emoser_predict(%s, voices())', 'SELECT emoser_predict_proba(%s, voices())',
                  $$SELECT emoser_predict(%s, 'voices')$$, $$SELECT emoser_predict_proba(%s, 'voices')$$,
                  $$SELECT emoser_predict(%s, 'voices', voice())$$, $$SELECT emoser_segments(%s, model => 'voices')$$, $$SELECT emoser_turns(%s, model => 'voices')$$,
                  $$SELECT emoser_predict(%s, 'voices', min_confidence => 0.5)$$,
                  $$CALL emoser_train('SELECT %s AS audio, i::text AS emotion FROM generate_series(1, 2) AS i', 'm')$$]) AS call,
     unnest(ARRAY['''''::bytea', '''no recording''::bytea', 'substr(tone(), 1, 40)']) AS bad
WHERE call LIKE 'SELECT%' OR bad LIKE 'substr%';
-- Features and profiles that can't be.
SELECT raises('22000', statement) FROM unnest(ARRAY[
    $$SELECT emoser_predict_features('{1}'::real[], 'toy')$$,
    $$SELECT emoser_predict_features('{}'::real[], toy())$$,
    $$SELECT emoser_predict_features('{1,NaN}'::real[], toy())$$,
    $$SELECT emoser_predict_features('{1,-Infinity}'::real[], 'toy', profile())$$,
    $$SELECT emoser_predict_proba_features('{1,2,3}'::real[], 'toy')$$,
    $$SELECT emoser_predict_proba_features('{1,NaN}'::real[], toy(), profile())$$,
    $$SELECT emoser_predict_features('{1,2}'::real[], 'toy', ROW(0, '{1,2}', '{1,2}')::emoser_speaker_profile)$$,
    $$SELECT emoser_predict_features('{1,2}'::real[], 'toy', ROW(NULL, '{1,2}', '{1,2}')::emoser_speaker_profile)$$,
    $$SELECT emoser_predict_features('{1,2}'::real[], 'toy', ROW(1, '{1}', '{1}')::emoser_speaker_profile)$$,
    $$SELECT emoser_predict_features('{1,2}'::real[], 'toy', ROW(1, '{1,2}', '{1,-2}')::emoser_speaker_profile)$$,
    $$SELECT emoser_predict_features('{1,2}'::real[], 'toy', ROW(1, '{1,NaN}', '{1,2}')::emoser_speaker_profile)$$,
    $$SELECT emoser_cross_validate('SELECT * FROM toy WHERE speaker = ''1''')$$,
    $$SELECT emoser_cross_validate('SELECT emotion, emotion AS speaker, features FROM toy')$$,
    $$SELECT emoser_evaluate('SELECT emotion, features[1:1] AS features FROM toy', 'toy')$$,
    $$SELECT emoser_profile(f) FROM (VALUES ('{1,2}'::real[]), ('{1}')) AS v (f)$$,
    $$SELECT emoser_profile('{1,NaN}'::real[])$$,
    $$SELECT emoser_profile('{}'::real[])$$,
    $$CALL emoser_train('SELECT * FROM toy WHERE emotion = ''1''', 'm')$$,
    $$CALL emoser_train('SELECT * FROM toy UNION ALL VALUES (''2'', ''1'', ''{1,2}''::real[])', 'm')$$,
    $$CALL emoser_train('SELECT * FROM toy UNION ALL VALUES (''1'', ''1'', ''{1}''::real[])', 'm')$$,
    $$CALL emoser_train('SELECT * FROM toy UNION ALL VALUES (''1'', ''1'', ''{1,NaN}''::real[])', 'm')$$,
    $$CALL emoser_train('SELECT * FROM toy UNION ALL VALUES ('''', ''1'', ''{1,2}''::real[])', 'm')$$]) AS statement;

-- 22004, null_value_not_allowed.
SELECT raises('22004', statement) FROM unnest(ARRAY[
    $$SELECT emoser_mel_to_wav('{{1,2}}', iterations => NULL)$$,
    $$SELECT emoser_mfcc_of_samples('{1,NULL}'::real[])$$,
    $$SELECT emoser_wav('{1,NULL}')$$,
    $$SELECT emoser_predict_features('{1,NULL}'::real[], 'toy')$$,
    $$SELECT emoser_profile('{1,NULL}'::real[])$$,
    $$SELECT emoser_predict_features('{1,2}'::real[], 'toy', ROW(1, NULL, '{1,2}')::emoser_speaker_profile)$$,
    $$SELECT emoser_predict_features('{1,2}'::real[], 'toy', ROW(1, '{1,2}', '{1,NULL}')::emoser_speaker_profile)$$,
    $$CALL emoser_train('toy', NULL)$$,
    $$CALL emoser_train(NULL, 'm')$$,
    $$CALL emoser_train('toy', 'm', NULL)$$,
    $$CALL emoser_train('toy', 'm', options => NULL)$$,
    $$CALL emoser_train('SELECT ''{1,NULL}''::real[] AS features, i::text AS emotion FROM generate_series(1, 2) AS i', 'm')$$,
    $$SELECT emoser_cross_validate(NULL)$$,
    $$SELECT emoser_cross_predictions('toy', protocol => NULL)$$,
    $$SELECT emoser_evaluate(NULL, 'toy')$$,
    $$SELECT emoser_drift('toy', NULL)$$,
    $$SELECT emoser_plot_drift('toy', 'toy', options => NULL)$$,
    $$CALL emoser_grid_search('toy', 'lda', NULL)$$,
    $$CALL emoser_load_corpus('/tmp', NULL)$$,
    $$CALL emoser_load_emodb(NULL)$$,
    $$CALL emoser_load_emodb('/tmp', NULL)$$]) AS statement;

-- 42501, insufficient_privilege: voices that may not be judged.
SET emoser.allowed_channels = '2';
SELECT raises('42501', statement) FROM unnest(ARRAY[$$SELECT emoser_predict(tone())$$, $$SELECT emoser_samples(tone(), on_bad_audio => 'null')$$,
    $$SELECT emoser_turns(tone())$$, $$SELECT emoser_cut(tone(), channel => 1)$$]) AS statement;
RESET emoser.allowed_channels;

-- 54000, program_limit_exceeded: more than is allowed.
SET emoser.max_audio_duration = '1s';
CREATE FUNCTION long_tone() RETURNS bytea LANGUAGE sql AS 'SELECT emoser_wav(samples || samples) FROM tone';
CREATE FUNCTION big_grid() RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('seed', jsonb_agg(i), 'shrinkage', jsonb_agg(i / 1001.0)) FROM generate_series(1, 1001) AS i
$$;
SELECT raises('54000', statement) FROM unnest(ARRAY[
    'SELECT emoser_audio_info(long_tone())', 'SELECT emoser_samples(long_tone())', 'SELECT emoser_mfcc(long_tone())',
    $$SELECT emoser_segments(long_tone(), model => 'voices')$$,
    $$SELECT emoser_uar(i::text, '1') FROM generate_series(1, 1001) AS i$$, $$SELECT emoser_war(repeat('x', 256), '1')$$,
    $$CALL emoser_grid_search('toy', 'lda', big_grid())$$,
    'SELECT emoser_mel(long_tone())', 'SELECT emoser_pitch(long_tone())', 'SELECT emoser_features(long_tone())',
    $$CALL emoser_train('SELECT long_tone() AS audio, i::text AS emotion FROM generate_series(1, 2) AS i', 'm')$$,
    $$CALL emoser_train('SELECT ARRAY[i]::real[] AS features, i::text AS emotion FROM generate_series(1, 5000) AS i', 'm')$$,
    $$CALL emoser_train('SELECT ''{}''::real[] AS features, i::text AS emotion FROM generate_series(1, 4) AS i', 'm')$$,
    $$CALL emoser_train('SELECT ''{1}''::real[] AS features, repeat(''x'', 1000) AS emotion', 'm')$$,
    $$CALL emoser_train('SELECT ''{1}''::real[] AS features, ''x'' AS emotion, repeat(''x'', 256) AS speaker', 'm')$$]) AS statement;
SELECT lives_ok('SELECT emoser_mfcc(tone())', 'a recording of just the allowed duration is accepted');
RESET emoser.max_audio_duration;
-- 16 bits of silence are 64 kB of FLAC an hour, but 230 MB of samples: the guard counts those.
SELECT raises('54000', 'SELECT emoser_mfcc_of_samples(array_fill(0::real, ''{4000000}''), hop_length => 1, n_mfcc => 40, deltas => 2)');

-- 42704, undefined_object: a model that does not exist.
SELECT raises('42704', format('SELECT %s%s', f, call))
FROM unnest('{emoser_predict,emoser_predict_proba}'::text[]) AS f,
     unnest(ARRAY[$$(tone(), 'emodb@1')$$, $$_features('{1,2}'::real[], 'emodb@1')$$, $$(tone(), 'toi'::text)$$, $$_features('{1,2}'::real[], 'toi'::text)$$,
                  $$(tone(), 'toi', profile => profile())$$, $$_features('{1,2}'::real[], 'toi', profile())$$,
                  $$(tone(), 'toy@7')$$, $$_features('{1,2}'::real[], 'toy@7')$$]) AS call;

-- 55000, object_not_in_prerequisite_state: a model for features of one's own, given a recording.
SELECT raises('55000', format('SELECT %s()', f)) FROM unnest('{emoser_publish_models,emoser_unpublish_models}'::text[]) AS f;
SELECT raises('55000', statement) FROM unnest(ARRAY[
    $$SELECT emoser_predict(tone(), 'toy')$$, 'SELECT emoser_predict(tone(), toy())',
    $$SELECT emoser_predict_proba(tone(), 'toy', profile())$$]) AS statement;

-- Sources.
SELECT raises(state, statement) FROM (VALUES
    ('42P01', $$CALL emoser_train('nowhere', 'm')$$),
    ('42P01', $$CALL emoser_train('SELECT * FROM nowhere', 'm')$$),
    ('42703', $$CALL emoser_train('SELECT features FROM toy', 'm')$$),
    ('42703', $$SELECT emoser_drift('SELECT emotion FROM toy', 'toy')$$),
    ('42703', $$SELECT emoser_drift('toy', 'toy', '{"time": "no_such_column"}')$$),
    ('42804', $$SELECT emoser_drift('toy', 'toy', '{"time": "speaker"}')$$),
    ('22023', $$SELECT emoser_drift('SELECT features, now() AS t FROM toy', 'toy', '{"time": "t", "bucket": "fortnight"}')$$),
    ('22000', $$SELECT emoser_drift('SELECT features FROM toy WHERE false', 'toy')$$),
    ('42704', $$SELECT emoser_drift('toy', 'toi')$$),
    ('42703', $$CALL emoser_train('SELECT emotion FROM toy', 'm')$$),
    ('42703', $$CALL emoser_train('SELECT no_such_column FROM toy', 'm')$$),
    ('42804', $$CALL emoser_train('SELECT emotion, features::float8[] FROM toy', 'm')$$),
    ('42804', $$CALL emoser_train('SELECT emotion, emotion AS audio FROM toy', 'm')$$),
    ('42601', $$CALL emoser_train('SELECT FROM FROM toy', 'm')$$),
    ('42601', $$CALL emoser_train('SELECT * FROM toy; SELECT 1', 'm')$$),
    ('42601', $$CALL emoser_train('a.b.c.d', 'm')$$),
    ('42602', $$CALL emoser_train('toy', '')$$),
    ('42602', $$CALL emoser_train('toy', repeat('m', 64))$$),
    ('42602', $$CALL emoser_train('', 'm')$$),
    ('42602', $$CALL emoser_train('DROP TABLE toy', 'm')$$),
    ('P0002', $$CALL emoser_train('SELECT * FROM toy WHERE false', 'm')$$),
    ('0A000', $$CALL emoser_train('nowhere.public.toy', 'm')$$),
    ('0A000', $$CALL emoser_train('WITH d AS (DELETE FROM toy RETURNING *) SELECT * FROM d', 'm')$$)
) AS v (state, statement);
SELECT raises('58P01', $$CALL emoser_load_emodb('/nonexistent')$$);

-- Models from text and bytes.
SELECT raises(state, statement) FROM (VALUES
    ('22P02', $$SELECT ''::emoser_model$$),
    ('22P02', $$SELECT 'model'::emoser_model$$),
    ('22P02', $$SELECT 'emoser-model:2:AAAA'::emoser_model$$),
    ('XX001', $$SELECT 'emoser-model:1:'::emoser_model$$),
    ('XX001', $$SELECT 'emoser-model:1:AAAA'::emoser_model$$),
    ('XX001', $$SELECT 'emoser-model:1:?'::emoser_model$$),
    ('XX001', $$SELECT left(toy()::text, 200)::emoser_model$$),
    ('XX001', $$SELECT overlay(toy()::text PLACING 'AAAAAAAA' FROM 300)::emoser_model$$)
) AS v (state, statement);

-- 57014, query_canceled.
CREATE TABLE long AS SELECT emoser_wav(array_fill(0.1::real, '{48000000}')) AS audio;
CREATE FUNCTION is_canceled(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN false;
-- OTHERS, as in throws_ok(), leaves this one out.
EXCEPTION WHEN query_canceled THEN
    RETURN true;
END
$$;
-- A timeout ends the statement at hand, and so needs one for each test.
SET statement_timeout = '50ms';
SELECT ok(is_canceled('SELECT emoser_features(audio) FROM long'), '57014: emoser_features');
SELECT ok(is_canceled('SELECT emoser_mfcc(audio) FROM long'), '57014: emoser_mfcc');
SELECT ok(is_canceled('SELECT emoser_mel(audio) FROM long'), '57014: emoser_mel');
SELECT ok(is_canceled('SELECT emoser_pitch(audio) FROM long'), '57014: emoser_pitch');
SELECT ok(is_canceled('SELECT emoser_samples(audio, 11025) FROM long'), '57014: emoser_samples');
RESET statement_timeout;

-- The aggregate's parts are not for callers.
SELECT raises('42883', 'SELECT emoser_profile_final(NULL)');
SELECT raises('39P01', $$CREATE FUNCTION pg_temp.f() RETURNS integer LANGUAGE c AS '$libdir/emoser', 'emoser_models_changed'; SELECT pg_temp.f()$$);

-- The type's owner has added attributes to it.
ALTER TYPE emoser_speaker_profile ADD ATTRIBUTE a text, ADD ATTRIBUTE b text, ADD ATTRIBUTE c text, ADD ATTRIBUTE d text;
SELECT raises('42804', $$SELECT emoser_predict_features('{1,2}'::real[], 'toy', ROW(1, '{1,2}', '{1,2}', 'a', 'b', 'c', 'd')::emoser_speaker_profile)$$);
SELECT raises('42804', 'SELECT emoser_profile(features) FROM toy');
SELECT * FROM finish();

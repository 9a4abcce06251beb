-- The objects of the extension as the catalogs know them, and the extension in a schema that is
-- not on the search_path, or on one behind hostile objects.
-- Longer than 400 lines: one catalog, all of which is looked at in one database.
SELECT no_plan();

CREATE TEMP VIEW member AS
SELECT classid, objid FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
    AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'emoser');
CREATE TEMP VIEW routine AS
SELECT p.oid::regprocedure::text AS signature, p.* FROM pg_proc AS p
JOIN member ON classid = 'pg_proc'::regclass AND objid = p.oid;

-- Names and comments.
SELECT cmp_ok((SELECT count(*) FROM routine), '>', 40::bigint, 'the extension has routines');
SELECT is_empty($$SELECT signature FROM routine WHERE proname NOT LIKE 'emoser\_%' AND proname NOT LIKE '\_emoser\_%'$$,
    'names of all routines begin with emoser_, or _emoser_ if nobody calls them');
SELECT set_eq($$SELECT signature FROM routine WHERE proname LIKE '\_emoser\_%'$$,
    $$SELECT signature FROM routine
      WHERE prorettype IN ('internal'::regtype, 'trigger'::regtype, 'event_trigger'::regtype, 'cstring'::regtype) OR proname LIKE '%\_final' OR proname LIKE '%\_serialize'
          OR oid IN (SELECT unnest(ARRAY[aggtransfn, aggcombinefn]) FROM pg_aggregate WHERE aggfnoid IN (SELECT oid FROM routine))
          OR oid IN (SELECT unnest(ARRAY[typinput, typsend, typreceive]) FROM pg_type JOIN member ON classid = 'pg_type'::regclass AND objid = pg_type.oid)
          OR oid IN (SELECT oprcode FROM pg_operator JOIN member ON classid = 'pg_operator'::regclass AND objid = pg_operator.oid UNION SELECT amproc FROM pg_amproc)
          OR proname IN ('_emoser_acts_for', '_emoser_is_admin', '_emoser_owns_name', '_emoser_may_add_version', '_emoser_unfinished_trainings', '_emoser_known_annotations', '_emoser_list_models', '_emoser_list_encoders', '_emoser_known_models', '_emoser_known_hashes', '_emoser_bundled_models', '_emoser_bundled_hashes', '_emoser_bundled_value', '_emoser_may_read_models', '_emoser_may_train', '_emoser_fits', '_emoser_outline', '_emoser_listen', '_emoser_heard', '_emoser_given', '_emoser_attended',
                      '_emoser_source_name', '_emoser_source_label', '_emoser_source_digest', '_emoser_speaker_fold', '_emoser_recording_fold', '_emoser_survey', '_emoser_fold_sums', '_emoser_fold_scores')$$,
    'which are parts of types, operators, aggregates, triggers, policies, checks, views, trainings, and the planner''s');
SELECT is_empty($$SELECT proname FROM routine WHERE proname LIKE 'emoser\_%' GROUP BY proname HAVING count(*) > 4$$,
    'no name has more than four forms');
SELECT is_empty($$SELECT signature FROM routine WHERE proargnames[:pronargs] && '{name,version}' AND proname NOT LIKE '\_emoser\_%' AND proname <> 'emoser_adapt' AND proargmodes IS NULL$$,
    'a model is called model, and has its version in its name, but for the name of a new one beside it');
SELECT is_empty(format($$SELECT signature FROM routine
                         WHERE array_position(proargnames, 'model') < array_position(proargnames[:pronargs], %L)
                             AND proname <> 'emoser_verify_model' AND NOT (proname = 'emoser_report' AND %1$L = 'audio')$$, data), data || ' comes before the model')
FROM unnest('{audio,features,source,exported}'::text[]) AS data;
SELECT is_empty($$SELECT signature FROM routine WHERE obj_description(oid, 'pg_proc') IS NULL$$,
    'functions, aggregates and procedures have comments');
SELECT is_empty($$SELECT typname FROM pg_type AS t JOIN member ON classid = 'pg_type'::regclass AND objid = t.oid
                  -- From 17 on the row types of tables and views, which have comments themselves, are members, too.
                  LEFT JOIN pg_class AS c ON c.oid = typrelid AND relkind <> 'c'
                  WHERE obj_description(t.oid, 'pg_type') IS NULL AND typelem = 0 AND c.oid IS NULL$$,
    'types have comments');
SELECT is_empty($$SELECT classid::regclass, objid FROM member
                  WHERE classid IN ('pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass)
                      AND obj_description(objid, classid::regclass::name) IS NULL$$,
    'operators and their classes have comments');
SELECT is_empty($$SELECT relname FROM pg_class AS c JOIN member ON classid = 'pg_class'::regclass AND objid = c.oid
                  WHERE relkind IN ('r', 'v', 'S') AND obj_description(c.oid, 'pg_class') IS NULL$$,
    'tables, views and sequences have comments');
SELECT is_empty($$SELECT attrelid::regclass, attname
                  FROM pg_attribute AS a JOIN member ON classid = 'pg_class'::regclass AND objid = attrelid
                  JOIN pg_class AS c ON c.oid = attrelid
                  WHERE relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
                      AND col_description(attrelid, attnum) IS NULL$$,
    'columns have comments');
SELECT is_empty($$SELECT tgname FROM pg_trigger AS t JOIN member ON classid = 'pg_class'::regclass AND objid = tgrelid
                  WHERE NOT tgisinternal AND obj_description(t.oid, 'pg_trigger') IS NULL$$,
    'triggers have comments');
SELECT isnt(obj_description(oid, 'pg_extension'), NULL, 'the extension has a comment')
FROM pg_extension WHERE extname = 'emoser';
SELECT is_empty($$SELECT signature FROM routine
                  WHERE prokind = 'f' AND pronargs > 0 AND proargnames IS NULL
                      AND oid NOT IN (SELECT unnest(ARRAY[typinput, typoutput, typsend, typreceive]) FROM pg_type) AND proname NOT LIKE '%\_support'$$,
    'arguments have names');

-- Comments are true, as far as can be checked.
CREATE TEMP VIEW comment AS
SELECT d.classoid, d.objoid, d.description FROM pg_description AS d JOIN member AS m ON m.classid = d.classoid AND m.objid = d.objoid;
SELECT is_empty($$SELECT description FROM comment WHERE description ~ 'newest version of'$$, 'no comment says that the newest version predicts');
SELECT is_empty($$SELECT description FROM comment WHERE description ~ 'or else the newest' AND description !~ 'deployed'$$,
    'where the newest is told of, so is the deployed one');
SELECT is_empty($$SELECT signature FROM routine JOIN comment ON classoid = 'pg_proc'::regclass AND objoid = routine.oid,
                      LATERAL regexp_matches(description, '\m(emoser_[a-z_0-9]+)\M(?!-)', 'g') AS said (names)
                  WHERE NOT EXISTS (SELECT FROM pg_proc WHERE proname = names[1]) AND to_regclass(names[1]) IS NULL
                      AND to_regtype(names[1]) IS NULL AND names[1] <> 'emoser_admin'
                      AND NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = names[1])
                      AND NOT EXISTS (SELECT FROM pg_policy WHERE polname = names[1])$$, 'comments name what there is');
SELECT is_empty($$SELECT signature, said FROM routine JOIN comment ON classoid = 'pg_proc'::regclass AND objoid = routine.oid,
                      LATERAL regexp_matches(description, '(\w+) is (\w+) \(default\)', 'g') AS said
                  WHERE pg_get_function_arguments(routine.oid) !~ format('%s [a-z ]+ DEFAULT ''?%s', said[1], said[2])$$, 'and the defaults');
CREATE FUNCTION pg_temp.algorithms() RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
    CALL emoser_train('SELECT 1', 'm', 'no such algorithm');
EXCEPTION WHEN invalid_parameter_value THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN detail;
END
$$;
SELECT is(array(SELECT unnest(regexp_matches(split_part(col_description('emoser_models'::regclass, 3), ';', 1), '\w+', 'g')) EXCEPT VALUES ('or') ORDER BY 1),
    array(SELECT (regexp_matches(pg_temp.algorithms(), '"(\w+)"', 'g'))[1] ORDER BY 1), 'the comment of algorithm names those that can be trained');

-- Operators are written without their schema, and resolved at CREATE EXTENSION: one that takes just the types of its operands
-- is that of pg_catalog, whatever there is in the schema of the extension.
CREATE TEMP VIEW expression AS
SELECT signature AS of, prosqlbody::text AS tree FROM routine
UNION ALL SELECT polname, concat(polqual, polwithcheck) FROM pg_policy
UNION ALL SELECT conname, conbin::text FROM pg_constraint JOIN member ON classid = 'pg_class'::regclass AND objid = conrelid
UNION ALL SELECT tgname, tgqual::text FROM pg_trigger JOIN member ON classid = 'pg_class'::regclass AND objid = tgrelid
UNION ALL SELECT ev_class::regclass::text, ev_action::text FROM pg_rewrite JOIN member ON classid = 'pg_class'::regclass AND objid = ev_class;
SELECT cmp_ok((SELECT count(*) FROM expression WHERE tree LIKE '%OPEXPR%'), '>', 10::bigint, 'there are expressions with operators');
SELECT is_empty($$SELECT of FROM expression WHERE tree LIKE '%funcformat 2%'$$, 'none of them converts implicitly');
DROP VIEW expression;

-- Volatility, strictness, parallel safety, cost.
CREATE TEMP VIEW call AS
SELECT * FROM routine WHERE prokind = 'f' AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype);
SELECT is_empty($$SELECT signature FROM routine WHERE '{source,predictions}' && proargnames[:pronargs] AND prokind <> 'p' AND (provolatile, proparallel) <> ('v', 'u')$$,
    'what runs the SQL of a source may do anything: VOLATILE and PARALLEL UNSAFE');
SELECT is_empty($$SELECT signature FROM call WHERE (proparallel = 's') <> (provolatile <> 'v') AND proname NOT IN ('_emoser_owns_name', '_emoser_may_add_version')$$,
    'functions are PARALLEL SAFE, but for those that write, run the user''s queries, or look past the snapshot');
SELECT is_empty($$SELECT signature FROM call WHERE proparallel = 'r'$$, 'nothing is merely RESTRICTED');
SELECT set_eq($$SELECT signature FROM routine WHERE provolatile = 'v' AND NOT (prokind = 'f' AND 'source' = ANY (coalesce(proargnames, '{}')))$$,
    $$VALUES ('emoser_load_emodb(text,text)'), ('emoser_load_corpus(text,text,text)'), ('emoser_train(text,text,text,jsonb)'), ('emoser_adapt(text,text,text,jsonb)'), ('emoser_annotate(text,text,text,text,jsonb)'),
             ('emoser_train(text,text,text,jsonb,text,integer,double precision)'), ('_emoser_models_changed()'), ('_emoser_name_taken()'), ('_emoser_name_given_up()'), ('_emoser_rows_copied()'), ('_emoser_run_taken()'), ('_emoser_training_numbered()'),
             ('_emoser_model_published()'), ('emoser_publish_models()'), ('emoser_unpublish_models()'), ('_emoser_warn_of_drop()'), ('emoser_deploy(text)'), ('emoser_undeploy(text)'),
             ('emoser_drop_model(text)'), ('emoser_forget(text,text)'), ('emoser_prune_models(text,integer)'), ('emoser_add_features_column(regclass,name,name)'), ('emoser_import_model(bytea,text)'),
             ('emoser_import_safetensors(bytea,text)'),
             ('emoser_import_encoder(text,jsonb,bytea,jsonb,text)'), ('emoser_import_encoder_lo(text,jsonb,oid,jsonb,text)'),
             ('emoser_import_encoder_file(text,text,text)'), ('emoser_drop_encoder(text)'), ('_emoser_encoders_changed()'),
             ('emoser_grid_search(text,text,jsonb,text,integer,double precision,integer,integer,text)')$$,
    'beside that, only what writes is VOLATILE');
SELECT set_eq($$SELECT signature FROM routine WHERE provolatile = 's'$$,
    $$SELECT signature FROM routine
      WHERE proname IN ('emoser_predict', 'emoser_embedding', 'emoser_predict_proba', 'emoser_predict_features', 'emoser_predict_proba_features', 'emoser_predict_value', 'emoser_predict_values', 'emoser_predict_value_features', 'emoser_predict_values_features', 'emoser_segments', '_emoser_listen', '_emoser_attended', 'emoser_best_options', 'emoser_model_layers',
                        'emoser_explain', 'emoser_explain_features', 'emoser_attributions', 'emoser_class_image', 'emoser_export_model', 'emoser_embed')
          AND NOT '{emoser_model,emoser_encoder}'::regtype[]::oid[] && proargtypes::oid[]
          OR proname IN ('_emoser_list_models', '_emoser_list_encoders', '_emoser_known_models', '_emoser_known_hashes', 'emoser_model_value', 'emoser_encoder_value', '_emoser_may_read_models', '_emoser_may_train', '_emoser_unfinished_trainings', '_emoser_known_annotations', 'emoser_export_safetensors', '_emoser_acts_for', '_emoser_is_admin', '_emoser_owns_name',
                         '_emoser_may_add_version', '_emoser_heard', '_emoser_given')
          OR proname = 'emoser_turns' OR proname = 'emoser_moments' AND proargtypes[0] = 'bytea'::regtype
          OR proname LIKE 'emoser\_plot\_%' AND proargnames && '{model,run}' AND NOT 'source' = ANY (proargnames)
              AND NOT 'emoser_model'::regtype = ANY (proargtypes::oid[])$$,
    'what reads tables or roles, or tells less by a setting, is STABLE, all else IMMUTABLE');
SELECT set_eq($$SELECT signature FROM call WHERE NOT proisstrict AND prorettype <> 'internal'::regtype AND proname NOT LIKE '%\_final'$$,
    $$SELECT signature FROM call
      WHERE proname IN ('emoser_mfcc', 'emoser_mel', 'emoser_mfcc_of_samples', 'emoser_mel_of_samples', 'emoser_pitch', 'emoser_samples', 'emoser_cut', 'emoser_join_channels', 'emoser_augment', 'emoser_mel_to_wav', 'emoser_mfcc_to_wav',
                        'emoser_class_image', 'emoser_plot_explanation', 'emoser_plot_filters', 'emoser_plot_activations',
                        'emoser_export_safetensors', 'emoser_features', 'emoser_embed', 'emoser_augmented_features', '_emoser_heard', '_emoser_given', 'emoser_segments', 'emoser_speech', 'emoser_pauses', 'emoser_turns', '_emoser_listen', 'emoser_moments', 'emoser_talk', '_emoser_attended', 'emoser_attributions',
                        'emoser_predict', 'emoser_embedding', 'emoser_predict_proba', 'emoser_predict_features', 'emoser_predict_proba_features', 'emoser_predict_value', 'emoser_predict_values', 'emoser_predict_value_features', 'emoser_predict_values_features',
                        'emoser_explain', 'emoser_explain_features',
                        'emoser_drop_model', 'emoser_forget', 'emoser_prune_models', 'emoser_add_features_column', 'emoser_verify_model', 'emoser_import_encoder', 'emoser_import_encoder_lo', 'emoser_import_encoder_file', 'emoser_drop_encoder', '_emoser_list_encoders', '_emoser_list_models', '_emoser_known_models', '_emoser_known_hashes', '_emoser_bundled_models', '_emoser_bundled_hashes', '_emoser_bundled_value', '_emoser_unfinished_trainings', '_emoser_known_annotations', 'emoser_deploy', 'emoser_undeploy',
                        'emoser_cross_validate', 'emoser_cross_evaluate', 'emoser_cross_predictions', 'emoser_cross_predictions_values', 'emoser_evaluate', 'emoser_compare', 'emoser_drift')
          OR proname = 'emoser_report' OR signature = 'emoser_export_model(text)'
          OR proname LIKE 'emoser\_plot\_%' OR proname IN ('_emoser_reliability_accumulate', '_emoser_reliability_combine', '_emoser_agreement_accumulate', '_emoser_agreement_combine', '_emoser_confusion_accumulate', '_emoser_mcnemar_accumulate', '_emoser_profile_accumulate', '_emoser_train_accumulate', 'emoser_fit')$$,
    'functions are STRICT, but for those with a NULL that means something or is refused, and commands');
SELECT is_empty($$SELECT signature, procost FROM call
                  WHERE (proargtypes[0] = 'bytea'::regtype) <> (procost >= 1000)
                      AND proname NOT LIKE 'emoser\_%port\_%' AND proname NOT IN ('emoser_verify_model', 'emoser_report')
                      AND proname NOT LIKE '\_emoser\_%'
                      AND NOT (proname LIKE 'emoser\_plot\_%' AND proargnames && '{source,model,run}')
                      AND proname NOT IN ('emoser_explain_features', 'emoser_fit', 'emoser_forget', 'emoser_train_subtract', 'emoser_train_info', 'emoser_mfcc_of_samples', 'emoser_mel_of_samples', 'emoser_wav', 'emoser_mel_to_wav', 'emoser_mfcc_to_wav', 'emoser_class_image', 'emoser_evaluate', 'emoser_compare', 'emoser_drift', 'emoser_cross_validate', 'emoser_cross_evaluate', 'emoser_cross_predictions', 'emoser_cross_predictions_values')$$,
    'functions that decode a recording cost 1000 or more, others less');
SELECT is_empty($$SELECT signature FROM call
                  WHERE proargtypes[0] = 'bytea'::regtype AND proname IN ('emoser_predict', 'emoser_predict_proba', 'emoser_predict_value', 'emoser_predict_values', 'emoser_features', 'emoser_embed', 'emoser_segments', 'emoser_turns', 'emoser_explain', 'emoser_attributions')
                      AND prosupport <> '_emoser_planner_support'::regproc
                      OR proname IN ('emoser_predict_features', 'emoser_predict_proba_features', 'emoser_predict_value_features', 'emoser_predict_values_features', 'emoser_explain_features', 'emoser_embedding') AND prosupport <> '_emoser_features_support'::regproc
                  UNION SELECT signature FROM routine WHERE proname IN ('_emoser_profile_accumulate', '_emoser_train_accumulate') AND prosupport <> '_emoser_planner_support'::regproc$$,
    'functions that are called over tables have the planner''s support');
SELECT is_empty($$SELECT signature FROM pg_aggregate JOIN routine ON oid = aggfnoid
                  WHERE proname LIKE 'emoser\_%' AND (aggtranstype = 'internal'::regtype OR aggcombinefn = 0 OR proparallel <> 's')$$,
    'aggregates work in parallel, and have states that can go to other servers');
SELECT is_empty($$SELECT signature, pg_get_function_arguments(oid) FROM call
                  WHERE proname LIKE 'emoser\_plot\_%'
                      AND pg_get_function_arguments(oid) NOT SIMILAR TO '%, title text DEFAULT NULL::text, width integer DEFAULT 640(, options jsonb DEFAULT ''{}''::jsonb|, channel integer DEFAULT NULL::integer(, on_no_speech text DEFAULT ''null''::text)?, on_bad_audio text DEFAULT ''error''::text(, emotions text\[\] DEFAULT NULL::text\[\])?)?'$$,
    'all pictures have a title and a width, those of sources and recordings one thing beside');
SELECT is_empty($$SELECT signature FROM routine WHERE prosecdef$$, 'nothing is SECURITY DEFINER');

-- Arguments.
SELECT is(pg_get_function_arguments('emoser_train(text,text,text,jsonb)'::regprocedure),
    $$IN source text, IN model text, IN algorithm text DEFAULT 'lda'::text, IN options jsonb DEFAULT '{}'::jsonb$$,
    'arguments of emoser_train');
SELECT is(pg_get_function_arguments('emoser_load_corpus(text,text,text)'::regprocedure),
    $$IN directory text, IN corpus text, IN table_name text DEFAULT NULL::text$$, 'arguments of emoser_load_corpus');
SELECT is(pg_get_function_arguments('emoser_load_emodb(text,text)'::regprocedure),
    $$IN directory text, IN table_name text DEFAULT 'emodb'::text$$, 'arguments of emoser_load_emodb');
SELECT is(array_agg(DISTINCT regexp_replace(pg_get_function_arguments(oid), '^(audio bytea|samples real\[\]|mfcc real\[\]), |, iterations.*$|, channel.*$', '', 'g')),
    ARRAY[regexp_replace('n_mfcc integer, n_mels integer, sample_rate integer, n_fft integer, win_length integer, hop_length integer, '
        'fmin double precision, fmax double precision, mel_scale text, mel_norm text, lifter double precision, deltas integer, '
        'window_name text, center boolean, top_db double precision, preemphasis double precision, delta_width integer, '
        'power integer, pad_mode text, dct_type integer, use_energy boolean, full_scale double precision',
        '(\w+) ([a-z ]+)', '\1 \2 DEFAULT NULL::\2', 'g') || ', preset text DEFAULT ''emoser''::text'],
    'arguments of emoser_mfcc and its kin')
FROM routine WHERE proname IN ('emoser_mfcc', 'emoser_mfcc_of_samples', 'emoser_mfcc_to_wav');
CREATE TEMP VIEW predicting AS
SELECT p.*, arguments FROM (VALUES ('emoser_predict', 'audio bytea', 7), ('emoser_predict_features', 'features double precision[]', 7),
    ('emoser_predict_proba', 'audio bytea', 6), ('emoser_predict_proba_features', 'features double precision[]', 6),
    ('emoser_explain', 'audio bytea', 6), ('emoser_explain_features', 'features double precision[]', 6)) AS p (name, data, n)
CROSS JOIN LATERAL (SELECT array_agg(data || m || ', profile emoser_speaker_profile DEFAULT NULL::emoser_speaker_profile'
    || CASE WHEN n = 7 THEN ', min_confidence double precision DEFAULT NULL::double precision' ELSE '' END || CASE WHEN data = 'audio bytea' THEN ', channel integer DEFAULT NULL::integer, on_no_speech text DEFAULT ''null''::text, on_bad_audio text DEFAULT ''error''::text' ELSE '' END
    || ', emotions text[] DEFAULT NULL::text[]') AS arguments
    FROM unnest(ARRAY[', model text DEFAULT ''emodb''::text', ', model emoser_model']) AS m) AS a;
SELECT set_eq(format('SELECT pg_get_function_arguments(oid) FROM routine WHERE proname = %L', name), arguments, 'arguments of ' || name)
FROM predicting;

-- The table of models.
SELECT columns_are('emoser_models', '{name,version,algorithm,labels,options,feature_version,n_utterances,n_speakers,
    data_hash,training_time,metrics,creator,created_at,source,imported,deployed_at}'::name[]);
SELECT col_is_pk('emoser_models', '{name,version}'::name[]);
SELECT columns_are('emoser_model_values', '{name,version,model}'::name[]);
SELECT col_type_is('emoser_model_values', 'model', 'emoser_model', 'type of the model');
SELECT columns_are('emoser_model_names', '{name,owner,bundled_deployed_at}'::name[]);
SELECT is((SELECT array_agg(t::text) FROM unnest('{emoser_models,emoser_model_values,emoser_model_names}'::name[]) AS t
           WHERE (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', t), false, true, '')))[1]::text <> '0'), NULL,
    'tables of models hold nothing of the extension''s own');
SELECT is((SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
           WHERE attrelid = 'emoser_models'::regclass AND attnum > 0 AND NOT attnotnull), '{source,imported,deployed_at}',
    'columns that may be null');
SELECT is((SELECT attstorage FROM pg_attribute WHERE attrelid = 'emoser_model_values'::regclass AND attname = 'model'),
    'e'::"char", 'models are not compressed');
SELECT is((SELECT attstorage FROM pg_attribute WHERE attrelid = 'emoser_encoder_pieces'::regclass AND attname = 'bytes'),
    'e'::"char", 'nor are encoders');
SELECT has_trigger('emoser_encoders', 'emoser_encoders_changed');
SELECT has_trigger('emoser_models', 'emoser_models_changed');
SELECT has_trigger('emoser_model_values', 'emoser_model_values_changed');
SELECT has_trigger('emoser_models', 'emoser_models_named');
SELECT has_trigger('emoser_trainings', 'emoser_trainings_named');
SELECT is((SELECT array_agg(format('%s %s', c.oid::regclass, condition) ORDER BY place)
           FROM pg_extension, unnest(extconfig, extcondition) WITH ORDINALITY AS u (oid, condition, place) JOIN pg_class AS c USING (oid)
           WHERE extname = 'emoser'),
    '{"emoser_model_names ","emoser_models ","emoser_model_values ","emoser_encoders ","emoser_encoder_pieces ","emoser_training_hashes ","emoser_trainings ","emoser_trainings_id_seq ",
      "emoser_training_history ","emoser_training_checkpoints ","emoser_kept_states ","emoser_kept_speakers ","emoser_grid_runs ","emoser_grid_results "}', 'pg_dump keeps the user''s models, searches and trainings');
SELECT throws_ok($$INSERT INTO emoser_model_values SELECT '', 1, ''$$,
    '22P02', NULL, 'a model must be a model');

-- The tables of trainings.
SELECT columns_are('emoser_trainings', '{id,model,version,source,algorithm,options,data_hash,epochs,epochs_done,pid,checkpoint_bytes,
    creator,started_at,updated_at,finished_at}'::name[]);
SELECT columns_are('emoser_training_history', '{training,model,version,epoch,training_loss,training_accuracy,validation_loss,
    validation_accuracy,validation_uar,learning_rate,seconds,best}'::name[]);
SELECT columns_are('emoser_training_progress', '{training,model,algorithm,state,epochs_done,epochs,share_done,elapsed,time_left,
    pid,creator}'::name[]);
SELECT col_is_pk('emoser_trainings', 'id'::name);
SELECT col_is_pk('emoser_training_history', '{training,epoch}'::name[]);
SELECT fk_ok('public', 'emoser_training_history', '{training,model}'::name[], 'public', 'emoser_trainings', '{id,model}'::name[]);
SELECT fk_ok('public', t, '{model,version}'::name[], 'public', 'emoser_models', '{name,version}'::name[])
FROM unnest('{emoser_trainings,emoser_training_history}'::name[]) AS t;
SELECT is((SELECT attstorage FROM pg_attribute WHERE attrelid = 'emoser_training_checkpoints'::regclass AND attname = 'bytes'),
    'p'::"char", 'checkpoints are in their rows');

-- In another schema.
DROP VIEW call, comment, routine, member, predicting;
DROP EXTENSION emoser;
CREATE SCHEMA ml;
CREATE EXTENSION emoser SCHEMA ml;
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc AS p WHERE proname LIKE 'emoser\_%' AND pronamespace <> 'ml'::regnamespace$$,
    'all functions are in the schema asked for');
CREATE TABLE toy AS
SELECT (i % 2)::text AS emotion, (i % 3)::text AS speaker, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features
FROM generate_series(1, 30) AS i;
CREATE TABLE tone AS
SELECT ml.emoser_wav(array_agg(sin(i * 0.1)::real ORDER BY i)) AS audio FROM generate_series(1, 16000) AS i;

CREATE FUNCTION pg_temp.results() RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    p ml.emoser_speaker_profile;
    answers text[];
BEGIN
    CALL ml.emoser_train('public.toy', 'toy', options => '{"quiet": true}');
    p := (SELECT ml.emoser_profile(features) FROM public.toy);
    SELECT pg_catalog.array_agg(x) INTO answers
    FROM (SELECT ml.emoser_predict_features('{0.1,1}'::real[], 'toy') AS x
          UNION ALL SELECT ml.emoser_predict_features('{1.1,1}'::real[], 'toy', p)
          UNION ALL SELECT ml.emoser_predict_features('{1.1,1}'::real[], model) FROM ml.emoser_model_values WHERE version OPERATOR(pg_catalog.=) 1
          UNION ALL (SELECT emotion FROM ml.emoser_predict_proba_features('{0.1,1}'::real[], 'toy') LIMIT 1)
          UNION ALL SELECT (p).count::pg_catalog.text
          UNION ALL SELECT pg_catalog.array_length(ml.emoser_features(audio, on_no_speech => 'predict'), 1)::pg_catalog.text FROM public.tone
          UNION ALL SELECT pg_catalog.array_length(ml.emoser_mfcc(audio), 1)::pg_catalog.text FROM public.tone
          UNION ALL SELECT (ml.emoser_audio_info(audio)).encoding FROM public.tone
          UNION ALL SELECT (ml.emoser_model_info(model)).algorithm FROM ml.emoser_model_values WHERE version OPERATOR(pg_catalog.=) 1
          UNION ALL SELECT (ml.emoser_parse_emodb('03a01Fa.wav')).emotion
          UNION ALL SELECT pg_catalog.count(*)::pg_catalog.text FROM ml.emoser_cross_validate('public.toy')
          UNION ALL SELECT pg_catalog.count(*)::pg_catalog.text FROM ml.emoser_evaluate('public.toy', 'toy') WHERE scope OPERATOR(pg_catalog.=) 'speaker'
          UNION ALL SELECT (ml.emoser_report('public.toy', 'toy') OPERATOR(pg_catalog.~) 'never heard its speaker')::pg_catalog.text
          UNION ALL SELECT (ml.emoser_report('SELECT ''a'' AS emotion, audio FROM public.tone', 'emodb') OPERATOR(pg_catalog.~) 'another source')::pg_catalog.text
          UNION ALL SELECT pg_catalog.count(*)::pg_catalog.text FROM public.tone, ml.emoser_segments(audio)) AS q (x);
    CALL ml.emoser_train('public.toy', 'mine', options => '{"quiet": true}');
    PERFORM ml.emoser_deploy('mine@1');
    CALL ml.emoser_train('SELECT emotion || ''!'' AS emotion, features FROM public.toy', 'mine', options => '{"quiet": true}');
    PERFORM ml.emoser_import_safetensors(ml.emoser_export_safetensors('mine@2'), 'copy');
    PERFORM ml.emoser_import_model(ml.emoser_export_model('mine'), 'copy');
    answers := answers OPERATOR(pg_catalog.||) ARRAY[
        (SELECT a.version::pg_catalog.text FROM ml.emoser_model_list AS a WHERE a.predicts AND a.name OPERATOR(pg_catalog.=) 'mine'),
        ml.emoser_predict_features('{0.1,1}'::real[], 'mine'),
        ml.emoser_predict_features('{0.1,1}'::real[], 'copy'),
        (SELECT (data_same, options_same, weights_same)::pg_catalog.text FROM ml.emoser_verify_model('mine')),
        ml.emoser_undeploy('mine')::pg_catalog.text,
        ml.emoser_predict_features('{0.1,1}'::real[], 'mine'),
        ml.emoser_drop_model('mine@2')::pg_catalog.text,
        ml.emoser_drop_model('copy')::pg_catalog.text,
        ml.emoser_drop_model('mine')::pg_catalog.text];
    CALL ml.emoser_train('SELECT ''0'' OPERATOR(pg_catalog.||) i AS emotion, audio FROM public.tone, pg_catalog.generate_series(1, 2) AS i, pg_catalog.generate_series(1, 2)', 'deep',
                         'cnn', '{"epochs": 2, "channels": 16, "calibrate": false, "quiet": true}');
    answers := answers OPERATOR(pg_catalog.||) (SELECT pg_catalog.count(h.version)::pg_catalog.text
        FROM ml.emoser_trainings AS t JOIN ml.emoser_training_history AS h ON h.training OPERATOR(pg_catalog.=) t.id
        WHERE t.model OPERATOR(pg_catalog.=) 'deep');
    answers := answers OPERATOR(pg_catalog.||) ml.emoser_drop_model('deep')::pg_catalog.text;
    CALL ml.emoser_grid_search('public.toy', 'lda', '{"shrinkage": [0.3, 0.6], "quiet": true}', run => 'toy');
    answers := answers OPERATOR(pg_catalog.||) (ml.emoser_best_options('toy') OPERATOR(pg_catalog.->>) 'quiet');
    BEGIN
        PERFORM ml.emoser_predict_features('{1,1}'::real[], 'toi');
    EXCEPTION WHEN undefined_object THEN
        answers := answers OPERATOR(pg_catalog.||) SQLERRM;
    END;
    RETURN answers;
END
$$;
CREATE TEMP TABLE right_answer AS SELECT pg_temp.results() AS answers;
CREATE TEMP TABLE answer (path text, answers text[]);

SET search_path = '';
INSERT INTO pg_temp.answer VALUES ('empty', pg_temp.results());
RESET search_path;

-- Everything that a sloppily written query could pick up instead of the server's own.
CREATE SCHEMA evil;
CREATE FUNCTION evil.lie(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION evil.lie(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION evil.lie(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION evil.add(integer, integer) RETURNS integer LANGUAGE sql AS 'SELECT -1';
CREATE FUNCTION evil.append(text[], text) RETURNS text[] LANGUAGE sql AS 'SELECT NULL::text[]';
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.lie);
CREATE OPERATOR evil.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.lie);
CREATE OPERATOR evil.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.lie);
CREATE OPERATOR evil.> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.lie);
CREATE OPERATOR evil.< (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.lie);
CREATE OPERATOR evil.+ (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.add);
CREATE OPERATOR evil.|| (LEFTARG = text[], RIGHTARG = text, FUNCTION = evil.append);
CREATE FUNCTION evil.hashtext(text) RETURNS integer LANGUAGE plpgsql AS $$BEGIN RAISE 'evil hashtext'; END$$;
CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE plpgsql AS $$BEGIN RAISE 'evil now'; END$$;
CREATE FUNCTION evil.pg_advisory_xact_lock(integer, integer) RETURNS void LANGUAGE plpgsql AS $$BEGIN RAISE 'evil lock'; END$$;
CREATE FUNCTION evil.make_interval(secs float8) RETURNS interval LANGUAGE plpgsql AS $$BEGIN RAISE 'evil interval'; END$$;
CREATE FUNCTION evil.emoser_features(bytea) RETURNS real[] LANGUAGE plpgsql AS $$BEGIN RAISE 'evil features'; END$$;
CREATE FUNCTION evil.raise(integer) RETURNS integer LANGUAGE plpgsql AS $$BEGIN RAISE 'evil aggregate'; END$$;
CREATE AGGREGATE evil.max(integer) (SFUNC = int4larger, STYPE = integer, FINALFUNC = evil.raise);
CREATE AGGREGATE evil.count(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = 7);
CREATE TABLE evil.emoser_models AS SELECT * FROM ml.emoser_models WHERE false;
CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$BEGIN RAISE 'evil clock'; END$$;
CREATE FUNCTION evil.date_part(text, interval) RETURNS float8 LANGUAGE plpgsql AS $$BEGIN RAISE 'evil part'; END$$;
CREATE FUNCTION evil.jsonb_build_object(VARIADIC text[]) RETURNS jsonb LANGUAGE plpgsql AS $$BEGIN RAISE 'evil object'; END$$;
CREATE FUNCTION evil.jsonb_to_record(jsonb) RETURNS record LANGUAGE plpgsql AS $$BEGIN RAISE 'evil record'; END$$;
CREATE FUNCTION evil._emoser_owns_name(text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE TABLE evil.emoser_grid_runs (nothing integer);
CREATE TABLE evil.emoser_grid_results (nothing integer);
CREATE TABLE evil.emoser_trainings (nothing integer);
CREATE TABLE evil.emoser_training_history (nothing integer);
CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.lie);
CREATE FUNCTION evil.pg_backend_pid() RETURNS integer LANGUAGE plpgsql AS $$BEGIN RAISE 'evil process'; END$$;
CREATE TABLE evil.emodb (nothing integer);
CREATE TYPE evil.emoser_model AS (x integer);
CREATE TYPE evil.emoser_speaker_profile AS (count bigint);
CREATE DOMAIN evil.text AS pg_catalog.text CHECK (VALUE IS NULL);
CREATE DOMAIN evil.bytea AS pg_catalog.bytea CHECK (VALUE IS NULL);
CREATE DOMAIN evil.int4 AS pg_catalog.int4 CHECK (VALUE IS NULL);
CREATE DOMAIN evil.jsonb AS pg_catalog.jsonb CHECK (VALUE IS NULL);

SET search_path = evil, pg_catalog;
INSERT INTO pg_temp.answer VALUES ('evil', pg_temp.results());
-- A session that has looked up nothing yet.
DISCARD PLANS;
INSERT INTO pg_temp.answer VALUES ('evil', pg_temp.results());
\getenv corpus EMOSER_CORPUS
SET client_min_messages = warning;
CALL ml.emoser_load_emodb(:'corpus', 'public.loaded');
RESET client_min_messages;
RESET search_path;

SELECT is(answer.answers, right_answer.answers, 'results with search_path ' || path) FROM answer, right_answer;
SELECT is((SELECT answers FROM right_answer),
    ARRAY['0', '1', '1', '0', '30', (SELECT array_length(ml.emoser_feature_names(), 1))::text, '101', 'pcm16', 'lda', 'happiness',
          '3', '12', 'true', 'true', '1', '1', '0', '0', '(t,t,t)', '2', '0', '1', '2', '1', '2', '1', 'true',
          'model "toi" does not exist'], 'the results are right');
SELECT is((SELECT array_agg(version ORDER BY version) FROM ml.emoser_models WHERE name = 'toy'), '{1,2,3,4}',
    'versions count on');
SELECT is((SELECT count(*) FROM evil.emoser_models), 0::bigint, 'nothing is stored in another table');
SELECT is((SELECT array_agg(format_type(atttypid, atttypmod) ORDER BY attnum) FROM pg_attribute
           WHERE attrelid = 'public.loaded'::regclass AND attnum > 0),
    '{text,text,text,integer,text,text,text,text,bytea}', 'a table of recordings has the server''s own types');

-- What a recording that can't be used comes to is said by each call, and by nothing else; and so is which channel is heard.
SELECT is_empty($$SELECT oid::regprocedure FROM pg_proc
                  WHERE proname LIKE 'emoser\_%' AND proargnames[1] = 'audio'
                      AND (pg_get_function_arguments(oid) !~ ', on_bad_audio text DEFAULT ''error''::text(, emotions text\[\] DEFAULT NULL::text\[\])?(, OUT .*)?$'
                           OR proname NOT IN ('emoser_audio_info', 'emoser_talk') AND (pg_get_function_arguments(oid) NOT LIKE '%, channel integer DEFAULT NULL::integer, %' OR proisstrict))$$,
    'functions that take a recording have on_bad_audio last, or emotions behind it, ''error'' by default, and channel before, NULL by default');
SELECT is((SELECT array_agg(name || ' ' || context ORDER BY name) FROM pg_settings WHERE name LIKE 'emoser.%'),
    '{emoser.allowed_channels superuser,emoser.keep_versions user,emoser.max_audio_duration superuser,emoser.max_training_memory user}', 'the ceiling of durations, and which channels are heard, are for superusers to set');

-- Two installations follow each other in one session.
SET client_min_messages = warning;
DROP EXTENSION emoser CASCADE;
RESET client_min_messages;
CREATE EXTENSION emoser;
CALL emoser_train($$SELECT emotion || '!' AS emotion, features FROM toy$$, 'toy', options => '{"quiet": true}');
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'toy'), '0!', 'an extension made again has its own models');

-- A schema whose name has to be quoted, in every way.
SET client_min_messages = error;
DROP EXTENSION emoser CASCADE;
CREATE SCHEMA "it's a ""house""";
CREATE EXTENSION emoser SCHEMA "it's a ""house""";
SET search_path = public, "it's a ""house""";
CREATE TABLE tones AS
SELECT k AS id, (k % 2)::text AS emotion, 's' || k / 4 AS speaker,
    emoser_wav((SELECT array_agg(sin(i * 0.05 * (1 + k % 2 + k * 0.01))::real ORDER BY i) FROM generate_series(1, 12000) AS i)) AS audio
FROM generate_series(0, 11) AS k;
CALL emoser_train('tones', 'deep', 'cnn', '{"epochs": 1, "channels": 16, "calibrate": false, "quiet": true}');
CALL emoser_train('tones', 'plain', options => '{"augment": false, "quiet": true}');
SELECT matches(emoser_report(model => model, source => 'tones'), 'id="reproduce"', 'a report of ' || model)
FROM unnest('{deep,plain}'::text[]) AS model;
SELECT matches(emoser_plot_comparison(models => '{deep,plain}', source => 'tones'), '^<svg', 'a comparison');
SELECT isnt_empty($$SELECT * FROM emoser_evaluate(model => 'deep', source => 'tones')$$, 'an evaluation');
RESET client_min_messages;
SELECT * FROM finish();

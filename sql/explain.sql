-- Explanations, class images, and pictures of both.
\getenv corpus EMOSER_CORPUS
SET client_min_messages = warning;
CALL emoser_load_emodb(:'corpus', 'heard');
CALL emoser_train('heard', 'linear', 'lda', '{"degraded_copies": 0}');
CALL emoser_train('heard', 'deep', 'cnn', '{"nets": 1, "epochs": 8, "channels": 16, "seed": 3, "calibrate": false, "validation_share": 0, "quiet": true}');
CREATE TABLE explained AS SELECT file_name, speaker, audio, emoser_features(audio) AS features FROM heard WHERE length(audio) > 0 ORDER BY file_name LIMIT 6;
CREATE TABLE profile AS SELECT emoser_profile(features) AS profile FROM explained;
RESET client_min_messages;

-- Contributions sum to the difference of the log probabilities of the two likeliest emotions.
CREATE FUNCTION log_ratio(audio bytea, model text) RETURNS float8 LANGUAGE sql AS $$
    SELECT ln(max(p) FILTER (WHERE n = 1)) - ln(max(p) FILTER (WHERE n = 2))
    FROM (SELECT probability::float8, row_number() OVER (ORDER BY probability DESC) FROM emoser_predict_proba(audio, model)) AS r (p, n)
$$;
SELECT model, bool_and(abs(sum - log_ratio(audio, model)) < 1e-3 * (1 + sum)) AS complete, bool_and(sum >= 0) AS winner_first,
       bool_and(n_baselines = 1) AS one_baseline, bool_and(last = 'baseline' OR last = 'error') AS baseline_last
FROM explained, unnest('{linear,deep,emodb}'::text[]) AS model,
     LATERAL (SELECT sum(contribution::float8), count(*) FILTER (WHERE group_name = 'baseline') AS n_baselines,
                     (array_agg(group_name ORDER BY n DESC))[1] AS last
              FROM ROWS FROM (emoser_explain(audio, model)) WITH ORDINALITY
                       AS e (part, group_name, contribution, towards, against, words, top_features, top_contributions, n)) AS e
GROUP BY model ORDER BY model COLLATE "C";

-- The groups of a model of features, and of a net.
SELECT part, group_name, count(*) AS n, bool_and(words LIKE '%: +%' || ' towards ' || towards) AS in_words, bool_and(towards <> against) AS two_emotions,
       bool_and(cardinality(top_features) = cardinality(top_contributions)) AS as_many
FROM explained, emoser_explain(audio, 'linear') GROUP BY part, group_name ORDER BY part, group_name COLLATE "C";
SELECT part, group_name, bool_and(words LIKE '%: +%' || ' towards ' || towards) AS in_words, bool_and(top_features IS NULL) AS no_features
FROM explained, emoser_explain(audio, 'deep') GROUP BY part, group_name ORDER BY part, group_name COLLATE "C";
SELECT bool_and(abs(contribution) < 0.01 * (1 + abs(difference - baseline)) * 3) AS error_is_small
FROM explained, emoser_attributions(audio, 'deep'), emoser_explain(audio, 'deep') AS e WHERE group_name = 'error';

-- Words of the voice are true: without augmented copies, a model knows means and deviations of the features as they are.
SET client_min_messages = warning;
CALL emoser_train('heard', 'true', 'lda', '{"augment": false, "quiet": true}');
RESET client_min_messages;
CREATE TABLE described AS SELECT file_name, emoser_features(audio) AS features FROM heard WHERE length(audio) > 0;
CREATE TABLE reason AS SELECT file_name, e.* FROM described, emoser_explain_features(features, 'true') WITH ORDINALITY AS e;
CREATE TABLE deviation AS
SELECT file_name, f.name, (f.value - avg(f.value::float8) OVER w) / stddev_pop(f.value::float8) OVER w AS z
FROM described, unnest(emoser_feature_names(), features) AS f (name, value)
WHERE f.name IN ('f0.mean', 'f0.sd', 'voicing.mean', 'energy.sd', 'centroid.mean', 'flux.mean', 'pause.mean')
WINDOW w AS (PARTITION BY f.name);
SELECT measure, count(*) FILTER (WHERE words ~ ('\m' || high)) > 0 AS some_high, count(*) FILTER (WHERE words ~ ('\m' || low)) > 0 AS some_low,
       bool_and(z > 0.499) FILTER (WHERE words ~ ('\m' || high)) AS high_is_true, bool_and(z < -0.499) FILTER (WHERE words ~ ('\m' || low)) AS low_is_true
FROM (VALUES ('f0.mean', 'pitch', 'higher', 'lower'), ('f0.sd', 'pitch', 'more varied', 'flatter'), ('voicing.mean', 'voice', 'clearer', 'breathier'),
             ('energy.sd', 'loudness', 'more varied', 'more even'), ('centroid.mean', 'sound', 'brighter', 'darker'),
             ('flux.mean', 'liveliness', 'livelier', 'calmer'), ('pause.mean', 'pauses', 'longer', 'shorter')) AS v (measure, of_group, high, low),
     deviation JOIN reason USING (file_name)
WHERE name = measure AND group_name = of_group AND words NOT LIKE '% in a detail %'
GROUP BY measure ORDER BY measure COLLATE "C";
SELECT count(*) > 0 AS reasons, bool_and(words NOT LIKE '%about average%') AS none_is_average
FROM reason WHERE ordinality = 1;
SELECT emoser_drop_model('true');
DROP TABLE deviation, reason, described;

-- All forms say the same.
SELECT count(*) AS n, bool_and(a = b AND b = c AND c = d) AS same
FROM explained, emoser_model_values AS m,
     LATERAL (SELECT array_agg(e) AS a FROM emoser_explain(audio, 'linear') AS e) AS w, LATERAL (SELECT array_agg(e) AS b FROM emoser_explain(audio, model) AS e) AS x,
     LATERAL (SELECT array_agg(e) AS c FROM emoser_explain_features(features, 'linear') AS e) AS y, LATERAL (SELECT array_agg(e) AS d FROM emoser_explain_features(features, model) AS e) AS z
WHERE m.name = 'linear';
SELECT bool_and(a = b AND b = c AND c = d) AS same_with_profile, bool_or(a::text LIKE '%for this speaker%') AS of_speaker
FROM explained, profile, emoser_model_values AS m,
     LATERAL (SELECT array_agg(e) AS a FROM emoser_explain(audio, 'linear', profile) AS e) AS w, LATERAL (SELECT array_agg(e) AS b FROM emoser_explain(audio, model, profile) AS e) AS x,
     LATERAL (SELECT array_agg(e) AS c FROM emoser_explain_features(features, 'linear', profile) AS e) AS y, LATERAL (SELECT array_agg(e) AS d FROM emoser_explain_features(features, model, profile) AS e) AS z
WHERE m.name = 'linear';

-- Attributions, frame by frame: they sum to what the net's score gains.
SELECT bool_and(array_length(attributions, 2) = 42) AS bands_and_pitch, bool_and(array_length(attributions, 1) > 10) AS frames,
       bool_and(emotion = emoser_predict(audio, 'deep')) AS of_prediction,
       bool_and(abs((SELECT sum(x::float8) FROM unnest(attributions) AS x) - (difference - baseline)) < 0.03 * (1 + abs(difference - baseline))) AS complete,
       bool_and(abs(difference - log_ratio(audio, 'deep')) < 1e-3 * (1 + difference)) AS of_probabilities
FROM explained, emoser_attributions(audio, 'deep');
SELECT emoser_attributions(audio, 'linear') FROM explained LIMIT 1;
\echo :SQLSTATE
SELECT emoser_explain_features(features, 'deep') FROM explained LIMIT 1;
SELECT emoser_explain_features('{1, 2}'::real[], 'linear');
SELECT emoser_explain('no recording'::bytea, 'linear');
SELECT emoser_explain(audio, 'liner') FROM explained LIMIT 1;
SET client_min_messages = error;
SELECT count(*) AS none FROM emoser_explain('no recording'::bytea, 'deep', on_bad_audio => 'null');
SELECT count(*) AS none FROM emoser_attributions('no recording'::bytea, 'deep', on_bad_audio => 'null');
SELECT emoser_plot_explanation('no recording'::bytea, 'deep', on_bad_audio => 'null') IS NULL AS none;
RESET client_min_messages;
SELECT count(*) AS of_one_sample FROM emoser_explain(emoser_wav('{0.5}'::real[]), 'deep', on_no_speech => 'predict');
SELECT count(*) AS of_silence FROM emoser_explain(emoser_wav(array_fill(0::real, '{16000}')), 'deep', on_no_speech => 'predict');

-- Features of one's own.
SET client_min_messages = warning;
CALL emoser_train('SELECT emotion, features[1:4] AS features FROM heard, emoser_features(audio) AS features WHERE length(audio) > 0', 'own', 'lda');
RESET client_min_messages;
SELECT part, group_name, cardinality(top_features) AS n_top, top_features[1] LIKE 'feature _' AS numbered
FROM (SELECT features[1:4] AS features FROM explained LIMIT 1) AS e, emoser_explain_features(features, 'own');

-- Class images: they are in dB about the spectrum of speech, and can be heard.  Images have no pitch, by which the
-- emotions of the corpus differ most; two of them are told apart without.
SET client_min_messages = warning;
CALL emoser_train('SELECT * FROM heard WHERE emotion IN (''anger'', ''sadness'')', 'toneless', 'cnn',
                  '{"nets": 1, "epochs": 40, "batch_size": 8, "channels": 16, "pitch": false, "mixup": 0, "label_smoothing": 0, "seed": 3, "calibrate": false, "validation_share": 0, "quiet": true}');
RESET client_min_messages;
CREATE TABLE image AS
SELECT emotion, emoser_class_image('toneless', emotion, 100) AS image FROM unnest('{anger,sadness}'::text[]) AS emotion;
SELECT emotion, array_dims(image), image = emoser_class_image('toneless', emotion, 100, 0) AS same_again,
       image = emoser_class_image(model, emotion, 100, 0, NULL) AS same_by_value,
       image <> emoser_class_image('toneless', emotion, 100, 1) AS other_seed, image <> emoser_class_image('toneless', emotion, 100, 0, image) AS other_start
FROM image, emoser_model_values AS m WHERE m.name = 'toneless' ORDER BY emotion;
SELECT emotion, (emoser_audio_info(wav)).duration_s BETWEEN 1.0 AND 1.03 AS a_second, emoser_predict(wav, 'toneless', on_no_speech => 'predict') = emotion AS heard_as_meant
FROM image, emoser_mel_to_wav(image, fmin => 20, mel_scale => 'htk', mel_norm => 'none', window_name => 'hamming', center => false, preemphasis => 0.97) AS wav ORDER BY emotion;
SELECT emoser_class_image('linear', 'anger');
\echo :SQLSTATE
SELECT emoser_class_image('deep', 'angr');
\echo :SQLSTATE
SELECT emoser_class_image('deep', 'anger', 49);
\echo :SQLSTATE
SELECT emoser_class_image('deep', NULL);
SELECT emoser_class_image('deep', 'anger', start => '{{1, 2}}');
SELECT emoser_class_image('deep', 'anger', 50, start => array_fill('nan'::real, '{50,40}'));

-- Pictures.
CREATE FUNCTION is_picture(svg text) RETURNS boolean LANGUAGE sql AS $$
    SELECT xmlparse(document svg) IS NOT NULL AND svg LIKE '<svg %' AND length(svg) < 300000
$$;
SELECT is_picture(emoser_plot_explanation(audio, 'linear')) AS bars, is_picture(emoser_plot_explanation(audio, 'deep')) AS maps,
       emoser_plot_explanation(audio, model) = emoser_plot_explanation(audio, 'deep') AS same_by_value,
       emoser_plot_explanation(audio, 'deep', '<script>') LIKE '%&lt;script&gt;%' AS escaped,
       is_picture(emoser_plot_activations(audio, 'deep')) AS activations
FROM (SELECT audio FROM explained LIMIT 1) AS e, emoser_model_values AS m WHERE m.name = 'deep';
SELECT type, bool_and(is_picture(emoser_plot_filters('deep', layer))) AS filters, count(*) AS n
FROM emoser_model_layers('deep') WHERE type = 'conv1d' GROUP BY type;
SELECT count(*) AS n, bool_and(is_picture(emoser_plot_activations(audio, 'deep', layer))) AS activations
FROM (SELECT audio FROM explained LIMIT 1) AS e, emoser_model_layers('deep') WHERE block IS NOT NULL OR type IN ('input', 'attention');
SELECT emoser_plot_explanation(NULL) IS NULL AS null_for_null;
SELECT emoser_plot_filters('linear');
SELECT emoser_plot_filters('deep', 1);
\echo :SQLSTATE
SELECT emoser_plot_filters('deep', 99);
SELECT emoser_plot_filters('deep', -1);
SELECT emoser_plot_filters('deep', NULL);
SELECT emoser_plot_activations(audio, 'deep', layer) FROM (SELECT audio FROM explained LIMIT 1) AS e, emoser_model_layers('deep') WHERE type = 'softmax';
SELECT emoser_plot_explanation(audio, 'deep', width => 10) FROM explained LIMIT 1;

SELECT emoser_drop_model(name) FROM unnest('{linear,deep,toneless,own}'::text[]) AS name;
DROP FUNCTION log_ratio, is_picture;
DROP TABLE heard, explained, profile, image;

-- What upgrade leaves to the next version: recordings, features, models of each algorithm, stored answers.
CREATE EXTENSION emoser;
CALL emoser_load_emodb('/var/tmp/corpus', 'recordings');
CALL emoser_train('recordings', 'linear', options => '{"quiet": true, "augment": false}');
CALL emoser_train('recordings', 'net', algorithm => 'cnn', options => '{"quiet": true, "epochs": 2}');
CALL emoser_train('recordings', 'net', algorithm => 'cnn', options => '{"quiet": true, "epochs": 1}');
CALL emoser_train('recordings', 'both', algorithm => 'ensemble', options => '{"quiet": true, "lda": {"augment": false}, "cnn": {"epochs": 1}}');
SELECT emoser_deploy('net@1');
CREATE TABLE features AS SELECT file_name, speaker, emotion, emoser_features(audio) AS features FROM recordings;
CREATE TABLE values_of_models AS SELECT name, version, emoser_model_value(model) AS model FROM emoser_model_list;
CREATE TABLE profiles AS SELECT speaker, emoser_profile(features) AS profile FROM features GROUP BY speaker;
CREATE TABLE answers (file_name text, emotion text, duration_s float8, audio bytea,
    computed real[] GENERATED ALWAYS AS (emoser_features(audio)) STORED);
INSERT INTO answers (file_name, emotion, duration_s, audio)
SELECT file_name, emoser_predict(audio, 'linear'), (emoser_audio_info(audio)).duration_s, audio FROM recordings;
CREATE VIEW heard AS SELECT file_name, emoser_predict(audio, 'both') AS emotion FROM recordings;

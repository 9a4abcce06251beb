SELECT count(emoser_predict(audio)) FROM calls WHERE id < 5;
INSERT INTO calls (audio) VALUES ('this is a text');
INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs, epochs_done)
VALUES ('waiting', 'calls', 'cnn', '{}', '', 120, 30);

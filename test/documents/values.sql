ALTER TABLE calls ADD arousal real, ADD valence real, ADD dominance real;
UPDATE calls SET arousal = 0.1 * ascii(emotion) + 0.01 * (id % 7), valence = length(emotion) + 0.01 * (id % 5), dominance = 0.1 * (id % 11);
SELECT emoser_add_features_column('calls', generated_from => 'audio');
CREATE TABLE other_calls AS SELECT speaker, audio, valence, arousal, dominance FROM calls WHERE id % 3 = 0;

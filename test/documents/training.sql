CREATE TABLE hotline AS
SELECT emoser_cut(audio, i, i + 5) AS audio, 'agent ' || i % 2 AS agent, 'caller ' || i % 2 AS customer, 'neutral' AS agent_emotion,
       (ARRAY['anger', 'neutral'])[1 + i % 2] AS customer_emotion
FROM calls, generate_series(0, 4) AS i WHERE id = 1;
CREATE TABLE actors AS SELECT speaker, emotion, emoser_augment(audio, 'noise', 20) AS audio FROM emodb WHERE file_name ~ '^52s01[FNTW]';

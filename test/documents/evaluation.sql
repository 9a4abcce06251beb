-- Two utterances of each emotion at least.
INSERT INTO calls (speaker, emotion, audio) SELECT speaker, emotion, audio FROM emodb WHERE text_code = 's02' ORDER BY file_name;
ALTER TABLE calls ADD site text;
UPDATE calls SET site = CASE WHEN id % 2 = 0 THEN 'north' ELSE 'south' END;
-- Without copies of recordings, so that figures are there soon.
SELECT emoser_add_features_column('calls', generated_from => 'audio'), emoser_add_features_column('emodb', generated_from => 'audio');
-- As the five files of EmoBox say it.
CREATE TABLE emobox AS
SELECT 1 + row_number() OVER (ORDER BY file_name) % 5 AS fold, jsonb_build_object('wav', 'emodb/' || file_name) AS line FROM emodb;

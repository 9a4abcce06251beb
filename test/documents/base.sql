-- What the reader of a page of docs has: tables and models as README makes them, of few recordings and epochs and without copies, and
-- emodb with all columns of emoser_load_emodb.
\set recording `base64 -w0 call.wav`
CREATE TABLE calls (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, speaker text, emotion text, audio bytea, received_at timestamptz DEFAULT now()
);
ALTER TABLE calls ALTER audio SET STORAGE EXTERNAL;
INSERT INTO calls (speaker, emotion, audio) VALUES ('anna', 'anger', decode(:'recording', 'base64'));
INSERT INTO calls (speaker, emotion, audio) SELECT speaker, emotion, audio FROM emodb WHERE file_name ~ 's01[FNTW]' ORDER BY file_name;
CREATE VIEW recordings AS SELECT * FROM emodb WHERE file_name ~ 's01[FNTW]';
CALL emoser_train('calls', 'mine', options => '{"augment": false, "degraded_copies": 0, "quiet": true}');
CALL emoser_train('calls', 'mine', options => '{"augment": false, "degraded_copies": 0, "shrinkage": 0.4, "quiet": true}');
CALL emoser_train('SELECT * FROM calls WHERE id <= 15', 'deep', 'cnn',
                  '{"epochs": 30, "channels": 16, "nets": 1, "calibrate": false, "quiet": true}');

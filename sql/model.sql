-- emoser_model: text and binary form, what it says about itself, damaged values.
\set SHOW_CONTEXT never

-- Trained on twelve rows of two features: one with two speakers, one without.
CREATE TABLE stored (name text PRIMARY KEY, model emoser_model);
INSERT INTO stored VALUES
    ('speakers', 'emoser-model:1:RU1PTU9ERUwBAAAAMCLBPWoBAAAAAAAAAQAAAAEAAAAgAAAAAAAAAGxkYQAAAAAAAAAAAAAAAAAAAAAAAgAAAAIAAAACAAAAAgAAAAEAAAATAAAAAAAAAAVhbmdlcgx0cmlzdGVzc2Ugw6kDAAAAAQAAABAAAAAAAAAA7+7+P4iIAEAuSsc/kkTQPwQAAAABAAAAPAAAAAAAAAAAAAAAAACAPwAAAAAAJHRJzczMPe/u/j+IiABAhWwkP/pVHT8foErBYtpJwR+gSkFi2klB3rlBweC5QcEEAAAAAQAAADwAAAAAAAAAAQAAAAAAAAAAAIA/ACR0Sc3MzD1V5d44qy55ueEJgD9SL4A/g1ZNwfGmUcGDVk1B8aZRQWYbR8FmG0fBBQAAAAEAAAAlAAAAAAAAAHsic2hyaW5rYWdlIjogMC41LCAicHJpb3JzIjogImVxdWFsIn0GAAAAAQAAAAIAAAAAAAAAe30='),
    ('plain', 'emoser-model:1:RU1PTU9ERUwBAAAA+Y8MxxkBAAAAAAAAAQAAAAEAAAAgAAAAAAAAAGxkYQAAAAAAAAAAAAAAAAADAAAAAgAAAAIAAAABAAAAAgAAAAEAAAAOAAAAAAAAAAVhbmdlcgdzYWRuZXNzAwAAAAEAAAAQAAAAAAAAAO/u/j+IiABALkrHP5JE0D8EAAAAAQAAADwAAAAAAAAAAAAAAAAAgD8AAIA/ACR0Sc3MzD3v7v4/iIgAQIVsJD/6VR0/H6BKwWLaScEfoEpBYtpJQd65QcHguUHBBQAAAAEAAAAlAAAAAAAAAHsic2hyaW5rYWdlIjogMC41LCAicHJpb3JzIjogImVxdWFsIn0GAAAAAQAAAAIAAAAAAAAAe30=');

SELECT name, info.*
FROM stored, emoser_model_info(model) AS info
ORDER BY name;

-- Stored out of line and uncompressed.
SELECT typname, typstorage, typlen FROM pg_type WHERE typname = 'emoser_model';

-- Text and back.
SELECT name, model::text::emoser_model::text = model::text AS same,
    left(model::text, 25) AS beginning
FROM stored
ORDER BY name;

-- The binary form is the text's base64.
SELECT name, encode(emoser_export_model(model), 'base64') =
    encode(decode(split_part(model::text, ':', 3), 'base64'), 'base64') AS same
FROM stored
ORDER BY name;

-- Binary and back; then with a letter of a label changed on the way.
CREATE TABLE copied (LIKE stored);
\copy stored TO 'results/model.copy' (FORMAT binary)
\copy copied FROM 'results/model.copy' (FORMAT binary)
SELECT name, copied.model::text = stored.model::text AS same
FROM stored JOIN copied USING (name)
ORDER BY name;
\copy copied FROM PROGRAM 'LC_ALL=C sed s/anger/angel/ results/model.copy' (FORMAT binary)

-- Text that is no model.
SELECT ''::emoser_model;
\echo :SQLSTATE
SELECT 'anger'::emoser_model;
SELECT 'emoser-model:2:AAAA and so on, for longer than anybody wants to read'::emoser_model;

-- A damaged model: cut off, not base64, one bit changed, of a newer version, with broken JSON.
SELECT 'emoser-model:1:'::emoser_model;
\echo :SQLSTATE
SELECT left(model::text, 103)::emoser_model FROM stored WHERE name = 'plain';
SELECT 'emoser-model:1:=?'::emoser_model;
SELECT 'emoser-model:1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'::emoser_model;
SELECT 'emoser-model:1:RU1PTU9ERUwBAAAAMCLBPWoBAAAAAAAAAQAAAAEAAAAgAAAAAAAAAGxkYQAAAAAAAAAAAAAAAAAAAAAAAgAAAAIAAAACAAAAAgAAAAEAAAATAAAAAAAAAAVhbmdlcgx0cmlzdGRzc2Ugw6kDAAAAAQAAABAAAAAAAAAA7+7+P4iIAEAuSsc/kkTQPwQAAAABAAAAPAAAAAAAAAAAAAAAAACAPwAAAAAAJHRJzczMPe/u/j+IiABAhWwkP/pVHT8foErBYtpJwR+gSkFi2klB3rlBweC5QcEEAAAAAQAAADwAAAAAAAAAAQAAAAAAAAAAAIA/ACR0Sc3MzD1V5d44qy55ueEJgD9SL4A/g1ZNwfGmUcGDVk1B8aZRQWYbR8FmG0fBBQAAAAEAAAAlAAAAAAAAAHsic2hyaW5rYWdlIjogMC41LCAicHJpb3JzIjogImVxdWFsIn0GAAAAAQAAAAIAAAAAAAAAe30='::emoser_model;
SELECT 'emoser-model:1:RU1PTU9ERUwDAAAAMCLBPWoBAAAAAAAAAQAAAAEAAAAgAAAAAAAAAGxkYQAAAAAAAAAAAAAAAAAAAAAAAgAAAAIAAAACAAAAAgAAAAEAAAATAAAAAAAAAAVhbmdlcgx0cmlzdGVzc2Ugw6kDAAAAAQAAABAAAAAAAAAA7+7+P4iIAEAuSsc/kkTQPwQAAAABAAAAPAAAAAAAAAAAAAAAAACAPwAAAAAAJHRJzczMPe/u/j+IiABAhWwkP/pVHT8foErBYtpJwR+gSkFi2klB3rlBweC5QcEEAAAAAQAAADwAAAAAAAAAAQAAAAAAAAAAAIA/ACR0Sc3MzD1V5d44qy55ueEJgD9SL4A/g1ZNwfGmUcGDVk1B8aZRQWYbR8FmG0fBBQAAAAEAAAAlAAAAAAAAAHsic2hyaW5rYWdlIjogMC41LCAicHJpb3JzIjogImVxdWFsIn0GAAAAAQAAAAIAAAAAAAAAe30='::emoser_model;
SELECT 'emoser-model:1:RU1PTU9ERUwBAAAApMepnwUBAAAAAAAAAQAAAAEAAAAgAAAAAAAAAGxkYQAAAAAAAAAAAAAAAAADAAAAAgAAAAIAAAABAAAAAgAAAAEAAAAOAAAAAAAAAAVhbmdlcgdzYWRuZXNzAwAAAAEAAAAQAAAAAAAAAO/u/j+IiABALkrHP5JE0D8EAAAAAQAAADwAAAAAAAAAAAAAAAAAgD8AAIA/ACR0Sc3MzD3v7v4/iIgAQIVsJD/6VR0/H6BKwWLaScEfoEpBYtpJQd65QcHguUHBBQAAAAEAAAARAAAAAAAAAHsic2hyaW5rYWdlIjogMC41BgAAAAEAAAACAAAAAAAAAHt9'::emoser_model;
\echo :SQLSTATE

-- Nothing was lost.
SELECT count(*) FROM copied;
SELECT emoser_model_info(NULL) IS NULL AS none;

DROP TABLE stored, copied;

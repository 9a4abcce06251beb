-- states that are kept, so that speakers can be forgotten

CREATE TABLE emoser_kept_states (
    name text NOT NULL,
    origin integer NOT NULL,
    version integer NOT NULL,
    plain emoser_training_state NOT NULL,
    with_profile emoser_training_state,
    PRIMARY KEY (name, origin),
    UNIQUE (name, version),
    FOREIGN KEY (name, version) REFERENCES emoser_models (name, version) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE emoser_kept_states IS
'the rows that a model was trained on as exact sums, of trainings with the option "keep_states". They go with the version that was made of them last';
COMMENT ON COLUMN emoser_kept_states.name IS 'name of the model';
COMMENT ON COLUMN emoser_kept_states.origin IS 'version that was trained';
COMMENT ON COLUMN emoser_kept_states.version IS 'version that has the rows in it: the one that was trained, or made by emoser_forget() last';
COMMENT ON COLUMN emoser_kept_states.plain IS 'sums for the head without speaker profiles';
COMMENT ON COLUMN emoser_kept_states.with_profile IS 'sums for the head with speaker profiles; NULL if there is none';

CREATE TABLE emoser_kept_speakers (
    name text NOT NULL,
    origin integer NOT NULL,
    speaker text NOT NULL,
    utterances bigint NOT NULL CHECK (utterances > 0),
    plain emoser_training_state NOT NULL,
    with_profile emoser_training_state,
    audio_hashes bytea,
    feature_hashes bytea,
    PRIMARY KEY (name, origin, speaker),
    FOREIGN KEY (name, origin) REFERENCES emoser_kept_states (name, origin) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE emoser_kept_speakers IS
'what each speaker has in the sums of emoser_kept_states: emoser_forget() takes it out again, and deletes it. Personal data: seen by owners of the model only';
COMMENT ON COLUMN emoser_kept_speakers.name IS 'name of the model';
COMMENT ON COLUMN emoser_kept_speakers.origin IS 'as of emoser_kept_states';
COMMENT ON COLUMN emoser_kept_speakers.speaker IS 'as the source calls the speaker';
COMMENT ON COLUMN emoser_kept_speakers.utterances IS 'of the speaker, copies not counted';
COMMENT ON COLUMN emoser_kept_speakers.plain IS 'the part in sums of the same name';
COMMENT ON COLUMN emoser_kept_speakers.with_profile IS 'the part in sums of the same name; NULL if there are none';
COMMENT ON COLUMN emoser_kept_speakers.audio_hashes IS 'of the speaker''s recordings, 8 bytes each, as of emoser_training_hashes; NULL if features were trained on';
COMMENT ON COLUMN emoser_kept_speakers.feature_hashes IS 'of their features, likewise';

SELECT pg_catalog.pg_extension_config_dump('emoser_kept_states', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_kept_speakers', '');

-- Nobody is granted to write here: states are kept and forgotten with the rights of the table's owner.
GRANT SELECT ON emoser_kept_states, emoser_kept_speakers TO PUBLIC;
ALTER TABLE emoser_kept_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE emoser_kept_speakers ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_kept_states_read ON emoser_kept_states FOR SELECT USING (_emoser_owns_name(name));
COMMENT ON POLICY emoser_kept_states_read ON emoser_kept_states IS
'seen by owners of the model';

CREATE POLICY emoser_kept_speakers_read ON emoser_kept_speakers FOR SELECT USING (_emoser_owns_name(name));
COMMENT ON POLICY emoser_kept_speakers_read ON emoser_kept_speakers IS
'seen by owners of the model';

CREATE FUNCTION emoser_forget(model text, speaker text)
RETURNS integer
AS 'MODULE_PATHNAME', 'emoser_forget'
LANGUAGE C;
COMMENT ON FUNCTION emoser_forget(text, text) IS
'makes the next version of a model (''mine'' is the version that predicts, ''mine@3'' version 3) without a speaker, as training without that speaker with the option "settings_of" would, and deletes what was kept of the speaker. Returns the new version; older versions stay, and have still learnt from the speaker. The model must have been trained with the option "keep_states".
Errors: object_not_in_prerequisite_state for a version without kept states, undefined_object for the model or the speaker, insufficient_privilege unless one owns the model, data_exception if fewer than two emotions would be left';

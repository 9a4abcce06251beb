-- What the web service needs in a database: its role emoser_web, and a schema of that name with the
-- recordings it may read, its queue of trainings, and the functions that it calls.
--
--   psql -d DATABASE -v recordings=my_table -f schema.sql
--
-- recordings: table or view with the columns file_name, speaker, emotion, audio, from which the service
-- plays, predicts and trains; without it there are none.  For the page's first clicks, all of them optional:
-- model, which it asks first; voices, a sentence on whose voices the recordings are; examples, a table or
-- view with the columns position, title, about, file_name, audio.  To be run by a superuser, in the schema
-- path of emoser; again, with all variables, after an upgrade or to change them.  Longer than 400 lines: it
-- is run as one file, in one transaction.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;

CREATE EXTENSION IF NOT EXISTS emoser;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'emoser_web') THEN
        CREATE ROLE emoser_web LOGIN CONNECTION LIMIT 100;
    END IF;
    -- An hour of two channels takes some fifteen seconds; whatever takes longer than these is stopped.
    EXECUTE format('ALTER ROLE emoser_web IN DATABASE %I SET statement_timeout = %L', current_database(), '60s');
    EXECUTE format('ALTER ROLE emoser_web IN DATABASE %I SET lock_timeout = %L', current_database(), '5s');
    EXECUTE format('ALTER ROLE emoser_web IN DATABASE %I SET idle_in_transaction_session_timeout = %L', current_database(), '60s');
    EXECUTE format('ALTER ROLE emoser_web IN DATABASE %I SET emoser.max_audio_duration = %L', current_database(), '1h');
    EXECUTE format('ALTER ROLE emoser_web IN DATABASE %I SET search_path = emoser_web, %I, pg_temp', current_database(),
                   (SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
                    WHERE e.extname = 'emoser'));
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO emoser_web',
                   (SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
                    WHERE e.extname = 'emoser'));
END
$$;

-- Predict, train (nets too), and deploy its own models; row level security keeps it from those of others.
GRANT SELECT, INSERT, UPDATE (deployed_at) ON emoser_models TO emoser_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON emoser_trainings, emoser_training_history, emoser_training_checkpoints TO emoser_web;

CREATE SCHEMA IF NOT EXISTS emoser_web;
REVOKE ALL ON SCHEMA emoser_web FROM PUBLIC;
GRANT USAGE ON SCHEMA emoser_web TO emoser_web;

-- recordings

DROP VIEW IF EXISTS emoser_web.training_recordings, emoser_web.stored, emoser_web.examples, emoser_web.page, emoser_web.recordings;
\if :{?recordings}
CREATE VIEW emoser_web.recordings AS
    SELECT file_name::text, speaker::text, emotion::text, audio FROM :recordings;
\else
CREATE VIEW emoser_web.recordings AS
    SELECT NULL::text AS file_name, NULL::text AS speaker, NULL::text AS emotion, NULL::bytea AS audio WHERE false;
\endif
COMMENT ON VIEW emoser_web.recordings IS 'recordings that the web service plays, predicts and trains on';

\if :{?examples}
CREATE VIEW emoser_web.examples AS
    SELECT position::integer, title::text, about::text, file_name::text, audio FROM :examples;
\else
CREATE VIEW emoser_web.examples AS
    SELECT NULL::integer AS position, NULL::text AS title, NULL::text AS about, NULL::text AS file_name, NULL::bytea AS audio WHERE false;
\endif
COMMENT ON VIEW emoser_web.examples IS 'recordings that the page offers by what is heard in them; no training reads them';

\if :{?model}
\else
\set model emodb
\endif
\if :{?voices}
\else
\set voices ''
\endif
CREATE VIEW emoser_web.page AS SELECT :'model'::text AS model, nullif(:'voices', '')::text AS voices;
COMMENT ON VIEW emoser_web.page IS 'the model that the page asks first, and whose voices the recordings are, in a sentence';

CREATE VIEW emoser_web.stored AS
    SELECT file_name, speaker, emotion, audio FROM emoser_web.recordings
    UNION ALL
    SELECT file_name, NULL, NULL, audio FROM emoser_web.examples;
COMMENT ON VIEW emoser_web.stored IS 'all that is asked for by name: recordings and examples';
GRANT SELECT ON emoser_web.recordings, emoser_web.examples, emoser_web.page, emoser_web.stored TO emoser_web;

CREATE OR REPLACE FUNCTION emoser_web.stored_audio(file_name text)
RETURNS bytea
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    recording bytea;
BEGIN
    SELECT s.audio INTO recording FROM emoser_web.stored AS s WHERE s.file_name = stored_audio.file_name LIMIT 1;
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE = format('there is no recording "%s"', left(file_name, 100));
    END IF;
    RETURN recording;
END
$$;
COMMENT ON FUNCTION emoser_web.stored_audio(text) IS 'a stored recording or example; error: no_data_found';

CREATE OR REPLACE FUNCTION emoser_web.part(audio bytea, start_s double precision, end_s double precision)
RETURNS bytea
LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE WHEN $2 IS NULL AND $3 IS NULL THEN $1 ELSE emoser_cut($1, $2, $3) END;
$$;
COMMENT ON FUNCTION emoser_web.part(bytea, double precision, double precision) IS 'a recording, or what of it is asked for';

CREATE OR REPLACE FUNCTION emoser_web.part(file_name text, start_s double precision, end_s double precision)
RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT emoser_web.part(emoser_web.stored_audio($1), $2, $3);
$$;
COMMENT ON FUNCTION emoser_web.part(text, double precision, double precision) IS 'the same of a stored recording; error: no_data_found';

CREATE OR REPLACE FUNCTION emoser_web.stored_form(file_name text)
RETURNS json
LANGUAGE sql STABLE STRICT
AS $$
    SELECT json_build_object('container', (_emoser_outline(s.audio)).container, 'n_bytes', octet_length(s.audio))
    FROM emoser_web.stored_audio($1) AS s (audio);
$$;
COMMENT ON FUNCTION emoser_web.stored_form(text) IS 'what a stored recording is, and how long; error: no_data_found';

CREATE OR REPLACE FUNCTION emoser_web.stored_bytes(file_name text)
RETURNS integer
LANGUAGE sql STABLE STRICT
AS $$
    SELECT octet_length(s.audio) FROM emoser_web.stored AS s WHERE s.file_name = $1 LIMIT 1;
$$;
COMMENT ON FUNCTION emoser_web.stored_bytes(text) IS 'the size of a stored recording, without reading it; NULL: there is none';

CREATE OR REPLACE FUNCTION emoser_web.list_recordings(emotion text, n_max integer, n_skipped integer)
RETURNS json
LANGUAGE sql STABLE
AS $$
    SELECT json_build_object(
        'total', (SELECT count(*) FROM emoser_web.recordings AS r WHERE $1 IS NULL OR r.emotion = $1),
        'emotions', (SELECT coalesce(json_agg(DISTINCT r.emotion ORDER BY r.emotion), '[]') FROM emoser_web.recordings AS r),
        'recordings', (SELECT coalesce(json_agg(p ORDER BY p.filename), '[]')
                       FROM (SELECT r.file_name AS filename, r.speaker, r.emotion AS label
                             FROM emoser_web.recordings AS r WHERE $1 IS NULL OR r.emotion = $1
                             ORDER BY r.file_name LIMIT $2 OFFSET $3) AS p));
$$;
COMMENT ON FUNCTION emoser_web.list_recordings(text, integer, integer) IS 'names and labels of stored recordings, a page of them';

-- prediction

CREATE OR REPLACE FUNCTION emoser_web.is_in_training(audio bytea, channel integer, model text, version integer)
RETURNS boolean
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    hash_bytes CONSTANT integer := 8;
    wanted bytea := substr(sha256(CASE WHEN channel IS NULL THEN audio ELSE audio || convert_to(channel::text, 'UTF8') END), 1, hash_bytes);
    known record;
    first integer;
    after integer;
    middle integer;
BEGIN
    FOR known IN SELECT k.hashes FROM _emoser_known_hashes(regexp_replace(model, '@[0-9]+$', ''), version) AS k WHERE k.kind = 'audio' LOOP
        first := 0;
        after := octet_length(known.hashes) / hash_bytes;
        WHILE first < after LOOP
            middle := (first + after) / 2;
            IF substr(known.hashes, hash_bytes * middle + 1, hash_bytes) < wanted THEN
                first := middle + 1;
            ELSE
                after := middle;
            END IF;
        END LOOP;
        IF substr(known.hashes, hash_bytes * first + 1, hash_bytes) = wanted THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN CASE WHEN known IS NOT NULL THEN false END;
END
$$;
COMMENT ON FUNCTION emoser_web.is_in_training(bytea, integer, text, integer) IS
'whether a version was trained on this recording, by the hashes of emoser_training_hashes, which are in ascending order; NULL: it isn''t known';

-- In PL/pgSQL, which keeps the plans of its queries: planning would take longer than predicting.
CREATE OR REPLACE FUNCTION emoser_web.predict(audio bytea, model text, channel integer DEFAULT NULL, emotions text[] DEFAULT NULL, file_name text DEFAULT NULL, label text DEFAULT NULL)
RETURNS json
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    heard record;
    active integer;
    in_training boolean;
    info record;
BEGIN
    SELECT (array_agg(p.emotion))[1] AS emotion, coalesce(json_object_agg(p.emotion, round(p.probability::numeric, 4)), '{}') AS shares,
        round(min(p.familiarity)::numeric, 4) AS familiarity
    INTO heard FROM emoser_predict_proba(predict.audio, predict.model, channel => predict.channel, emotions => predict.emotions) AS p;
    active := substring(predict.model FROM '@([0-9]+)$');
    IF active IS NULL THEN
        SELECT m.version INTO active FROM emoser_model_list AS m WHERE m.name = predict.model AND m.predicts;
    END IF;
    in_training := emoser_web.is_in_training(audio, channel, model, active);
    SELECT round(i.duration_s::numeric, 3) AS duration_s, i.channels INTO info FROM _emoser_outline(predict.audio) AS i;
    IF file_name IS NULL THEN
        RETURN json_build_object('emotion', heard.emotion, 'probabilities', heard.shares, 'familiarity', heard.familiarity, 'model', model,
                                 'version', active, 'in_training', in_training, 'duration_s', info.duration_s, 'channels', info.channels);
    END IF;
    RETURN json_build_object('emotion', heard.emotion, 'probabilities', heard.shares, 'familiarity', heard.familiarity, 'model', model,
                             'version', active, 'in_training', in_training, 'duration_s', info.duration_s, 'channels', info.channels, 'filename', file_name, 'label', label);
END
$$;
COMMENT ON FUNCTION emoser_web.predict(bytea, text, integer, text[], text, text) IS
'emotion (null where nobody speaks), calibrated probabilities (best first), how familiar the model is with such recordings, by which version of the model, and whether that was trained on the recording, as a JSON object; name and label of a stored recording are handed on';

CREATE OR REPLACE FUNCTION emoser_web.predict_stored(file_name text, model text, channel integer DEFAULT NULL, emotions text[] DEFAULT NULL)
RETURNS json
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    stored record;
BEGIN
    SELECT s.audio, s.emotion INTO stored FROM emoser_web.stored AS s
    WHERE s.file_name = predict_stored.file_name LIMIT 1;
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE = format('there is no recording "%s"', left(file_name, 100));
    END IF;
    RETURN emoser_web.predict(stored.audio, model, channel, emotions, file_name, stored.emotion);
END
$$;
COMMENT ON FUNCTION emoser_web.predict_stored(text, text, integer, text[]) IS 'the same for a stored recording; error: no_data_found';

CREATE OR REPLACE FUNCTION emoser_web.segments(audio bytea, window_s double precision, hop_s double precision, model text, channel integer DEFAULT NULL, emotions text[] DEFAULT NULL)
RETURNS json
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(json_agg(s ORDER BY s.start_s), '[]')
    FROM emoser_segments($1, $4, $2, $3, channel => $5, emotions => $6) AS s;
$$;
COMMENT ON FUNCTION emoser_web.segments(bytea, double precision, double precision, text, integer, text[]) IS
'emotion in a window that moves along a recording, as a JSON array';

-- turns

CREATE OR REPLACE FUNCTION emoser_web.seconds(length_s double precision)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT CASE WHEN $1 < 10 THEN round($1::numeric, 1) || ' s' WHEN $1 < 100 THEN round($1) || ' s'
                ELSE floor(round($1) / 60) || ' min ' || round($1)::integer % 60 || ' s' END;
$$;
COMMENT ON FUNCTION emoser_web.seconds(double precision) IS 'a length of time, in words';

-- One answer for the whole of a recording is meaningful for one talker, of whom there is neither too little to hear an
-- emotion in nor so much that it changes: models are trained on sentences.
CREATE OR REPLACE FUNCTION emoser_web.reason_for_no_answer(n_talkers bigint, n_turns bigint, speech_s double precision, longest_s double precision, is_unfamiliar boolean)
RETURNS json
LANGUAGE sql IMMUTABLE
AS $$
    SELECT json_build_object('code', r.code, 'text', r.text)
    FROM (VALUES
        (speech_s = 0, 'no_speech', 'Nobody speaks in this recording, as far as can be told.'),
        -- EmoDB's shortest sentence has 1.2 s.
        (speech_s < 0.5, 'little_speech', format('There is too little speech to tell: %s. Speak for a second or more.', emoser_web.seconds(speech_s))),
        (n_talkers > 1, 'several_talkers', format('%s people speak, each on a channel of their own: no one answer is right for all of them. Their turns tell it one by one.', n_talkers)),
        (speech_s > longest_s, 'long', format('%s of speech in %s turns is too much for one answer: emotions change. The turns tell it one by one.', emoser_web.seconds(speech_s), n_turns)),
        (is_unfamiliar, 'unfamiliar', 'This is unlike anything that the model was trained on: what it says is a guess.')) AS r (holds, code, text)
    WHERE r.holds LIMIT 1;
$$;
COMMENT ON FUNCTION emoser_web.reason_for_no_answer(bigint, bigint, double precision, double precision, boolean) IS
'why there is no one answer for a whole recording: code and text; NULL where there is one';

CREATE OR REPLACE FUNCTION emoser_web.notes(bandwidth_hz double precision, clipped_samples bigint, truncated boolean, channels_cancel boolean)
RETURNS json
LANGUAGE sql IMMUTABLE
AS $$
    SELECT coalesce(json_agg(json_build_object('code', n.code, 'text', n.text)), '[]')
    FROM (VALUES
        -- A call has up to some 3400 Hz, and 4400 at most.
        (bandwidth_hz < 4500, 'telephone', format('There is no sound above %s kHz, as over the telephone: less is heard of a voice, and answers are right less often.', round(bandwidth_hz::numeric / 1000, 1))),
        -- Peaks of a few samples are no distortion.
        (clipped_samples > 100, 'clipped', 'It was recorded too loudly: peaks are cut off, which sounds harsher than it was.'),
        (truncated, 'truncated', 'The file is cut off: it ends before the length that it announces.'),
        (channels_cancel, 'one_channel', 'Its channels would cancel each other out, so that the strongest is heard alone.')) AS n (holds, code, text)
    WHERE n.holds;
$$;
COMMENT ON FUNCTION emoser_web.notes(double precision, bigint, boolean, boolean) IS 'what else is to be known of a recording, each with code and text';

CREATE OR REPLACE FUNCTION emoser_web.turns(audio bytea, model text, emotions text[] DEFAULT NULL, columns integer DEFAULT 2000, file_name text DEFAULT NULL, label text DEFAULT NULL)
RETURNS json
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
DECLARE
    -- As long as somebody speaks in one breath of feeling, and as the page records.
    longest_s CONSTANT double precision := 60;
    used record;
    heard record;
    talk record;
    answer text;
BEGIN
    SELECT m.version, coalesce(m.metrics ? 'adapted', false) AS is_adapted INTO used FROM _emoser_known_models() AS m JOIN emoser_model_list AS l USING (name, version)
    WHERE turns.model IN (m.name || '@' || m.version, CASE WHEN l.predicts THEN m.name END);
    SELECT l.* INTO heard FROM _emoser_listen(turns.audio, turns.model, turns.emotions, turns.columns, longest_s) AS l;
    SELECT count(*) AS n_turns, count(DISTINCT t.channel) AS n_talkers, coalesce(nullif(sum(t.speech_s), 0), heard.speech_s) AS speech_s INTO talk
    FROM json_to_recordset(heard.turns) AS t (channel integer, speech_s double precision);
    answer := json_build_object(
        'model', turns.model, 'version', used.version, 'container', heard.container, 'encoding', heard.encoding, 'sample_rate', heard.sample_rate,
        'channels', heard.channels, 'duration_s', round(heard.duration_s::numeric, 3), 'speech_s', round(talk.speech_s::numeric, 2),
        'in_training', emoser_web.is_in_training(turns.audio, NULL, turns.model, used.version),
        'bandwidth_hz', heard.bandwidth_hz, 'clipped_samples', heard.clipped_samples, 'truncated', heard.truncated,
        'emotion', (SELECT p.key FROM jsonb_each_text(heard.probabilities) AS p ORDER BY p.value::real DESC, p.key LIMIT 1),
        'probabilities', (SELECT coalesce(json_object_agg(p.key, round(p.value::numeric, 4) ORDER BY p.value::real DESC, p.key), '{}') FROM jsonb_each_text(heard.probabilities) AS p),
        'familiarity', round(heard.familiarity::numeric, 4),
        'reason', emoser_web.reason_for_no_answer(talk.n_talkers, talk.n_turns, talk.speech_s, longest_s, heard.familiarity < 0.01 AND NOT used.is_adapted),
        'notes', emoser_web.notes(heard.bandwidth_hz, heard.clipped_samples, heard.truncated, heard.channels_cancel),
        'lanes', heard.lanes, 'turns', heard.turns,
        'moments', (SELECT coalesce(json_agg(json_build_object(
                        'channel', m.channel, 'start_s', m.start_s, 'end_s', m.end_s, 'emotion', m.emotion, 'probability', round(m.probability::numeric, 4),
                        'talk_s', round(m.talk_s::numeric, 2), 'turns', m.turns) ORDER BY m.rank), '[]')
                    FROM emoser_moments(heard.turns::jsonb) AS m));
    IF turns.file_name IS NULL THEN
        RETURN answer;
    END IF;
    RETURN format('{"filename": %s, "label": %s, %s', to_json(turns.file_name), coalesce(to_json(turns.label), 'null'), substr(answer, 2));
END
$$;
COMMENT ON FUNCTION emoser_web.turns(bytea, text, text[], integer, text, text) IS 'all that is to be shown of a recording, as a JSON object';

CREATE OR REPLACE FUNCTION emoser_web.turns_stored(file_name text, model text, emotions text[] DEFAULT NULL, columns integer DEFAULT 2000)
RETURNS json
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    stored record;
BEGIN
    SELECT s.audio, s.emotion INTO stored FROM emoser_web.stored AS s
    WHERE s.file_name = turns_stored.file_name LIMIT 1;
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE = format('there is no recording "%s"', left(file_name, 100));
    END IF;
    RETURN emoser_web.turns(stored.audio, model, emotions, columns, file_name, stored.emotion);
END
$$;
COMMENT ON FUNCTION emoser_web.turns_stored(text, text, text[], integer) IS 'the same for a stored recording; error: no_data_found';

CREATE OR REPLACE FUNCTION emoser_web.wav(audio bytea, start_s double precision, end_s double precision, channel integer, max_bytes bigint)
RETURNS bytea
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    cut bytea := emoser_cut(audio, start_s, end_s, channel);
BEGIN
    IF octet_length(cut) > max_bytes THEN
        RAISE program_limit_exceeded USING MESSAGE = format('the WAV file would have %s MB, and at most %s MB are sent', octet_length(cut) >> 20, max_bytes >> 20),
            HINT = 'Ask for a shorter part, by start_s and end_s.';
    END IF;
    RETURN cut;
END
$$;
COMMENT ON FUNCTION emoser_web.wav(bytea, double precision, double precision, integer, bigint) IS
'a recording, or a part of it, as a WAV file, for those who can''t play it as it is; error: program_limit_exceeded';

CREATE OR REPLACE FUNCTION emoser_web.wav(file_name text, start_s double precision, end_s double precision, channel integer, max_bytes bigint)
RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT emoser_web.wav(emoser_web.stored_audio($1), $2, $3, $4, $5);
$$;
COMMENT ON FUNCTION emoser_web.wav(text, double precision, double precision, integer, bigint) IS 'the same of a stored recording; error: no_data_found';

-- models

CREATE OR REPLACE FUNCTION emoser_web.models()
RETURNS json
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(json_agg(json_build_object(
        'name', m.name, 'version', m.version, 'algorithm', m.algorithm, 'labels', m.labels,
        'colors', json_object(m.labels, emoser_emotion_colors(m.labels)),
        'n_utterances', m.n_utterances, 'n_speakers', m.n_speakers, 'metrics', m.metrics,
        'training_s', round(extract(epoch FROM m.training_time), 1), 'created_at', m.created_at,
        'predicts', l.predicts, 'deployed', l.predicts AND l.deployed_at IS NOT NULL,
        'deployable', _emoser_owns_name(m.name)) ORDER BY m.name, m.version DESC), '[]')
    FROM _emoser_known_models() AS m JOIN emoser_model_list AS l USING (name, version);
$$;
COMMENT ON FUNCTION emoser_web.models() IS 'all versions of all models, as a JSON array';

CREATE OR REPLACE FUNCTION emoser_web.held_out_confusion(model text, title text, width integer)
RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    trained record;
BEGIN
    SELECT m.name, m.algorithm, m.options, m.metrics ? 'adapted' AS is_adapted INTO trained
    FROM emoser_models AS m
    WHERE m.name || '@' || m.version = held_out_confusion.model;
    IF trained.algorithm IS DISTINCT FROM 'lda' OR trained.is_adapted THEN
        RAISE feature_not_supported USING MESSAGE = format('model "%s" is not trained again in an instant', model),
            HINT = 'Models of algorithm "lda" are, those that were adapted apart.';
    END IF;
    RETURN (SELECT emoser_plot_confusion(emoser_confusion(p.actual, p.predicted),
                                         title => coalesce(held_out_confusion.title, format('Confusion matrix of %s, speakers left out', model)),
                                         width => held_out_confusion.width)
            FROM emoser_cross_predictions('SELECT speaker, emotion, audio FROM emoser_web.recordings', 'lda', trained.options) AS p);
END
$$;
COMMENT ON FUNCTION emoser_web.held_out_confusion(text, text, integer) IS
'picture of what models trained as this one was, each without some speakers, take the stored recordings of those for; model is name@version; error: feature_not_supported for other algorithms than lda, and adapted models';

CREATE OR REPLACE FUNCTION emoser_web.deploy(model text, version integer)
RETURNS json
LANGUAGE sql
AS $$
    SELECT emoser_deploy($1 || '@' || $2);
    SELECT json_build_object('name', $1, 'version', $2, 'deployed', true);
$$;
COMMENT ON FUNCTION emoser_web.deploy(text, integer) IS 'let a version predict';

-- corrections: what people say was right, or not

CREATE TABLE IF NOT EXISTS emoser_web.corrections (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    recording text NOT NULL,
    channel integer,
    start_s double precision,
    end_s double precision,
    emotion text NOT NULL CHECK (emotion <> ''),
    heard_emotion text,
    heard_probability real,
    model text NOT NULL,
    version integer,
    corrected_by text,
    corrected_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    audio_hash bytea NOT NULL,
    audio bytea,
    CHECK ((start_s IS NULL) = (end_s IS NULL))
);
ALTER TABLE emoser_web.corrections ALTER COLUMN audio SET STORAGE EXTERNAL;
CREATE INDEX IF NOT EXISTS corrections_order ON emoser_web.corrections (corrected_at);
COMMENT ON TABLE emoser_web.corrections IS 'what people say is the emotion of a recording or of a part of it; of several for the same part, the last one counts';
COMMENT ON COLUMN emoser_web.corrections.id IS 'can''t be guessed: who has made a correction may undo it';
COMMENT ON COLUMN emoser_web.corrections.recording IS 'name of a stored recording, or of the file that was sent';
COMMENT ON COLUMN emoser_web.corrections.channel IS 'from 1; NULL: all of them';
COMMENT ON COLUMN emoser_web.corrections.start_s IS 'NULL, as end_s: the whole recording';
COMMENT ON COLUMN emoser_web.corrections.heard_emotion IS 'what the person was shown; NULL: no emotion. The same as emotion if it was right';
COMMENT ON COLUMN emoser_web.corrections.corrected_by IS 'what the person calls himself or herself';
COMMENT ON COLUMN emoser_web.corrections.audio_hash IS 'SHA-256 of the recording: what belongs to the same one';
COMMENT ON COLUMN emoser_web.corrections.audio IS 'the part, of a recording that was sent; NULL: the recording is stored already';
GRANT SELECT, INSERT, DELETE ON emoser_web.corrections TO emoser_web;

CREATE OR REPLACE FUNCTION emoser_web.correction(c emoser_web.corrections)
RETURNS json
LANGUAGE sql STABLE
AS $$
    SELECT json_build_object(
        'id', c.id, 'recording', c.recording, 'channel', c.channel, 'start_s', c.start_s, 'end_s', c.end_s, 'emotion', c.emotion,
        'heard_emotion', c.heard_emotion, 'heard_probability', round(c.heard_probability::numeric, 4),
        'model', c.model, 'version', c.version, 'corrected_by', c.corrected_by, 'corrected_at', c.corrected_at,
        'sent', c.audio IS NOT NULL);
$$;
COMMENT ON FUNCTION emoser_web.correction(emoser_web.corrections) IS 'a correction without its sound';

-- Of the sound, no more is taken than a turn has: longer parts have more than one emotion.
CREATE OR REPLACE FUNCTION emoser_web.correct(
    audio bytea, file_name text, name text, channel integer, start_s double precision, end_s double precision, emotion text,
    heard_emotion text, heard_probability double precision, model text, version integer, corrected_by text, max_corrections integer)
RETURNS json
LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    max_part_s CONSTANT integer := 60;
    -- A minute of two channels at 48 kHz, of 32 bits.
    max_part_bytes CONSTANT integer := 60 * 48000 * 2 * 4;
    labels text[];
    part bytea;
    duration_s double precision;
    made emoser_web.corrections;
BEGIN
    SELECT array_agg(l.label ORDER BY l.label) INTO labels
    FROM (SELECT unnest(m.labels) AS label FROM _emoser_known_models() AS m WHERE m.name = regexp_replace(correct.model, '@[0-9]+$', '')
          UNION SELECT r.emotion FROM emoser_web.recordings AS r WHERE r.emotion <> '') AS l;
    IF NOT EXISTS (SELECT FROM _emoser_known_models() AS m WHERE m.name = regexp_replace(correct.model, '@[0-9]+$', '')) THEN
        RAISE undefined_object USING MESSAGE = format('there is no model "%s"', left(model, 100));
    END IF;
    IF emotion <> ALL (labels) THEN
        RAISE invalid_parameter_value USING MESSAGE = format('neither the model nor the recordings have an emotion "%s"', left(emotion, 100)),
            HINT = format('There are: %s.', array_to_string(labels, ', '));
    END IF;
    IF (start_s IS NULL) <> (end_s IS NULL) THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a part has a start and an end', HINT = 'Leave both out for the whole recording.';
    END IF;
    IF file_name IS NOT NULL THEN
        audio := emoser_web.stored_audio(file_name);
    END IF;
    part := CASE WHEN start_s IS NULL AND channel IS NULL THEN audio ELSE emoser_cut(audio, start_s, end_s, channel) END;
    SELECT o.duration_s INTO duration_s FROM _emoser_outline(part) AS o;
    IF duration_s > max_part_s THEN
        RAISE invalid_parameter_value
            USING MESSAGE = format('%s s are too long to have one emotion', round(duration_s)),
            HINT = format('Correct a turn, or another part of %s s at most.', max_part_s);
    END IF;
    IF file_name IS NULL AND octet_length(part) > max_part_bytes THEN
        RAISE program_limit_exceeded
            USING MESSAGE = format('%s MB are too much to be kept', octet_length(part) >> 20),
            HINT = format('Send at most %s MB, as with fewer channels or a lower sample rate.', max_part_bytes >> 20);
    END IF;
    -- Training would skip it.
    IF NOT EXISTS (SELECT FROM emoser_predict_proba(part, correct.model)) THEN
        RAISE invalid_parameter_value USING MESSAGE = 'nobody speaks in this part';
    END IF;
    -- Two that come at once are counted one after the other.
    PERFORM pg_advisory_xact_lock('emoser_web.corrections'::regclass::oid::integer, 1);
    IF (SELECT count(*) >= max_corrections FROM emoser_web.corrections) THEN
        RAISE configuration_limit_exceeded USING MESSAGE = format('there are %s corrections already', max_corrections);
    END IF;
    INSERT INTO emoser_web.corrections AS c (recording, channel, start_s, end_s, emotion, heard_emotion, heard_probability, model, version,
                                        corrected_by, audio_hash, audio)
    VALUES (coalesce(file_name, name, 'a recording without a name'), channel, start_s, end_s, emotion, heard_emotion, heard_probability,
            regexp_replace(correct.model, '@[0-9]+$', ''), version, nullif(corrected_by, ''), sha256(audio), CASE WHEN file_name IS NULL THEN part END)
    RETURNING c.* INTO made;
    RETURN emoser_web.correction(made);
END
$$;
COMMENT ON FUNCTION emoser_web.correct(bytea, text, text, integer, double precision, double precision, text, text, double precision, text, integer, text, integer) IS
'store what a person says is the emotion of a recording, or of a part: of one that was sent, the part itself, of a stored one its name; errors: invalid_parameter_value for an emotion that nothing knows, for parts of over a minute or without speech, program_limit_exceeded for sound of over 21 MB, configuration_limit_exceeded if there are max_corrections already';

CREATE OR REPLACE FUNCTION emoser_web.list_corrections(n_max integer, n_skipped integer)
RETURNS json
LANGUAGE sql STABLE
AS $$
    SELECT json_build_object(
        'total', (SELECT count(*) FROM emoser_web.corrections),
        'right', (SELECT count(*) FROM emoser_web.corrections AS c WHERE c.emotion = c.heard_emotion),
        'corrections', (SELECT coalesce(json_agg(emoser_web.correction(p) ORDER BY p.corrected_at DESC, p.id), '[]')
                        FROM (SELECT * FROM emoser_web.corrections AS c ORDER BY c.corrected_at DESC, c.id LIMIT $1 OFFSET $2) AS p));
$$;
COMMENT ON FUNCTION emoser_web.list_corrections(integer, integer) IS 'a page of corrections, the last ones first; how many there are, and how many of them say that it was right';

CREATE OR REPLACE FUNCTION emoser_web.correction_audio(id text)
RETURNS bytea
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    c emoser_web.corrections;
    whole bytea;
BEGIN
    -- What is no number of a correction is the number of none.
    SELECT * INTO c FROM emoser_web.corrections AS o WHERE o.id::text = correction_audio.id;
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE = 'there is no such correction';
    END IF;
    IF c.audio IS NOT NULL THEN
        RETURN c.audio;
    END IF;
    whole := emoser_web.stored_audio(c.recording);
    RETURN CASE WHEN c.start_s IS NULL AND c.channel IS NULL THEN whole ELSE emoser_cut(whole, c.start_s, c.end_s, c.channel) END;
END
$$;
COMMENT ON FUNCTION emoser_web.correction_audio(text) IS 'what a correction is about; error: no_data_found';

CREATE OR REPLACE FUNCTION emoser_web.undo_correction(id text)
RETURNS json
LANGUAGE plpgsql STRICT
AS $$
DECLARE
    gone emoser_web.corrections;
BEGIN
    DELETE FROM emoser_web.corrections AS c WHERE c.id::text = undo_correction.id RETURNING c.* INTO gone;
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE = 'there is no such correction';
    END IF;
    RETURN emoser_web.correction(gone);
END
$$;
COMMENT ON FUNCTION emoser_web.undo_correction(text) IS 'delete a correction, and the sound that was stored with it; error: no_data_found';

CREATE OR REPLACE FUNCTION emoser_web.forget_corrections(older_than_days integer)
RETURNS json
LANGUAGE sql STRICT
AS $$
    WITH gone AS (DELETE FROM emoser_web.corrections AS c WHERE c.corrected_at < clock_timestamp() - make_interval(days => $1) RETURNING 1)
    SELECT json_build_object('deleted', count(*)) FROM gone;
$$;
COMMENT ON FUNCTION emoser_web.forget_corrections(integer) IS 'delete what is older, and the sound that was stored with it: for whatever keeps your retention, such as pg_cron';

-- The last word on each part; what is about a whole recording that is trained on replaces its label.
CREATE VIEW emoser_web.training_recordings AS
    WITH last AS (
        SELECT DISTINCT ON (c.audio_hash, c.channel, c.start_s, c.end_s) c.*, s.audio AS stored_audio, s.speaker,
            c.audio IS NULL AND c.start_s IS NULL AND c.channel IS NULL AND s.is_trained_on AS is_label
        FROM emoser_web.corrections AS c
        LEFT JOIN (SELECT r.file_name, r.speaker, r.audio, true AS is_trained_on FROM emoser_web.recordings AS r
                   UNION ALL SELECT e.file_name, NULL, e.audio, false FROM emoser_web.examples AS e) AS s
            -- Another recording may have the name by now.
            ON c.audio IS NULL AND s.file_name = c.recording AND sha256(s.audio) = c.audio_hash
        ORDER BY c.audio_hash, c.channel, c.start_s, c.end_s, c.corrected_at DESC)
    SELECT r.file_name, r.speaker, coalesce(l.emotion, r.emotion) AS emotion, r.audio
    FROM emoser_web.recordings AS r LEFT JOIN last AS l ON l.is_label AND l.recording = r.file_name
    UNION ALL
    SELECT l.recording || coalesce(', channel ' || l.channel, '') || coalesce(', ' || l.start_s || ' s to ' || l.end_s || ' s', ''),
        -- Parts of a channel are of one speaker, whoever that is.
        coalesce(l.speaker, format('%s/%s', left(encode(l.audio_hash, 'hex'), 12), l.channel)), l.emotion,
        CASE WHEN l.audio IS NOT NULL THEN l.audio
             WHEN l.start_s IS NULL AND l.channel IS NULL THEN l.stored_audio
             ELSE emoser_cut(l.stored_audio, l.start_s, l.end_s, l.channel) END
    FROM last AS l WHERE l.is_label IS NOT TRUE;
COMMENT ON VIEW emoser_web.training_recordings IS 'what training with corrections reads: recordings, with corrected labels, and corrected parts';
GRANT SELECT ON emoser_web.training_recordings TO emoser_web;

-- the page

CREATE OR REPLACE FUNCTION emoser_web.start()
RETURNS json
LANGUAGE sql STABLE
AS $$
    SELECT json_build_object(
        'model', p.model, 'voices', p.voices,
        'examples', (SELECT coalesce(json_agg(json_build_object(
                         'filename', e.file_name, 'title', e.title, 'about', e.about,
                         'duration_s', (SELECT round(o.duration_s::numeric, 1) FROM _emoser_outline(e.audio) AS o)) ORDER BY e.position), '[]')
                     FROM emoser_web.examples AS e),
        'n_corrections', (SELECT count(*) FROM emoser_web.corrections))
    FROM emoser_web.page AS p;
$$;
COMMENT ON FUNCTION emoser_web.start() IS 'what the page begins with';

-- trainings: a queue, of which one is run at a time

CREATE TABLE IF NOT EXISTS emoser_web.trainings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model text NOT NULL CHECK (model <> ''),
    algorithm text NOT NULL,
    options jsonb NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'canceling', 'done', 'failed', 'canceled')),
    n_starts integer NOT NULL DEFAULT 0,
    anew boolean NOT NULL DEFAULT false,
    pid integer,
    training bigint,
    version integer,
    error text,
    accepted_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    started_at timestamp with time zone,
    ended_at timestamp with time zone
);
ALTER TABLE emoser_web.trainings ADD COLUMN IF NOT EXISTS with_corrections boolean NOT NULL DEFAULT false;
COMMENT ON TABLE emoser_web.trainings IS 'trainings that the web service has accepted';
COMMENT ON COLUMN emoser_web.trainings.with_corrections IS 'whether emoser_web.training_recordings is read rather than emoser_web.recordings';
COMMENT ON COLUMN emoser_web.trainings.n_starts IS 'more than one if the server or the service stopped meanwhile';
COMMENT ON COLUMN emoser_web.trainings.anew IS 'could not be resumed, because the recordings have changed';
COMMENT ON COLUMN emoser_web.trainings.pid IS 'server process that trains';
COMMENT ON COLUMN emoser_web.trainings.training IS 'number in emoser_trainings, of those in epochs';
CREATE UNIQUE INDEX IF NOT EXISTS trainings_model ON emoser_web.trainings (model)
    WHERE state IN ('queued', 'running', 'canceling');
GRANT SELECT, INSERT, UPDATE ON emoser_web.trainings TO emoser_web;

CREATE OR REPLACE FUNCTION emoser_web.training_number(job emoser_web.trainings)
RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(job.training,
                    (SELECT max(t.id) FROM emoser_trainings AS t
                     WHERE t.model = job.model AND t.creator = current_user AND t.started_at >= job.started_at
                         AND job.state IN ('running', 'canceling')));
$$;
COMMENT ON FUNCTION emoser_web.training_number(emoser_web.trainings) IS
'which of emoser_trainings it is: the service trains one at a time';

CREATE OR REPLACE FUNCTION emoser_web.is_stored(job emoser_web.trainings)
RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (SELECT FROM emoser_trainings AS t
                   WHERE t.id = emoser_web.training_number(job) AND t.finished_at IS NOT NULL);
$$;
COMMENT ON FUNCTION emoser_web.is_stored(emoser_web.trainings) IS
'whether a training in epochs has made its model, though it may not be known as done yet';

CREATE OR REPLACE FUNCTION emoser_web.training(id bigint)
RETURNS json
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    job emoser_web.trainings;
    answer json;
BEGIN
    SELECT * INTO job FROM emoser_web.trainings AS t WHERE t.id = training.id;
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE = format('there is no training %s', id);
    END IF;
    SELECT json_build_object(
        'id', job.id, 'model', job.model, 'algorithm', job.algorithm, 'options', job.options,
        'with_corrections', job.with_corrections, 'state', job.state,
        'version', job.version, 'error', job.error, 'accepted_at', job.accepted_at, 'started_at', job.started_at,
        'ended_at', job.ended_at, 'starts', job.n_starts,
        'ahead', CASE WHEN job.state = 'queued' THEN
            (SELECT count(*) FROM emoser_web.trainings AS o
             WHERE o.state IN ('queued', 'running', 'canceling') AND o.id < job.id) END,
        'elapsed_s', round(extract(epoch FROM coalesce(job.ended_at, clock_timestamp()) - job.started_at), 1),
        'time_left_s', CASE WHEN job.state = 'running' THEN
            (SELECT round(extract(epoch FROM p.time_left), 1) FROM emoser_training_progress AS p WHERE p.training = n.number) END,
        'epochs', t.epochs, 'epochs_done', t.epochs_done,
        'epochs_per_run', coalesce((t.options -> 'cnn' ->> 'epochs')::integer, (t.options ->> 'epochs')::integer),
        'metrics', (SELECT m.metrics FROM emoser_models AS m WHERE m.name = job.model AND m.version = job.version),
        'history', (SELECT coalesce(json_agg(json_build_object(
                        'epoch', h.epoch, 'training_loss', h.training_loss, 'training_accuracy', h.training_accuracy,
                        'validation_loss', h.validation_loss, 'validation_accuracy', h.validation_accuracy,
                        'validation_uar', h.validation_uar, 'seconds', h.seconds) ORDER BY h.epoch), '[]')
                    FROM emoser_training_history AS h WHERE h.training = n.number))
    INTO answer
    FROM (SELECT emoser_web.training_number(job) AS number) AS n LEFT JOIN emoser_trainings AS t ON t.id = n.number;
    RETURN answer;
END
$$;
COMMENT ON FUNCTION emoser_web.training(bigint) IS 'state, progress and history of a training; error: no_data_found';

CREATE OR REPLACE FUNCTION emoser_web.list_trainings()
RETURNS json
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(json_agg(t ORDER BY t.id DESC), '[]')
    FROM (SELECT id, model, algorithm, state, version, error, accepted_at, ended_at
          FROM emoser_web.trainings ORDER BY id DESC LIMIT 50) AS t;
$$;
COMMENT ON FUNCTION emoser_web.list_trainings() IS 'the last fifty';

DROP FUNCTION IF EXISTS emoser_web.request_training(text, text, integer, jsonb, integer);
CREATE OR REPLACE FUNCTION emoser_web.request_training(model text, algorithm text, n_epochs integer, options jsonb, max_queued integer, with_corrections boolean)
RETURNS json
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    epochs jsonb := CASE WHEN n_epochs IS NULL THEN '{}' ELSE jsonb_build_object('epochs', n_epochs) END;
    number bigint;
BEGIN
    IF options ?| '{epochs, resume, quiet}' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'the options "epochs", "resume" and "quiet" are set by the service',
            HINT = 'Give the number of epochs as n_epochs.';
    END IF;
    IF algorithm = 'lda' AND n_epochs IS NOT NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'algorithm "lda" has no epochs', HINT = 'Leave n_epochs out.';
    END IF;
    IF NOT _emoser_may_add_version(model) THEN
        RAISE insufficient_privilege USING MESSAGE = format('model "%s" belongs to somebody else', model),
            HINT = 'Train another name.';
    END IF;
    -- Two that come at once are counted one after the other.
    PERFORM pg_advisory_xact_lock('emoser_web.trainings'::regclass::oid::integer, 1);
    IF (SELECT count(*) >= max_queued FROM emoser_web.trainings AS t WHERE t.state = 'queued') THEN
        RAISE configuration_limit_exceeded USING MESSAGE = format('%s trainings are waiting already', max_queued);
    END IF;
    INSERT INTO emoser_web.trainings AS t (model, algorithm, with_corrections, options)
    VALUES (request_training.model, request_training.algorithm, request_training.with_corrections,
            CASE WHEN request_training.algorithm = 'ensemble'
                THEN options || jsonb_build_object('cnn', coalesce(options->'cnn', '{}') || epochs)
                ELSE options || epochs END)
    ON CONFLICT (model) WHERE state IN ('queued', 'running', 'canceling') DO NOTHING
    RETURNING t.id INTO number;
    IF number IS NULL THEN
        RAISE object_in_use USING MESSAGE = format('model "%s" is being trained already', model),
            HINT = 'Wait until it is through, or cancel it.';
    END IF;
    NOTIFY emoser_web_trainings;
    RETURN emoser_web.training(number);
END
$$;
COMMENT ON FUNCTION emoser_web.request_training(text, text, integer, jsonb, integer, boolean) IS
'accept a training; errors: object_in_use if the model is being trained, configuration_limit_exceeded if max_queued wait already';

CREATE OR REPLACE FUNCTION emoser_web.cancel_training(id bigint)
RETURNS json
LANGUAGE plpgsql STRICT
AS $$
DECLARE
    job emoser_web.trainings;
BEGIN
    SELECT * INTO job FROM emoser_web.trainings AS t WHERE t.id = cancel_training.id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE no_data_found USING MESSAGE = format('there is no training %s', id);
    ELSIF job.state = 'queued' THEN
        UPDATE emoser_web.trainings AS t SET state = 'canceled', ended_at = clock_timestamp() WHERE t.id = job.id;
    ELSIF job.state IN ('running', 'canceling') THEN
        UPDATE emoser_web.trainings AS t SET state = 'canceling' WHERE t.id = job.id;
        -- A process of another database or role that has got the number since is left alone.
        PERFORM pg_cancel_backend(a.pid) FROM pg_stat_activity AS a
        WHERE a.pid = job.pid AND a.usename = current_user AND a.application_name = 'emoser_web trainer';
    ELSE
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('training %s has ended: it is %s', id, job.state);
    END IF;
    RETURN emoser_web.training(id);
END
$$;
COMMENT ON FUNCTION emoser_web.cancel_training(bigint) IS
'cancel a training that waits or runs; errors: no_data_found, object_not_in_prerequisite_state if it has ended';

-- what the trainer calls: a session of the service of which there is one at a time

CREATE OR REPLACE FUNCTION emoser_web.become_trainer()
RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    LISTEN emoser_web_trainings;
    RETURN pg_try_advisory_lock('emoser_web.trainings'::regclass::oid::integer, 2);
END
$$;
COMMENT ON FUNCTION emoser_web.become_trainer() IS 'whether this session is the one that trains, until it ends; it is told of new trainings';

-- Beginning and end are committed: an interrupted one is resumed by the next trainer.
CREATE OR REPLACE PROCEDURE emoser_web.train_next(INOUT id bigint)
LANGUAGE plpgsql
AS $$
DECLARE
    job emoser_web.trainings;
    checkpoint_bytes integer;
BEGIN
    id := NULL;
    -- Nobody else trains, so that one that is canceling or running now has lost its trainer; or its
    -- model was stored just before the cancel came, which is then too late.
    UPDATE emoser_web.trainings AS t
    SET state = CASE WHEN is_stored THEN 'running' ELSE 'canceled' END,
        ended_at = CASE WHEN NOT is_stored THEN clock_timestamp() END
    FROM (SELECT q.id AS number, emoser_web.is_stored(q) FROM emoser_web.trainings AS q) AS s
    WHERE s.number = t.id AND t.state = 'canceling';
    UPDATE emoser_web.trainings AS t
    SET state = 'failed', ended_at = clock_timestamp(), error = 'the database or the service stopped ten times during this training'
    WHERE t.state = 'running' AND t.n_starts >= 10;
    COMMIT;
    UPDATE emoser_web.trainings AS t
    SET state = 'running', pid = pg_backend_pid(), n_starts = t.n_starts + 1, started_at = coalesce(t.started_at, clock_timestamp())
    WHERE t.id = (SELECT q.id FROM emoser_web.trainings AS q WHERE q.state IN ('running', 'queued')
                  ORDER BY q.state = 'running' DESC, q.id LIMIT 1 FOR UPDATE)
    RETURNING * INTO job;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    id := job.id;
    COMMIT;
    SELECT t.checkpoint_bytes INTO checkpoint_bytes FROM emoser_trainings AS t WHERE t.id = emoser_web.training_number(job);
    IF NOT emoser_web.is_stored(job) THEN
        CALL emoser_train(CASE WHEN job.with_corrections THEN 'emoser_web.training_recordings' ELSE 'emoser_web.recordings' END,
                          job.model, job.algorithm,
                          job.options || jsonb_build_object('quiet', true)
                          || CASE WHEN checkpoint_bytes IS NOT NULL AND NOT job.anew THEN '{"resume": true}'::jsonb ELSE '{}' END);
    END IF;
    UPDATE emoser_web.trainings AS t
    SET state = 'done', ended_at = clock_timestamp(), training = emoser_web.training_number(job),
        version = (SELECT max(m.version) FROM emoser_models AS m WHERE m.name = job.model)
    WHERE t.id = job.id;
END
$$;
COMMENT ON PROCEDURE emoser_web.train_next(bigint) IS
'run the training that was interrupted, or else the one that has waited longest; its number, or NULL if there is none';

CREATE OR REPLACE FUNCTION emoser_web.training_failed(error_code text, message text)
RETURNS void
LANGUAGE sql
AS $$
    UPDATE emoser_web.trainings AS t
    SET state = CASE WHEN t.state = 'canceling' THEN 'canceled' WHEN again THEN 'queued' ELSE 'failed' END,
        anew = again, error = CASE WHEN t.state <> 'canceling' AND NOT again THEN message END,
        training = emoser_web.training_number(t), ended_at = CASE WHEN NOT again THEN clock_timestamp() END
    -- Recordings that have changed since: begin anew, once (55000 is object_not_in_prerequisite_state).
    FROM (SELECT q.id AS number, q.state <> 'canceling' AND q.n_starts > 1 AND NOT q.anew AND error_code = '55000' AS again
          FROM emoser_web.trainings AS q) AS a
    WHERE a.number = t.id AND t.pid = pg_backend_pid() AND t.state IN ('running', 'canceling') AND NOT emoser_web.is_stored(t);
$$;
COMMENT ON FUNCTION emoser_web.training_failed(text, text) IS
'what this session was training has ended with an error';

CREATE OR REPLACE FUNCTION emoser_web.training_states()
RETURNS json
LANGUAGE sql STABLE
AS $$
    SELECT json_object_agg(s, (SELECT count(*) FROM emoser_web.trainings AS t WHERE t.state = s))
    FROM unnest('{queued, running, canceling, done, failed, canceled}'::text[]) AS s;
$$;
COMMENT ON FUNCTION emoser_web.training_states() IS 'how many trainings are in which state';

CREATE OR REPLACE FUNCTION emoser_web.health()
RETURNS json
LANGUAGE sql STABLE
AS $$
    SELECT json_build_object(
        'status', 'ok', 'version', (SELECT e.extversion FROM pg_extension AS e WHERE e.extname = 'emoser'),
        'pictures', (SELECT coalesce(json_agg(DISTINCT substr(p.proname, length('emoser_plot_') + 1)), '[]')
                     FROM pg_proc AS p WHERE starts_with(p.proname, 'emoser_plot_') AND pg_function_is_visible(p.oid)),
        'report', EXISTS (SELECT FROM pg_proc AS p WHERE p.proname = 'emoser_report' AND pg_function_is_visible(p.oid)));
$$;
COMMENT ON FUNCTION emoser_web.health() IS 'that the database answers, and what its version of emoser can draw';

-- Names are those of the extension and the server, whatever else a session's path has. A procedure couldn't commit then:
-- it has the path of the role, set above. BEGIN ATOMIC would tie the functions to those of one version of emoser.
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN SELECT p.oid FROM pg_proc AS p WHERE p.pronamespace = 'emoser_web'::regnamespace AND p.prokind = 'f' LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', function,
                       (SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
                        WHERE e.extname = 'emoser'));
    END LOOP;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA emoser_web FROM PUBLIC;
REVOKE ALL ON ALL PROCEDURES IN SCHEMA emoser_web FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA emoser_web TO emoser_web;
GRANT EXECUTE ON ALL PROCEDURES IN SCHEMA emoser_web TO emoser_web;

COMMIT;

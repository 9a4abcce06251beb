-- From calls to attention, as docs/calls.md tells it: calls of two channels, who talks when and how the customer feels,
-- a dashboard, alerts, a queue for listeners, what they correct, and the next version of the model.
--
-- "make demo" runs it after the tour.  It runs as well in a database of yours, as a role with the rights that README gives:
--   psql -v recordings=my_recordings -f docs/calls.sql
-- recordings is a table or view with the columns speaker, emotion and audio, of six speakers or more.  The calls are made of
-- them: the first two speakers are agents, the next two call, the next two judge the versions of the model, and all others,
-- agents included, are what its first version is trained on.
-- Its tables are in a schema of its own, call_centre, its model is call_centre; where these are yours, it refuses.
-- To be rid of it: DROP SCHEMA call_centre CASCADE; SELECT emoser_drop_model('call_centre');

\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset footer off
\if :{?recordings}
\else
\set recordings recordings
\endif
SET client_min_messages = warning;
DO $$
DECLARE
    mark CONSTANT text := 'made by docs/calls.sql of emoser';
BEGIN
    IF obj_description(to_regnamespace('call_centre'), 'pg_namespace') = mark THEN
        DROP SCHEMA call_centre CASCADE;
        PERFORM emoser_drop_model('call_centre') FROM emoser_models WHERE name = 'call_centre' LIMIT 1;
    ELSIF to_regnamespace('call_centre') IS NOT NULL THEN
        RAISE duplicate_schema USING MESSAGE = 'there is a schema "call_centre" already, and it is not of this script',
            HINT = 'Run it in another database.';
    ELSIF EXISTS (SELECT FROM emoser_models WHERE name = 'call_centre') THEN
        RAISE duplicate_object USING MESSAGE = 'there is a model "call_centre" already', HINT = 'Run it in another database.';
    END IF;
    CREATE SCHEMA call_centre;
    EXECUTE format('COMMENT ON SCHEMA call_centre IS %L', mark);
END
$$;
SELECT set_config('search_path', concat_ws(', ', 'call_centre', nullif(current_setting('search_path'), '')), false) AS path \gset

-- Agents' voices are not judged.  A superuser sees to that for a role: ALTER ROLE analyst SET emoser.allowed_channels = '2, mono'.
SELECT max(set_config('emoser.allowed_channels', '2, mono', false)) AS allowed FROM pg_roles WHERE rolname = current_user AND rolsuper \gset

-- What a telephone system brings along: calls in which two people take turns, and now and then one interrupts the other.
CREATE TABLE spoken AS
SELECT dense_rank() OVER (ORDER BY speaker) AS person, speaker, emotion, audio,
       row_number() OVER (PARTITION BY speaker, emotion ORDER BY md5(audio)) AS nth, count(*) OVER (PARTITION BY speaker, emotion) AS n,
       CASE WHEN dense_rank() OVER (ORDER BY speaker) <= 4 THEN substr(emoser_wav(emoser_samples(audio, 16000)), 45) END AS samples
FROM :recordings;
ALTER TABLE spoken ALTER audio SET STORAGE EXTERNAL, ALTER samples SET STORAGE EXTERNAL;
CREATE TABLE said AS
SELECT call, place, channel, s.speaker, s.emotion, s.samples,
       sum(gap + length(samples) / 2) OVER (PARTITION BY call ORDER BY place) - length(samples) / 2 AS first, length(samples) / 2 AS n
FROM (SELECT call, place, 1 + place % 2 AS channel, CASE WHEN place % 2 = 0 THEN 1 + call % 2 ELSE 3 + call % 2 END AS person,
             CASE WHEN place % 2 = 0 OR place < 3 THEN 'neutral' WHEN call % 4 = 1 THEN 'anger'
                  ELSE ('{happiness,neutral,sadness}'::text[])[1 + call % 3] END AS emotion,
             1 + place / 2 + call AS nth, CASE place % 8 WHEN 3 THEN -14000 WHEN 4 THEN 24000 ELSE 10000 END AS gap
      FROM generate_series(1, 9) AS call, generate_series(0, CASE WHEN call % 4 = 1 THEN 31 ELSE 9 END) AS place) AS p
JOIN spoken AS s ON s.person = p.person AND s.emotion = p.emotion AND s.nth = 1 + p.nth % s.n;
CREATE TABLE sides AS
SELECT call, channel, string_agg(decode(repeat('0000', (first - before)::integer), 'hex') || samples, '' ORDER BY place) AS samples
FROM (SELECT *, coalesce(lag(first + n) OVER (PARTITION BY call, channel ORDER BY place), 0) AS before FROM said) AS s
GROUP BY call, channel;

\set QUIET off
\if :{?short}
\set QUIET on
\else
\set ECHO queries
\endif
\timing off
\echo
\echo '== 1. Calls: who is on which channel'
CREATE TABLE calls (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now(),
    queue text NOT NULL,
    team text NOT NULL,
    customer text,                                  -- a pseudonym; NULL: not known
    agent_channel integer NOT NULL DEFAULT 1,
    customer_channel integer NOT NULL DEFAULT 2,
    audio bytea
);
ALTER TABLE calls ALTER audio SET STORAGE EXTERNAL;
CREATE INDEX ON calls (received_at);

-- The telephone system writes a file for each side.
INSERT INTO calls (received_at, queue, team, customer, audio)
SELECT now() - call * interval '7 hours', CASE WHEN call % 2 = 0 THEN 'billing' ELSE 'support' END, CASE WHEN call % 3 = 0 THEN 'north' ELSE 'south' END,
       (SELECT min(speaker) FROM said WHERE said.call = sides.call AND said.channel = 2),
       emoser_join_channels(emoser_wav(string_agg(samples, NULL) FILTER (WHERE channel = 1), 's16le', 16000),
                            emoser_wav(string_agg(samples, NULL) FILTER (WHERE channel = 2), 's16le', 16000))
FROM sides GROUP BY call ORDER BY call;

\echo
\echo '== 2. A first model, of recordings with labels; some speakers are set aside to judge versions'
CREATE TABLE labelled AS SELECT speaker, emotion, audio FROM spoken WHERE person NOT IN (3, 4);
CREATE TABLE held_out AS SELECT DISTINCT speaker FROM spoken WHERE person IN (5, 6);
CALL emoser_train('SELECT * FROM labelled WHERE speaker NOT IN (SELECT speaker FROM held_out)', 'call_centre',
                  options => '{"degraded_copies": 0, "quiet": true}');
SELECT emoser_deploy('call_centre@1');

\echo
\echo '== 3. Turns of both channels, kept up to date; emotions of the customer alone'
CALL emoser_annotate('calls', 'call_turns', 'call_centre', 'turns', '{"quiet": true}');
ALTER TABLE call_turns ADD FOREIGN KEY (id) REFERENCES calls ON DELETE CASCADE;

CREATE FUNCTION calls_came() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NOTIFY calls; RETURN NULL; END$$;
CREATE TRIGGER calls_came AFTER INSERT ON calls FOR EACH STATEMENT EXECUTE FUNCTION calls_came();

CREATE VIEW customer_turns AS
SELECT c.id, c.received_at, c.queue, c.team, t.turn, t.channel, t.start_s, t.end_s, t.emotion, t.probability, t.probabilities, t.model, t.version
FROM calls AS c JOIN call_turns AS t ON t.id = c.id AND t.channel = c.customer_channel;

SELECT turn, channel, round(start_s::numeric, 1) AS start_s, round(end_s::numeric, 1) AS end_s, emotion, round(probability::numeric, 2) AS probability
FROM call_turns WHERE id = 1 ORDER BY turn LIMIT 8;

\echo
\echo '== 4. Who talks how much, interrupts, and keeps whom waiting'
CREATE VIEW call_talk AS
SELECT c.id, c.received_at, c.queue, c.team, CASE t.channel WHEN c.customer_channel THEN 'customer' ELSE 'agent' END AS who, t.*
FROM calls AS c
CROSS JOIN LATERAL (SELECT array_agg(start_s) AS starts, array_agg(end_s) AS ends, array_agg(channel) AS channels
                    FROM call_turns WHERE call_turns.id = c.id) AS of
CROSS JOIN LATERAL emoser_talk(starts, ends, channels) AS t;

SELECT team, who, count(*) AS calls, round(avg(100 * talk_share)) AS talk_percent, sum(interruptions) AS interruptions,
       round((sum(gap_s) / nullif(sum(gaps), 0))::numeric, 1) AS gap_s, round(avg(silence_s)) AS silence_s
FROM call_talk WHERE received_at > now() - interval '7 days' GROUP BY team, who ORDER BY team, who;

\echo
\echo '== 5. The dashboard: emotions per day, team and queue, and who was angry for more than 20 s'
CREATE VIEW emotion_shares AS
SELECT date_trunc('day', received_at) AS day, team, queue, coalesce(emotion, 'not sure') AS emotion, sum(end_s - start_s) AS talk_s,
       sum(end_s - start_s) / sum(sum(end_s - start_s)) OVER (PARTITION BY date_trunc('day', received_at), team, queue) AS share
FROM customer_turns GROUP BY 1, 2, 3, 4;

CREATE VIEW call_moments AS
SELECT c.id, c.received_at, c.queue, c.team, m.rank, m.start_s, m.end_s, m.emotion, m.probability, m.talk_s, m.turns
FROM calls AS c
CROSS JOIN LATERAL (SELECT array_agg(start_s) AS starts, array_agg(end_s) AS ends, array_agg(emotion) AS emotions, array_agg(probability) AS probabilities
                    FROM call_turns AS t WHERE t.id = c.id AND t.channel = c.customer_channel) AS of
CROSS JOIN LATERAL emoser_moments(starts, ends, emotions, probabilities) AS m;

CREATE VIEW angry_calls AS
SELECT id, received_at, queue, team, sum(talk_s) AS angry_s,
       jsonb_agg(jsonb_build_object('start_s', start_s, 'end_s', end_s, 'probability', probability) ORDER BY start_s) AS moments
FROM call_moments WHERE emotion = 'anger' GROUP BY id, received_at, queue, team HAVING sum(talk_s) > 20;

SELECT team, queue, emotion, round(sum(talk_s)) AS talk_s, emoser_bar(sum(talk_s) / sum(sum(talk_s)) OVER (PARTITION BY team, queue)) AS share
FROM emotion_shares GROUP BY team, queue, emotion ORDER BY team, queue, talk_s DESC;

SELECT a.id, a.team, round(a.angry_s) AS angry_s, round(m.start_s) AS start_s, round(m.end_s) AS end_s, round(m.probability::numeric, 2) AS probability, m.turns
FROM angry_calls AS a JOIN call_moments AS m USING (id) WHERE m.emotion = 'anger' ORDER BY a.angry_s DESC, m.start_s;

\echo
\echo '== 6. Alerts, one for each call'
CREATE TABLE call_alerts (
    id bigint PRIMARY KEY REFERENCES calls ON DELETE CASCADE,
    angry_s double precision NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now(),
    seen_by text
);
CREATE FUNCTION alert_raised() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_notify('call_alerts', NEW.id::text); RETURN NULL; END$$;
CREATE TRIGGER alert_raised AFTER INSERT ON call_alerts FOR EACH ROW EXECUTE FUNCTION alert_raised();

INSERT INTO call_alerts (id, angry_s)
SELECT id, angry_s FROM angry_calls WHERE received_at > now() - interval '3 days'
ON CONFLICT DO NOTHING RETURNING id, round(angry_s) AS angry_s;

\echo
\echo '== 7. A queue for listeners: the most uncertain turns first'
CREATE TABLE corrections (
    id bigint NOT NULL REFERENCES calls ON DELETE CASCADE,
    channel integer NOT NULL,
    start_s double precision NOT NULL,
    end_s double precision NOT NULL,
    emotion text NOT NULL,                          -- what the listener hears
    heard_emotion text,                             -- what the model had said
    heard_probability real,
    model text NOT NULL,
    version integer NOT NULL,
    corrected_by text NOT NULL DEFAULT current_user,
    corrected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, channel, start_s)
);
CREATE INDEX ON call_turns (emoser_entropy(probabilities)) WHERE probabilities IS NOT NULL;

CREATE VIEW review_queue AS
SELECT *, emoser_entropy(probabilities) AS entropy
FROM customer_turns AS t
WHERE probabilities IS NOT NULL
    AND NOT EXISTS (SELECT FROM corrections AS k WHERE k.id = t.id AND k.channel = t.channel AND k.start_s < t.end_s AND k.end_s > t.start_s)
ORDER BY emoser_entropy(probabilities) DESC;

SELECT id, turn, round(start_s::numeric, 1) AS start_s, emotion, round(probability::numeric, 2) AS probability, round(entropy::numeric, 2) AS entropy
FROM review_queue LIMIT 5;

\echo
\echo '== 8. A listener corrects, or confirms, the first forty'
INSERT INTO corrections (id, channel, start_s, end_s, emotion, heard_emotion, heard_probability, model, version)
SELECT DISTINCT ON (q.id, q.turn) q.id, q.channel, q.start_s, q.end_s, s.emotion, q.emotion, q.probability, q.model, q.version
FROM (SELECT * FROM review_queue LIMIT 40) AS q
JOIN said AS s ON s.call = q.id AND s.channel = q.channel AND (s.first + s.n / 2) / 16000.0 BETWEEN q.start_s AND q.end_s
ORDER BY q.id, q.turn;
SELECT count(*) AS heard, count(*) FILTER (WHERE emotion <> heard_emotion) AS corrected FROM corrections;

\echo
\echo '== 9. What was corrected is training data; the version that is deployed goes on answering'
CREATE VIEW heard AS
SELECT speaker, emotion, audio FROM labelled
UNION ALL
SELECT coalesce(c.customer, 'call ' || c.id), k.emotion, emoser_cut(c.audio, k.start_s, k.end_s, k.channel)
FROM corrections AS k JOIN calls AS c USING (id);

CALL emoser_train('SELECT * FROM heard WHERE speaker NOT IN (SELECT speaker FROM held_out)', 'call_centre',
                  options => '{"degraded_copies": 0, "quiet": true}');

\echo
\echo '== 10. Is the new version better, by speakers that neither has heard?  Only then it is deployed'
CREATE TABLE comparison AS
SELECT * FROM emoser_compare('SELECT * FROM heard WHERE speaker IN (SELECT speaker FROM held_out)', 'call_centre@1', 'call_centre@2');

SELECT metric, round(value::numeric, 3) AS old, round(other_value::numeric, 3) AS new, round(low::numeric, 3) AS low,
       round(high::numeric, 3) AS high, round(p_value::numeric, 3) AS p, n
FROM comparison WHERE metric IN ('uar', 'war', 'log_loss', 'ece');

SELECT emoser_deploy('call_centre@2') FROM comparison WHERE metric = 'uar' AND difference > 0;

CALL emoser_annotate('SELECT * FROM calls WHERE received_at > now() - interval ''7 days''', 'call_turns', 'call_centre', 'turns',
                     '{"redo_older": true, "quiet": true}');
SELECT version, count(DISTINCT id) AS calls, count(emotion) AS turns FROM call_turns GROUP BY version;

\echo
\echo '== 11. Does what comes in still sound like what the model was trained on, and is the model as sure of it?'
CREATE VIEW unheard AS                              -- what was corrected is in the training
SELECT c.customer AS speaker, c.received_at, emoser_cut(c.audio, t.start_s, t.end_s, t.channel) AS audio
FROM review_queue AS t JOIN calls AS c USING (id);

SELECT scope, name, round(in_training::numeric, 2) AS in_training, round(now::numeric, 2) AS now, round(psi::numeric, 2) AS psi,
       round(by_chance::numeric, 2) AS by_chance, drift, n
FROM emoser_drift('SELECT * FROM unheard WHERE received_at > now() - interval ''7 days''', 'call_centre', '{"quiet": true}')
WHERE scope <> 'predicted' OR name IS NULL;

\echo
\echo 'The calls are in schema call_centre, the model is call_centre.  Queries for Grafana, and what it costs: docs/calls.md.'

-- What the page of the web service begins with, for recordings of at least four speakers: a model that has not
-- heard the first two of them, and calls of two channels, put together of single utterances of these two.
--
--   psql -v recordings=recordings -v model=NAME -v whose=SENTENCE -f test/first_clicks.sql
--
-- recordings: a table as emoser_load_emodb() makes it, of 16 bits at 16 kHz.
\set ON_ERROR_STOP on
\set sample_rate 16000
\set pause_s 0.6

-- Who is heard first on the page, whose list is by name.
SELECT min(speaker) AS customer FROM :recordings \gset
SELECT min(speaker) AS agent, count(DISTINCT speaker) + 1 AS n_speakers FROM :recordings WHERE speaker > :'customer' \gset
SELECT :n_speakers >= 4 AS is_enough \gset
\if :is_enough
\else
\set model emodb
\set voices :whose
\ir ../web/schema.sql
\quit
\endif

CALL emoser_train(format('SELECT audio, speaker, emotion FROM %I WHERE speaker NOT IN (%L, %L)', :'recordings', :'customer', :'agent'), :'model',
                  options => '{"quiet": true, "augment": false}');

CREATE TABLE example_calls (position integer PRIMARY KEY, title text, about text, file_name text, audio bytea);

-- Who says what how, in order: the k-th line of a speaker in an emotion is the k-th such recording, by name.
CREATE TEMPORARY TABLE script (position integer, title text, about text, file_name text, lines text);
INSERT INTO script VALUES
(1, 'An angry call', 'The customer is angry from the start; the agent stays calm.', 'example angry call.wav',
 'agent neutral, customer anger, agent neutral, customer anger, customer anger, agent neutral, customer anger, agent neutral,
  customer anger, agent neutral, customer anger, agent neutral, customer anger, customer anger, agent neutral, customer anger,
  agent neutral, customer anger'),
(2, 'A calm call', 'Neither of the two has anything to be upset about.', 'example calm call.wav',
 'agent neutral, customer neutral, agent neutral, customer neutral, agent neutral, customer neutral, customer neutral,
  agent neutral, customer neutral, agent neutral, customer neutral, agent neutral'),
(3, 'Two people, one gets angry', 'It begins calmly, and one of them loses patience halfway.', 'example turning call.wav',
 'agent neutral, customer neutral, agent neutral, customer neutral, agent neutral, customer neutral, agent neutral,
  customer anger, customer anger, agent neutral, customer anger, agent neutral, customer anger, customer anger, agent neutral,
  customer anger');

-- Where one speaks, the other channel is silent.
INSERT INTO example_calls
SELECT s.position, s.title, s.about, s.file_name,
    emoser_join_channels(emoser_wav(string_agg(CASE WHEN l.who = 'agent' THEN said.samples ELSE said.silence END || said.pause, '' ORDER BY l.n), 's16le', :sample_rate),
                         emoser_wav(string_agg(CASE WHEN l.who = 'agent' THEN said.silence ELSE said.samples END || said.pause, '' ORDER BY l.n), 's16le', :sample_rate))
FROM script AS s
CROSS JOIN LATERAL (
    SELECT n, split_part(line, ' ', 1) AS who, split_part(line, ' ', 2) AS emotion, row_number() OVER (PARTITION BY line ORDER BY n) AS take
    FROM regexp_split_to_table(s.lines, ',\s*') WITH ORDINALITY AS lines (line, n)) AS l
CROSS JOIN LATERAL (
    -- Behind the 44 bytes of the header.
    SELECT c.samples, decode(repeat('00', octet_length(c.samples)), 'hex') AS silence, decode(repeat('0000', (:pause_s * :sample_rate)::integer), 'hex') AS pause
    FROM (SELECT audio, row_number() OVER (ORDER BY file_name) AS take, count(*) OVER () AS n_takes FROM :recordings
          WHERE speaker = CASE l.who WHEN 'agent' THEN :'agent' ELSE :'customer' END AND emotion = l.emotion) AS r
    CROSS JOIN LATERAL (SELECT substr(emoser_cut(r.audio), 45) AS samples) AS c
    WHERE r.take = 1 + (l.take - 1) % r.n_takes) AS said
GROUP BY s.position, s.title, s.about, s.file_name;

INSERT INTO example_calls
SELECT 4, 'One happy sentence', 'One person, one sentence: an answer for the whole.', 'example happy sentence.wav', emoser_cut(r.audio)
FROM :recordings AS r WHERE r.speaker = :'customer' AND r.emotion = 'happiness' ORDER BY r.file_name LIMIT 1;

-- A ring-back tone, 425 Hz for one second of five, with the hiss of a line.
SELECT setseed(0.5) \g /dev/null
INSERT INTO example_calls
SELECT 5, 'No speech at all', 'It rings, and nobody answers.', 'example ringing.wav',
    emoser_wav(array_agg((0.002 * (random() - 0.5) + CASE WHEN i % (5 * :sample_rate) < :sample_rate THEN 0.1 * sin(2 * pi() * 425 * i / :sample_rate) ELSE 0 END)::real ORDER BY i), :sample_rate)
FROM generate_series(0, 14 * :sample_rate - 1) AS i;
COMMENT ON TABLE example_calls IS 'for the page of the web service: calls put together of single recordings';

SELECT concat(:'whose', ' The model ', :'model', ' knows none of the recordings of ', :'customer', ' and ', :'agent',
              ', who also speak in the examples: it was trained on the other ', :n_speakers - 2, ' speakers.') AS voices \gset
\set examples example_calls
\ir ../web/schema.sql

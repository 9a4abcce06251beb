-- Samples without a header, and text in the place of bytes: what is done with them, and what is said.

-- The same values as a WAV file of the same samples has, whatever the encoding.
CREATE TABLE ramp AS
SELECT encoding, bytes, emoser_samples(emoser_wav(bytes, encoding, 8000)) AS samples
FROM (VALUES
    ('s16le', '\x0000004000c0ff7f0080'::bytea),
    ('s16be', '\x00004000c0007fff8000'),
    ('u16le', '\x008000c00040ffff0000'),
    ('u16be', '\x8000c0004000ffff0000'),
    ('s8', '\x0040c07f80'),
    ('u8', '\x80c040ff00'),
    ('s24le', '\x0000000000400000c0ffff7f000080'),
    ('s24be', '\x000000400000c000007fffff800000'),
    ('s32le', '\x0000000000000040000000c0ffffff7f00000080'),
    ('s32be', '\x0000000040000000c00000007fffffff80000000'),
    ('f32le', '\x000000000000003f000000bf0000803f000080bf'),
    ('f32be', '\x000000003f000000bf0000003f800000bf800000'),
    ('f64le', '\x0000000000000000000000000000e03f000000000000e0bf000000000000f03f000000000000f0bf'),
    ('f64be', '\x00000000000000003fe0000000000000bfe00000000000003ff0000000000000bff0000000000000'),
    ('ulaw', '\xff8f0f8000'),
    ('alaw', '\xd5a525aa2a')) AS v (encoding, bytes);
SELECT encoding, samples FROM ramp ORDER BY encoding;
SELECT r.encoding, i.container, i.encoding AS called, i.sample_rate, i.channels, i.truncated, octet_length(wav) % 2 AS odd
FROM ramp AS r, LATERAL (SELECT emoser_wav(bytes, encoding, 11025) AS wav) AS w, emoser_audio_info(wav) AS i ORDER BY r.encoding COLLATE "C";
-- By the names of others, and in capitals.
SELECT name, emoser_wav(bytes, name, 8000) = emoser_wav(bytes, encoding, 8000) AS same
FROM ramp JOIN (VALUES ('ulaw', 'mulaw'), ('ulaw', 'PCMU'), ('ulaw', 'u-law'), ('alaw', 'pcm_alaw'), ('s16le', 's16'), ('s16le', 'sln'),
                       ('s16be', 'L16'), ('f32le', 'float32')) AS n (encoding, name) USING (encoding) ORDER BY name COLLATE "C";
-- Channels are interleaved.
SELECT i.channels, i.duration_s, emoser_samples(wav, channel => 2)
FROM emoser_wav('\x0000004000000040'::bytea, encoding => 's16le', sample_rate => 1000, channels => 2) AS wav, emoser_audio_info(wav) AS i;
SELECT emoser_wav(NULL::bytea, 'ulaw', 8000) IS NULL AS no_bytes, emoser_wav('\x00'::bytea, NULL, 8000) IS NULL AS no_encoding;

-- Arguments that can't be.
SELECT emoser_wav('\x00'::bytea, 'ulwa', 8000);
SELECT emoser_wav('\x00'::bytea, 'ulaw', 0);
SELECT emoser_wav('\x00'::bytea, 'ulaw', 8000, 0);
SELECT emoser_wav('\x00'::bytea, 'ulaw', 8000, 65);
SELECT emoser_wav(''::bytea, 'ulaw', 8000);
SELECT emoser_wav('\x000000'::bytea, 's16le', 8000);
SELECT emoser_wav('\x000000'::bytea, 'ulaw', 8000, 2);
SELECT emoser_wav(emoser_wav('{0.5}'), 'ulaw', 8000);
SELECT emoser_wav(convert_to(encode(emoser_wav('{0.5}'), 'base64'), 'UTF8'), 'ulaw', 8000);

-- What samples are called with both functions of the name.
SELECT emoser_wav('{0.5}'::real[], 8000, 'pcm16') = emoser_wav('{0.5}', 8000) AS samples;

-- Hints run as they stand where audio is the value.
CREATE FUNCTION heard(audio bytea, OUT hint text, OUT same boolean) LANGUAGE plpgsql AS $$
DECLARE
    said text;
    wanted real[] := emoser_samples(emoser_wav('{0.1,0.2,0.3,-0.1,-0.2,0.7,0.8,-0.8,0.4,0.9,0.1,0}', 8000));
    expression text;
BEGIN
    PERFORM emoser_samples(audio);
EXCEPTION WHEN data_exception THEN
    GET STACKED DIAGNOSTICS said = PG_EXCEPTION_HINT;
    hint := said;
    expression := substring(said FROM '((?:decode|emoser_wav|\(SELECT).*\))[ .]');
    EXECUTE format('SELECT emoser_samples(%s) = $2 FROM (SELECT $1 AS audio) AS t', expression) INTO same USING audio, wanted;
END$$;
SELECT what, h.*
FROM emoser_wav('{0.1,0.2,0.3,-0.1,-0.2,0.7,0.8,-0.8,0.4,0.9,0.1,0}', 8000) AS wav, encode(wav, 'base64') AS base64, encode(wav, 'hex') AS hex,
    LATERAL (VALUES
        (1, 'base64', base64),
        (2, 'base64 in one line', replace(base64, E'\n', '')),
        (3, 'base64 in lines of Windows', replace(base64, E'\n', E'\r\n')),
        (4, 'base64 without padding', rtrim(base64, '=')),
        (5, 'base64 of URLs', translate(rtrim(base64, '='), '+/', '-_')),
        (6, 'hex', hex),
        (7, 'hex in capitals, in lines', upper(regexp_replace(hex, '(.{32})', E'\\1\n', 'g'))),
        (8, 'as bytea is shown', '\x' || hex),
        (9, 'hex of programmers', '0x' || hex),
        (10, 'a data URL', 'data:audio/wav;base64,' || replace(base64, E'\n', '')),
        (11, 'a data URL with parameters', 'data:audio/webm;codecs="opus";base64,' || replace(base64, E'\n', ''))
    ) AS v (i, what, written), heard(convert_to(written, 'UTF8')) AS h ORDER BY i;
SELECT emoser_samples('data:audio/wav,RIFF%00%01'::bytea);
SELECT emoser_samples('/var/lib/recordings/call.wav'::bytea);

-- Raw samples are told by their waves.
CREATE TABLE wave AS
SELECT array_agg((0.3 * sin(i * 0.1) + 0.1 * sin(i * 0.31))::real ORDER BY i) AS samples FROM generate_series(1, 4000) AS i;
CREATE FUNCTION hint_of(audio bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text;
BEGIN
    PERFORM emoser_samples(audio);
    RETURN 'none';
EXCEPTION WHEN data_exception THEN
    GET STACKED DIAGNOSTICS said = PG_EXCEPTION_HINT;
    RETURN said;
END$$;
CREATE FUNCTION without_header(wav bytea) RETURNS bytea LANGUAGE sql AS 'SELECT substr(wav, position(''data''::bytea IN wav) + 8)';
SELECT hint_of(without_header(emoser_wav(samples, 8000))) FROM wave;
SELECT hint_of(without_header(emoser_wav(samples, 8000, 'float32'))) LIKE '%''f32le''%' AS float32 FROM wave;
SELECT emoser_samples(emoser_wav(without_header(emoser_wav(samples, 8000)), encoding => 's16le', sample_rate => 8000)) = emoser_samples(emoser_wav(samples, 8000)) AS same
FROM wave;
DROP TABLE ramp, wave;
DROP FUNCTION heard, hint_of, without_header;

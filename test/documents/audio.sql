-- Samples without a header: what follows the 44 bytes of a WAV file.
CREATE TABLE raw_calls AS SELECT id, substring(emoser_wav(emoser_samples(audio, 8000), 8000) FROM 45 FOR 16000) AS audio FROM calls LIMIT 5;

"""Values for test/shell/hostile_calls: good ones, and those that nobody gives in good faith.

All are SQL expressions.  Tables and models of these names are made by hostile_calls.
"""

SOURCES = ["'small'", "'heard'", "'SELECT * FROM small'", "'SELECT emotion, speaker, features FROM small'", "'SELECT * FROM heard'"]
BAD_SOURCES = [
    "'no_rows'", "'one_row'", "'SELECT * FROM small WHERE false'", "'SELECT 1'", "'nowhere'", "'pg_class'", "'\"quo\"\"ted\"'", "'public.small'",
    "'no.such.schema.small'", "'information_schema.tables'", "'emoser_models'", "'emoser_model_list'", "'SELECT'", "'SELECT ;'", "';'", "'--'", "'('", "'small; small'",
    "'SELECT 1/0 AS emotion, features FROM small'", "'SELECT pg_sleep(9)'", "'DELETE FROM small'", "'DELETE FROM small RETURNING *'",
    "'INSERT INTO small SELECT * FROM small RETURNING *'", "'WITH d AS (DELETE FROM small RETURNING *) SELECT * FROM d'", "'COMMIT'", "'ROLLBACK'",
    "'EXPLAIN SELECT 1'", "'SHOW work_mem'", "'COPY small TO STDOUT'", "'CALL emoser_train(''small'', ''inner'')'", "'VALUES (1, 2)'", "'TABLE small'",
    "'SELECT emotion, emotion, features FROM small'", "'SELECT *, features FROM small'", "'SELECT NULL AS emotion, NULL AS audio'",
    "'SELECT NULL::text AS emotion, features FROM small'", "'SELECT emotion, NULL::real[] AS features FROM small'",
    "'SELECT emotion, features[1:id % 3] AS features FROM small'", "'SELECT emotion, ARRAY[features, features] AS features FROM small'",
    "'SELECT emotion, ''{NaN,1}''::real[] AS features FROM small'", "'SELECT emotion, ''{NULL,1}''::real[] AS features FROM small'",
    "'SELECT emotion, ''{3e38,-3e38}''::real[] AS features FROM small'", "'SELECT emotion, ''[5:6]={1,2}''::real[] AS features FROM small'",
    "'SELECT emotion, ''{}''::real[] AS features FROM small'", "'SELECT emotion, ''{a,b}''::text[] AS features FROM small'",
    "'SELECT emotion, features::float8[] || ''1e300'' AS features FROM small'", "'SELECT ROW(1,2) AS emotion, features FROM small'",
    "'SELECT small AS emotion, features FROM small'", "'SELECT ''\\x00''::bytea AS emotion, features FROM small'", "'SELECT features AS emotion, features FROM small'",
    "'SELECT repeat(emotion, 100000) AS emotion, features FROM small'", "'SELECT emotion, ''''::bytea AS audio FROM small'",
    "'SELECT emotion, ''x'' AS audio FROM small'", "'SELECT emotion, substr(audio, 1, 500) AS audio FROM heard'",
    "'SELECT emotion, speaker, audio, 1 AS id FROM heard UNION ALL SELECT emotion, NULL, NULL, NULL FROM heard'",
    "'SELECT emotion, audio, repeat(''i'', 100000) AS id FROM heard'", "'SELECT id AS emotion, features, id AS speaker FROM small'",
    "'SELECT emoser_predict(audio) AS emotion, audio FROM heard'", "'SELECT actual AS emotion, features FROM emoser_cross_predictions(''small'') AS p, small'",
    "'SELECT * FROM small, generate_series(1, 2)'", "'SELECT emotion, features FROM small UNION ALL SELECT NULL, NULL'",
    "'SELECT xmlelement(name a) AS emotion, features FROM small'", "'SELECT point(1,2) AS emotion, features FROM small'",
    "'SELECT actual, predicted, probabilities FROM emoser_cross_predictions(''small'')'",
    "'SELECT emotion AS actual, speaker AS predicted, ''{\"0\": 2, \"1\": null}''::jsonb AS probabilities FROM small'",
    "'SELECT emotion AS actual, emotion AS predicted, ''[]''::jsonb AS probabilities FROM small'",
]
MODELS = ["'toy'", "'told'", "'adapted'", "'spoken'", "'net'", "'both'", "'emodb'", "'toy@1'", "'emodb@0'"]
BAD_MODELS = ["'toy@2'", "'toy@0'", "'toy@-1'", "'toy@2147483647'", "'toy@99999999999999999999'", "'toy@'", "'@'", "'@1'", "'toy@1@1'", "'Toy'", "' toy '", "'nobody'",
              "'new'", "'toy@ 1'", "'toy@1e3'", "'emoser_models'", "'public.toy'"]
TEXTS = ["''", "' '", "'x'", "E'\\x01'", "E'a\\nb\\tc'", "E'\\''", "'\"'", "'$$'", "'%s%n%d'", "'--'", "';'", "'</svg><script>'", "'&lt;'", "'\u00e4\u0416\u4e2d'", "E'\\U0001F600'",
         "repeat('x', 100000)", "repeat('''', 1000)", "repeat(E'\\n', 5000)", "'NaN'", "'null'", "'NULL'", "'{}'", "'{\"a\": 1}'", "'1'", "'-1'", "'1e400'", "'pg_catalog'",
         "'pg_catalog.pg_class'", "'\"quo\"\"ted\"'", "'/etc/passwd'", "'/nowhere'", "'/dev/zero'", "'..'", "'emoser-model:1:'", "'emoser-encoder:1:00'", "'emoser-model:1:AAAA'",
         "'emoser-model:2:AAAA'", "'emoser-model:1:' || repeat('A', 100000)", "'light'", "'anger'", "NULL"]
WORDS = {
    "source": SOURCES, "model": MODELS, "algorithm": ["'lda'", "'cnn'", "'ensemble'", "'ridge'"], "protocol": ["'auto'", "'loso'", "'speakers'", "'groups'", "'folds'", "'kfold'", "'holdout'"],
    "theme": ["'light'", "'dark'", "'auto'"], "preset": ["'librosa'", "'kaldi'", "'htk'", "'torchaudio'"], "method": ["'pitch'", "'noise'", "'speed'"],
    "mel_scale": ["'htk'", "'slaney'"], "window": ["'hann'", "'hamming'"], "label": ["'anger'", "'0'"], "emotion": ["'anger'", "'0'"],
    "run": ["'run'"], "metric": ["'uar'"], "by": ["'emotion'", "'speaker'"], "models": ["ARRAY['toy', 'toy@1']", "ARRAY['spoken', 'net']"],
    "options": ["'{}'", "'{\"target\": \"id\", \"quiet\": true}'", "'{\"target\": [\"id\", \"loud\"], \"shrinkage\": 0.1}'", "'{\"target\": {\"id\": 1}}'", "'{\"labels\": {\"0\": \"1\", \"calm\": null}}'", "'{\"group\": \"speaker\", \"quiet\": true}'", "'{\"fold\": \"emotion\", \"corpus\": \"speaker\"}'", "'{\"quiet\": true}'", "'{\"quiet\": true, \"epochs\": 1, \"channels\": 16}'", "'{\"quiet\": true, \"cnn\": {\"epochs\": 1, \"channels\": 16}}'"],
    "grid": ["'{\"shrinkage\": [0.3, 0.6]}'", "'{\"epochs\": [1], \"channels\": [16], \"quiet\": true}'", "'{\"quiet\": true}'"],
    "target": ["'id'", "'loud'"], "width": ["640"], "sample_rate": ["16000", "8000"], "layer": ["1", "2"], "k": ["3"], "seed": ["1"], "share": ["0.3"], "frames": ["20", "50"],
    "window_s": ["1", "0.5"], "hop_s": ["0.5", "1"], "min_confidence": ["0.5"], "iterations": ["2"], "fmin": ["50"], "fmax": ["4000"], "n_mels": ["26"],
    "n_mfcc": ["13"], "directory": ["current_setting('hostile.corpus')", "current_setting('hostile.encoder')"], "table_name": ["'loaded'"], "predictions": ["'SELECT emotion AS actual, speaker AS predicted FROM small'"],
    "audio": ["(SELECT audio FROM good)", "(SELECT wav FROM good)"], "exported": ["(SELECT model_bytes FROM good)", "(SELECT safetensors FROM good)"],
    "actual": ["'anger'", "'0'"], "predicted": ["'anger'", "'0'"], "probabilities": ["'{\"anger\": 0.7, \"0\": 0.3}'"], "confusion": ["(SELECT confusion FROM good)"],
    "emotions": ["'{anger,fear}'", "'{0,1}'", "'{neutral,sadness,boredom}'"],
    "mfcc": ["(SELECT mel[1:200][1:13] FROM good)"], "role": ["'plain'"], "name": ["'adapted'", "'toy'"],
    "encoder": ["'tiny'"], "pooling": ["'mean'", "'mean_deviation'", "'none'"], "hear": ["'all'", "'speech'"], "dtype": ["'f16'", "'bf16'", "'f32'"],
    "config": ["(SELECT config FROM checkpoint)"], "weights": ["(SELECT weights FROM checkpoint)"], "preprocessor": ["'{\"do_normalize\": true}'"],
    "samples": ["(SELECT samples FROM good)"], "mel": ["(SELECT mel FROM good)"], "features": ["'{0.1,1}'", "(SELECT features FROM good)"],
}
MODEL_BYTES = ["model_bytes", "net_bytes", "adapted_bytes", "safetensors"]
INTEGERS = ["0", "1", "-1", "2", "3", "7", "13", "100", "1000", "16000", "44100", "2147483647", "-2147483648", "NULL"]
FLOATS = ["0", "1", "-1", "0.5", "60", "1e-9", "'NaN'", "'Infinity'", "'-Infinity'", "1e30", "-1e30", "3e38", "'-0'", "1e-38", "NULL"]
DOUBLES = FLOATS + ["1e308", "-1e308", "5e-324"]
ARRAYS = ["'{}'", "'{NULL}'", "'{1}'", "'{0.1,1}'", "'{0.1,NULL}'", "'{NaN,Infinity}'", "'{-Infinity,1}'", "'[5:6]={1,2}'", "'[-2147483648:-2147483647]={1,2}'",
          "'{{1,2},{3,4}}'", "'{{1,2},{3,NULL}}'", "'[0:1][7:8]={{1,2},{3,4}}'", "'{{{{{{1}}}}}}'", "'{{{1,2}}}'", "'{3e38,-3e38}'", "'{1e-45,-1e-45}'",
          "array_fill(1::TYPE, ARRAY[100000])", "array_fill('NaN'::TYPE, ARRAY[1528])", "array_fill(0::TYPE, ARRAY[1528])", "array_fill(3e38::TYPE, ARRAY[1528])",
          "array_fill(0.1::TYPE, ARRAY[300, 128])", "array_fill(0.1::TYPE, ARRAY[1, 100000])", "array_fill(0.1::TYPE, ARRAY[100000, 1])",
          "array_fill(NULL::TYPE, ARRAY[1000])", "array_fill(1::TYPE, ARRAY[2], ARRAY[9])", "array_fill(0::TYPE, ARRAY[0])", "NULL"]
TEXT_ARRAYS = ["'{}'", "'{NULL}'", "'{a,b}'", "'{a,a}'", "'{a,NULL}'", "'{\"\"}'", "'{{a,b},{c,d}}'", "'[5:6]={toy,spoken}'", "'{{{{{{x}}}}}}'",
               "array_fill('x'::text, ARRAY[5000])", "ARRAY[repeat('x', 100000)]", "ARRAY(SELECT 'l' || i FROM generate_series(1, 1500) AS i)", "NULL"]
JSON = ["'{}'", "'[]'", "'null'", "'1'", "'\"x\"'", "'true'", "'[{}]'", "'{\"a\": 1}'", "'{\"\": {}}'", "'{\"quiet\": 1}'", "'{\"quiet\": null}'", "'{\"lda\": []}'",
        "'{\"lda\": {\"lda\": {}}}'", "'{\"cnn\": {\"blocks\": []}}'", "'{\"architecture\": \"custom\", \"blocks\": [{}], \"quiet\": true}'",
        "'{\"architecture\": \"custom\", \"blocks\": [{\"type\": \"conv1d\", \"channels\": 1e9}], \"quiet\": true}'", "'{\"shrinkage\": [], \"quiet\": true}'",
        "'{\"shrinkage\": [0.5, null, {}]}'", "'{\"anger\": 1, \"fear\": \"x\"}'", "'{\"anger\": {\"anger\": 1e300}}'", "'{\"anger\": {\"anger\": -1}}'", "'{\"a\": {\"b\": 1}}'",
        "(repeat('[', 500) || repeat(']', 500))::jsonb", "(repeat('{\"a\":', 500) || '1' || repeat('}', 500))::jsonb", "jsonb_build_object(repeat('k', 100000), 1)",
        "jsonb_build_object('quiet', true, 'label', repeat('k', 100000))", "(SELECT jsonb_object_agg(i::text, i) FROM generate_series(1, 3000) AS i)",
        "(SELECT confusion FROM good)", "NULL"]
JSON_SCALARS = ["0", "1", "-1", "1e300", "-1e300", "0.5", "2147483648", "1e1000", "null", "true", "\"x\"", "\"\"", "[]", "[1]", "{}", "[null]"]
# States of aggregates by their types: good ones, what writes their bytes, and what their texts begin with.
STATES = {
    "_emoser_confusion_state": (["_emoser_confusion_accumulate(NULL, 'a', 'b')", "(SELECT _emoser_confusion_accumulate(NULL, repeat('x', id), '') FROM small LIMIT 1)"],
                                "_emoser_confusion_send", "emoser-confusion:1:"),
    "emoser_profile_state": (["(SELECT emoser_profile_state(features) FROM small)", "_emoser_profile_accumulate(NULL, '{1,2,3}')"],
                             "_emoser_profile_state_send", "emoser-profile:1:"),
    "emoser_training_state": (["(SELECT emoser_train_state(s.features, emotion, profile) FROM small AS s, good)",
                               "(SELECT emoser_train_state(s.features, emotion, profile, profile) FROM small AS s, good)",
                               "(SELECT emoser_train_state(s.features, emotion, profile, id % 2 = 0) FROM small AS s, good WHERE id < 4)"],
                              "_emoser_training_state_send", "emoser-state:1:"),
}
MOMENTS = ["now()", "'infinity'", "'-infinity'", "'epoch'", "NULL"]
BY_TYPE = {
    "integer": INTEGERS, "smallint": ["0", "1", "-1", "32767", "-32768", "NULL"], "bigint": INTEGERS + ["9223372036854775807", "-9223372036854775808"],
    "oid": ["0", "1", "4294967295", "NULL"], "real": FLOATS, "double precision": DOUBLES, "numeric": DOUBLES, "boolean": ["true", "false", "NULL"],
    "timestamp with time zone": MOMENTS, "interval": ["'1 s'", "'-9 years'", "NULL"], "regclass": ["'small'", "0", "NULL"],
    "text[]": TEXT_ARRAYS, "jsonb": JSON, "json": JSON, "text": TEXTS + BAD_MODELS + BAD_SOURCES + SOURCES + MODELS, "name": ["'x'", "''", "NULL"],
}


class Values:
    def __init__(self, rng, composites, options):
        self.random = rng
        self.composites = composites
        self.options = options

    def of(self, argument):
        """Mostly what the argument is for, now and then what nobody meant; None: leave it to its default."""
        name, type_name = argument["name"], argument["type"]
        if argument["default"] and self.random.random() < (0.5 if name in WORDS else 0.8):
            return None
        if self.random.random() < 0.65:
            return self.good(name, type_name)
        return self.hostile(type_name)

    def good(self, name, type_name):
        if name == "weights" and type_name == "oid":
            return "(SELECT large_object FROM checkpoint)"
        if name in WORDS and type_name not in ("emoser_model", "emoser_encoder", "boolean"):
            return f"({self.random.choice(WORDS[name])})::{type_name}"
        if type_name == "bytea":
            return self.random.choice(["(SELECT audio FROM good)", "(SELECT audio FROM good)", "(SELECT wav FROM good)"] if "model" not in name and name != "bytes"
                                      else [f"(SELECT {column} FROM good)" for column in MODEL_BYTES])
        if type_name == "emoser_model":
            return f"(SELECT {self.random.choice(['toy', 'adapted', 'told', 'spoken', 'net', 'ensemble'])} FROM good)"
        if type_name == "emoser_encoder":
            return self.random.choice(["emoser_encoder_value('tiny')", "emoser_encoder_value('whisper')"])
        if type_name in STATES:
            return self.random.choice(STATES[type_name][0])
        if type_name in self.composites:
            return self.random.choice(["(SELECT profile FROM good)", "NULL"]) if type_name == "emoser_speaker_profile" else "NULL"
        if type_name in ("real[]", "double precision[]"):
            return self.random.choice(WORDS["features"] + WORDS["samples"]) + "::" + type_name
        return self.hostile(type_name)

    def hostile(self, type_name):
        r = self.random
        if type_name == "bytea":
            return self.bytes()
        if type_name == "emoser_model":
            return r.choice(["NULL", f"model_of({self.model_bytes()})", f"({r.choice(TEXTS)})::text::emoser_model", "(SELECT net FROM good)"])
        if type_name == "emoser_encoder":
            return r.choice(["NULL", f"('emoser-encoder:1:{r.randbytes(32).hex()}')::emoser_encoder", f"({r.choice(TEXTS)})::text::emoser_encoder"])
        if type_name in STATES:
            return self.state(type_name)
        if type_name in self.composites:
            return r.choice(["NULL", "ROW(" + ", ".join(f"({self.hostile(t)})::{t}" for _, t in self.composites[type_name]) + f")::{type_name}"])
        if type_name in ("real[]", "double precision[]"):
            return f"({r.choice(ARRAYS).replace('TYPE', type_name[:-2])})::{type_name}"
        if type_name == "cstring":
            return f"({r.choice(TEXTS)})::cstring"
        if type_name == "jsonb" and r.random() < 0.5:
            return self.options_json()
        if type_name == "text" and r.random() < 0.05:
            return f"repeat({r.choice(TEXTS)}, {r.randint(2, 50)})"
        return f"({r.choice(BY_TYPE.get(type_name, ['NULL']))})::{type_name}"

    def options_json(self):
        r = self.random
        pairs = [f'"{r.choice(self.options)}": {r.choice(JSON_SCALARS)}' for _ in range(r.randint(1, 2))]
        inner = "{" + ", ".join(pairs + ['"quiet": true']) + "}"
        if r.random() < 0.3:
            inner = '{"%s": {%s}, "quiet": true}' % (r.choice(["lda", "cnn"]), ", ".join(pairs))
        return f"'{inner}'::jsonb"

    def model_bytes(self):
        r = self.random
        return f"damaged((SELECT {r.choice(MODEL_BYTES)} FROM good), {r.random():.6f}, {r.randrange(256)})"

    def state(self, type_name):
        r = self.random
        good, send, prefix = STATES[type_name]
        sent = f"{send}({r.choice(good)})"
        changed = r.choice([f"damaged({sent}, {r.random() ** 3:.6f}, {r.randrange(256)})", f"substr({sent}, 1, {r.randint(0, 200)})", f"{sent} || {sent}",
                            f"decode('{r.randbytes(r.randint(1, 60)).hex()}', 'hex')"])
        return r.choice(["NULL", r.choice(good), f"('{prefix}' || translate(encode({changed}, 'base64'), E'\\n', ''))::{type_name}",
                         f"({r.choice(TEXTS)})::text::{type_name}"])

    def bytes(self):
        r = self.random
        return r.choice([
            "NULL", "''::bytea", f"decode('{r.randbytes(r.randint(1, 60)).hex()}', 'hex')", "convert_to(repeat('no sound', 5000), 'UTF8')",
            f"damaged((SELECT audio FROM good), {r.random() ** 4:.6f}, {r.randrange(256)})", f"damaged((SELECT wav FROM good), {r.random() * 0.006:.6f}, {r.randrange(256)})",
            f"substr((SELECT audio FROM good), 1, {r.randint(1, 4000)})", f"substr((SELECT wav FROM good), 1, {r.randint(1, 200)})",
            "(SELECT audio || audio FROM good)", "convert_to(repeat('OggS', 20000), 'UTF8')", "decode(repeat('49443303000000000000', 5000), 'hex')",
            "decode('52494646ffffffff57415645', 'hex')", "decode(repeat('00', 100000), 'hex')", "decode(repeat('ff', 100000), 'hex')",
            f"damaged((SELECT weights FROM checkpoint), {r.random() ** 2:.6f}, {r.randrange(256)})", f"substr((SELECT weights FROM checkpoint), 1, {r.randint(0, 20000)})",
            self.model_bytes(), f"substr((SELECT {r.choice(MODEL_BYTES)} FROM good), 1, {r.randint(0, 3000)})", f"(SELECT {r.choice(MODEL_BYTES)} FROM good)",
            f"decode(lpad(to_hex({r.randint(0, 400)}), 2, '0') || '00000000000000' || encode(convert_to('{{\"a\": {{\"dtype\": \"F32\", \"shape\": [4294967296, 4294967296], \"data_offsets\": [0, 8]}}}}', 'UTF8'), 'hex'), 'hex')",
        ])

"""Calls of every function of the extension, made from the catalog, so that new ones are called by themselves."""
from server import run

# Arguments by their names: expressions of a schema {s} in brackets, or texts. Others have their defaults.
GIVEN = {
    "audio": "(SELECT r.audio FROM public.recordings AS r LIMIT 1)", "copy": "7", "samples": "{0.1,0.2,0.1,-0.1}", "bytes": "\\x00ff", "encoding": "ulaw", "method": "noise",
    "file_name": "03a01Fa.wav", "features": "{0.1,1}", "source": "public.recordings", "emotion": "anger", "actual": "a", "predicted": "b",
    "probabilities": '{"a": 1}', "by": "emotion", "split": "", "run": "search", "emotions": "{anger,joy}", "values": "{1,2,3}",
    "other": "b", "value": "0.5", "layer": "0", "models": "{deep,emodb}", "sample_rate": "16000", "algorithm": "lda", "grid": '{"shrinkage": [0.5]}',
    "directory": "/nowhere", "target": "answers", "what": "emotion", "trained": "", "version": "1", "uar": "0",
    "mel": """(SELECT {s}.emoser_mel_of_samples(ARRAY[0.1,0.2,0.1]::real[], 40, 16000, 512, 400, 160, 0::float8, 0::float8,
        NULL::text, NULL::text, NULL::text, NULL::boolean, NULL::float8, NULL::float8, NULL::integer, NULL::text, NULL::float8, 'emoser'::text))""",
    "mfcc": "(SELECT ARRAY[ARRAY[1,2,3,4,5,6,7,8,9,10,11,12,13]]::real[])",
    "confusion": "(SELECT {s}.emoser_confusion(l, l) FROM pg_catalog.unnest(ARRAY['a', 'b']::text[]) AS l)",
    "reliability": "(SELECT {s}.emoser_reliability('a'::text, '{\"a\": 0.7, \"b\": 0.3}'::jsonb))",
    "scale": "(SELECT {s}.emoser_profile(f) FROM (VALUES ('{1,2}'::real[]), ('{3,5}')) AS v (f))", "degraded": "false",
    "first": "(SELECT r.audio FROM public.recordings AS r LIMIT 1)", "second": "(SELECT r.audio FROM public.recordings AS r LIMIT 1)",
    "corpus": "emodb", "turns": '[{"start": 1, "end": 4, "emotion": "anger"}]', "starts": "{1,5}", "ends": "{4,6}",
    "config": "(SELECT c.config FROM public.checkpoint AS c)", "weights": "(SELECT c.weights FROM public.checkpoint AS c)",
    "name": "adapted", "exported": "(SELECT {s}.emoser_export_model('toy'::text))", "profile": "(SELECT NULL::{s}.emoser_speaker_profile)"}

# By their types, whatever they are called.
STATE = "(SELECT {s}.emoser_train_state(f, e, p) FROM (VALUES ('{1,2}'::real[], 'a'::text), ('{3,5}', 'b')) AS v (f, e), (SELECT {s}.emoser_profile(f) AS p FROM (VALUES ('{1,2}'::real[]), ('{3,5}')) AS w (f)) AS s)"
GIVEN_BY_TYPE = {"emoser_encoder": "(SELECT {s}.emoser_encoder_value('tiny'::text))", "emoser_training_state": STATE, "emoser_profile_state": "(SELECT {s}.emoser_profile_state(f) FROM (VALUES ('{1,2}'::real[])) AS v (f))"}


class Call:
    def __init__(self, signature, called, kind):
        self.signature = signature
        self.name = called
        self.start = "CALL" if kind == "p" else "SELECT"
        self.arguments = []  # name, type, value

    def text(self, place=None, other=None):
        """With other in the place of one of the arguments."""
        written = []
        for i, (_, of_type, value) in enumerate(self.arguments):
            if i == place:
                value = other
            written.append(f"{value}::{of_type}" if value.startswith("(") else "'" + value.replace("'", "''") + f"'::{of_type}")
        return f"{self.start} {self.name}({', '.join(written)})"


def calls(database=None, schema="public"):
    """With arguments of just the types of each function. There are models "toy" of features and "deep", a net, a table
    recordings of audio, emotion and speaker, and what import_tiny() makes."""
    rows = run(f"""
        SET search_path = '';
        SELECT p.oid::pg_catalog.regprocedure, p.oid::pg_catalog.regproc, p.prokind, a.i, a.name, pg_catalog.format_type(a.type, NULL),
               pg_catalog.pg_get_function_arg_default(p.oid, a.i::integer)
        FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_depend AS d ON d.objid = p.oid AND d.deptype = 'e'
        LEFT JOIN LATERAL (SELECT i, p.proargnames[i] AS name, u.type
                           FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS u (type, i)) AS a ON true
        WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND proname LIKE 'emoser%'
            AND d.refobjid = (SELECT oid FROM pg_catalog.pg_extension WHERE extname = 'emoser')
        ORDER BY p.oid, a.i;""", database)
    found = {}
    for row in rows.split("\n"):
        signature, _, kind, _, name, of_type, default = row.split("|")
        call = found.setdefault(signature, Call(signature, signature[:signature.index("(")], kind))
        if name == "":
            continue
        # The models of numbers are "toy_numbers", of features, and "deep_numbers", of recordings.
        model = "toy" if "_features(" in signature or "embedding" in signature or kind == "p" else "new" if "import" in signature else "deep"
        if "_value" in signature and "model_value" not in signature:
            model += "_numbers"
        if name == "model":
            value = model if of_type == "text" else f"(SELECT m.model FROM {schema}.emoser_model_values AS m WHERE m.name OPERATOR(pg_catalog.=) '{model}')"
        elif of_type.split(".")[-1] in GIVEN_BY_TYPE and not default:
            value = GIVEN_BY_TYPE[of_type.split(".")[-1]].replace("{s}", schema)
        elif name == "encoder":
            value = "another" if "import" in signature else "tiny"
        elif name == "weights" and of_type == "oid":
            value = "(SELECT c.large_object FROM public.checkpoint AS c)"
        elif name in ("actual", "predicted", "other") and of_type == "double precision":
            value = "0.5"
        elif name in ("actual", "predicted", "other", "embedding") and of_type in ("real[]", "double precision[]"):
            value = "{0.5,1}"
        elif name == "other" and "compare" in signature:
            value = "deep"
        elif name == "options" and "cross_predictions_values" in signature:
            value = '{"target": "n", "quiet": true}'
        elif name == "options" and "plot_groups" in signature:
            value = '{"by": "speaker"}'
        elif name == "algorithm" and "_values" in signature:
            value = "ridge"
        elif name in GIVEN and (not default or name in ("profile", "sample_rate")):
            value = GIVEN[name].replace("{s}", schema)
        else:
            value = f"({default})"
        call.arguments.append((name, of_type, value))
    return list(found.values())

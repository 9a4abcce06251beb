"""All SQL of the service: calls of functions of emoser, and of schema.sql, which say what happens."""

# The view that web/schema.sql makes of the configured table.
SOURCE = "'emoser_web.recordings'"


def _of_recording(template):
    """A query for recordings given as bytes, and for stored ones given by name."""
    return {bytes: template.replace("AUDIO", "$1::bytea"),
            str: template.replace("AUDIO", "emoser_web.stored_audio($1::text)")}


PREDICT = {bytes: "SELECT emoser_web.predict($1::bytea, $2::text, $3::integer, $4::text[])",
           str: "SELECT emoser_web.predict_stored($1::text, $2::text, $3::integer, $4::text[])"}
TURNS = {bytes: "SELECT emoser_web.turns($1::bytea, $2::text, $3::text[], $4::integer)",
         str: "SELECT emoser_web.turns_stored($1::text, $2::text, $3::text[], $4::integer)"}
WAV = {of: f"SELECT emoser_web.wav($1::{name}, $2::float8, $3::float8, $4::integer, $5::bigint)" for of, name in [(bytes, "bytea"), (str, "text")]}
SEGMENTS = _of_recording("SELECT emoser_web.segments(AUDIO, $2::float8, $3::float8, $4::text, $5::integer, $6::text[])")
STORED_AUDIO = "SELECT emoser_web.stored_audio($1::text)"
STORED_BYTES = "SELECT emoser_web.stored_bytes($1::text)"
STORED_FORM = "SELECT emoser_web.stored_form($1::text)"
LIST_RECORDINGS = "SELECT emoser_web.list_recordings($1::text, $2::integer, $3::integer)"

START = "SELECT emoser_web.start()"

CORRECT = {kind: f"SELECT emoser_web.correct({which}, $2::text, $3::integer, $4::float8, $5::float8, $6::text, $7::text, $8::float8, "
                 "$9::text, $10::integer, $11::text, $12::integer)"
           for kind, which in [(bytes, "$1::bytea, NULL"), (str, "NULL, $1::text")]}
LIST_CORRECTIONS = "SELECT emoser_web.list_corrections($1::integer, $2::integer)"
CORRECTION_AUDIO = "SELECT emoser_web.correction_audio($1::text)"
UNDO_CORRECTION = "SELECT emoser_web.undo_correction($1::text)"
FORGET_CORRECTIONS = "SELECT emoser_web.forget_corrections($1::integer)"

MODELS = "SELECT emoser_web.models()"
DEPLOY = "SELECT emoser_web.deploy($1::text, $2::integer)"

REQUEST_TRAINING = "SELECT emoser_web.request_training($1::text, $2::text, $3::integer, $4::jsonb, $5::integer, $6::boolean)"
LIST_TRAININGS = "SELECT emoser_web.list_trainings()"
TRAINING = "SELECT emoser_web.training($1::bigint)"
CANCEL_TRAINING = "SELECT emoser_web.cancel_training($1::bigint)"
HEALTH = "SELECT emoser_web.health()"
TRAINING_STATES = "SELECT emoser_web.training_states()"

BECOME_TRAINER = "SELECT emoser_web.become_trainer()"
TRAIN_NEXT = "CALL emoser_web.train_next(NULL)"
TRAINING_FAILED = "SELECT emoser_web.training_failed($1::text, $2::text)"

REPORT = f"SELECT emoser_report({SOURCE}, $1::text, options => $2::jsonb)"


def _plots(arguments, *kinds):
    """Pictures of the same arguments; title and width are the first two that are handed over."""
    return {kind: f"SELECT emoser_plot_{kind}({arguments}, title => $1::text, width => $2::integer)" for kind in kinds}


def _plots_of_recording(arguments, *kinds):
    return {kind: {of: call.replace("AUDIO", f"emoser_web.part($3::{name}, $4::float8, $5::float8)") for of, name in [(bytes, "bytea"), (str, "text")]}
            for kind, call in _plots(arguments, *kinds).items()}


PLOTS_OF_RECORDING = _plots_of_recording("AUDIO, channel => $6::integer", "recording", "waveform", "mel", "mfcc", "pitch")
PLOTS_OF_RECORDING_AND_MODEL = {
    **_plots_of_recording("AUDIO, $7::text, channel => $6::integer, emotions => $8::text[]", "explanation"),
    **_plots_of_recording("AUDIO, $7::text, $9::float8, $10::float8, channel => $6::integer, emotions => $8::text[]", "segments")
}
PLOTS_OF_MODEL = {**_plots("$3::text", "training"),
                  "held_out_confusion": "SELECT emoser_web.held_out_confusion($3::text, $1::text, $2::integer)"}
PLOTS_OF_EVALUATION = _plots(f"{SOURCE}, $3::text, options => $4::jsonb", "confusion", "metrics", "reliability")
PLOTS_OF_DATA = _plots(SOURCE, "durations", "counts", "space")

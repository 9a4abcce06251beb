"""What the scripts of test/shell share: a server of their own, sessions, and checks.

A script calls begin(__file__), which starts it again beside a throw-away server, and ends with
finish(), which prints "N passed, N failed" and exits.
"""
import os
import re
import select
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PSQL = ["psql", "-X", "-q", "-A", "-t"]
DEADLINE_S = 120

_passed = 0
_failed = 0


def begin(script):
    """Run beside a throw-away server, with the bundled corpus where the server can read it."""
    if "EMOSER_SCRATCH" not in os.environ:
        os.execv(os.path.join(HERE, "with-postgres"), ["with-postgres", os.path.abspath(script)] + sys.argv[1:])
    sys.stdout.reconfigure(line_buffering=True)
    corpus = os.path.join(os.environ["EMOSER_SCRATCH"], "corpus")
    shutil.copytree(os.path.join(ROOT, "data", "corpus"), corpus)
    subprocess.run(["chmod", "-R", "a+rX", os.environ["EMOSER_SCRATCH"]], check=True)
    return corpus


def encoders():
    """The tiny encoders where the server can read them, from begin() on."""
    place = os.path.join(os.environ["EMOSER_SCRATCH"], "encoders")
    if not os.path.exists(place):
        shutil.copytree(os.path.join(ROOT, "test", "encoders"), place)
        subprocess.run(["chmod", "-R", "a+rX", place], check=True)
    return place


def import_tiny(schema="public"):
    """SQL that makes an encoder "tiny" and a table public.checkpoint of what it is imported from."""
    place = os.path.join(encoders(), "wavlm_base")
    return f"""
CREATE TABLE public.checkpoint AS SELECT pg_catalog.pg_read_file('{place}/config.json'::text)::jsonb AS config, weights, pg_catalog.lo_from_bytea(0::oid, weights) AS large_object
FROM pg_catalog.pg_read_binary_file('{place}/model.safetensors'::text) AS weights;
SELECT {schema}.emoser_import_encoder('tiny'::text, c.config, c.weights, NULL::jsonb, NULL::text) FROM public.checkpoint AS c;
"""


def check(name, good, detail=""):
    global _passed, _failed
    if good:
        _passed += 1
    else:
        _failed += 1
    print(f"{'ok' if good else 'not ok'} - {name}{': ' if detail else ''}{detail}")
    return good


def same(name, have, want):
    return check(name, have == want, "" if have == want else f"have {have!r}, want {want!r}")


def finish():
    print(f"{_passed} passed, {_failed} failed")
    sys.exit(0 if _failed == 0 and _passed > 0 else 1)


def where(database, port):
    """Options of psql for another database or server than the main ones."""
    return (["-d", database] if database else []) + (["-p", port] if port else [])


def run(sql, database=None, port=None):
    """The output of a script that must succeed."""
    command = PSQL + ["-v", "ON_ERROR_STOP=1"] + where(database, port)
    done = subprocess.run(command, input=sql, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{sql[:200]}\n{done.stderr}")
    return done.stdout.strip()


class Session:
    """A psql that stays open. Errors are given back as text, such as 'ERROR:  57014'."""

    def __init__(self, database=None, port=None):
        self.process = subprocess.Popen(
            PSQL + where(database, port), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.n_asked = 0
        self.buffer = ""
        self.ask("\\set VERBOSITY sqlstate\nSET client_min_messages = warning;")
        self.pid = int(self.ask("SELECT pg_backend_pid();"))

    def send(self, sql):
        self.n_asked += 1
        self.process.stdin.write(f"{sql}\n\\echo end-{self.n_asked}-end\n".encode())
        self.process.stdin.flush()

    def is_done(self, timeout_s=0):
        """Whether the answer to what was sent is there."""
        mark = f"end-{self.n_asked}-end\n"
        deadline = time.monotonic() + timeout_s
        while mark not in self.buffer:
            ready, _, _ = select.select([self.process.stdout], [], [],
                                        max(0, deadline - time.monotonic()))
            if not ready:
                return False
            part = os.read(self.process.stdout.fileno(), 65536)
            if not part:
                sys.exit(f"a session has ended: {self.buffer}")
            self.buffer += part.decode()
        return True

    def answer(self):
        if not self.is_done(DEADLINE_S):
            sys.exit(f"no answer after {DEADLINE_S} s: {self.buffer}")
        text, self.buffer = self.buffer.split(f"end-{self.n_asked}-end\n")
        return text.strip()

    def ask(self, sql):
        self.send(sql)
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def wait_until(condition, timeout_s=30):
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


# Models on two features of one's own, that call everything by a given answer.
TEACH = """
CREATE FUNCTION lesson(answer text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT %L || mod(i, 2) AS emotion, ARRAY[i %% 2 + i * 0.01, i %% 3]::real[] AS features
                   FROM generate_series(1, 20) AS i', answer)
$$;
"""


def teach(answer, name="toy"):
    return f"CALL emoser_train(lesson('{answer}'), '{name}', options => '{{\"quiet\": true}}');"


def ask_toy(name="toy"):
    return f"SELECT emoser_predict_features('{{0.1,1}}'::real[], '{name}');"


def load_corpus(corpus, table="recordings"):
    return f"SET client_min_messages = warning; CALL emoser_load_emodb('{corpus}', '{table}');"


def numbers(text):
    return [float(x) for x in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", text)]

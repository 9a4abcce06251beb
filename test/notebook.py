#!/usr/bin/python3
"""docs/report.ipynb run on a throw-away server with the bundled corpus; as a program: run and kept, "make notebook"."""
import json
import os
import subprocess
import sys

from server import ROOT, begin

NOTEBOOK = os.path.join(ROOT, "docs", "report.ipynb")
MAX_SECONDS = 300


def read(path=NOTEBOOK):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def execute(corpus):
    """The notebook after it has run, and what was said if it has not."""
    scratch = os.environ["EMOSER_SCRATCH"]
    # Settings and histories of whoever runs this are of no influence, and stay as they are.
    for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        os.environ[name] = os.path.join(scratch, "jupyter")
    os.environ["EMOSER_RECORDINGS"] = corpus
    os.environ["EMOSER_REPORT"] = os.path.join(scratch, "report.html")
    done = subprocess.run(["/usr/bin/python3", "-m", "nbconvert", "--to", "notebook", "--execute",
                           f"--ExecutePreprocessor.timeout={MAX_SECONDS}", "--output-dir", scratch, "--output", "executed",
                           NOTEBOOK], capture_output=True, text=True)
    if done.returncode != 0:
        return None, done.stderr
    return read(os.path.join(scratch, "executed.ipynb")), done.stderr


def write(notebook):
    """Without what differs from run to run and from place to place."""
    notebook["metadata"] = {"kernelspec": notebook["metadata"]["kernelspec"], "language_info": {"name": "python"}}
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    with open(NOTEBOOK, "w", encoding="utf-8") as file:
        json.dump(notebook, file, indent=1, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    executed, said = execute(begin(__file__))
    if executed is None:
        sys.exit(said)
    write(executed)

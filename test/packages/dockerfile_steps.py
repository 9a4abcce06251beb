#!/usr/bin/env python3
"""Turn a Dockerfile into calls of shell functions, which test/packages/containers defines.

  new_stage NAME BASE            a stage, of an image or an earlier stage
  run_step NAME WORKDIR COMMAND  of RUN; all of them run as root here, before USER
  copy_step NAME FROM WORKDIR OWNER MODE SOURCE ... TARGET
  start_NAME                     a variable: how the container starts, as words for the shell

An instruction that is not known here is an error, so that none goes untested.
"""
import json
import re
import shlex
import sys


def instructions(text):
    """Pairs of name and arguments, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.M)
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip():
            yield line.split(None, 1)


def words(argument):
    """The words of a command in exec form."""
    if not argument.startswith("["):
        sys.exit(f"exec form expected: {argument}")
    return json.loads(argument)


class Stage:
    def __init__(self, name, parent):
        self.name, self.workdir, self.user = name, parent.workdir if parent else "/", parent.user if parent else "root"
        self.environment = list(parent.environment) if parent else []
        self.start = {"ENTRYPOINT": [], "CMD": []}
        self.health = []


def emit(function, *arguments):
    print(function, *map(shlex.quote, arguments))


def environment(argument):
    return [f"{name}={value}" for name, value in (word.split("=", 1) for word in shlex.split(argument))]


def translate(text):
    stages = {}
    stage = None
    for name, argument in instructions(text):
        if name == "FROM":
            base, _, alias = re.fullmatch(r"(\S+) (AS) (\S+)", argument).groups()
            stage = stages[alias] = Stage(alias, stages.get(base))
            emit("new_stage", alias, base)
        elif name == "RUN":
            if stage.user != "root":
                sys.exit(f"{stage.name}: RUN after USER")
            emit("run_step", stage.name, stage.workdir, " ".join(argument.split()))
        elif name == "COPY":
            options = dict(re.findall(r"--(\w+)=(\S+)", argument))
            paths = [word for word in argument.split() if not word.startswith("--")]
            emit("copy_step", stage.name, options.get("from", ""), stage.workdir, options.get("chown", "root"),
                 options.get("chmod", ""), *paths)
        elif name == "WORKDIR":
            stage.workdir = argument
            emit("make_directory", stage.name, argument)
        elif name == "ENV":
            stage.environment += environment(argument)
        elif name == "USER":
            stage.user = argument
        elif name in stage.start:
            stage.start[name] = words(argument)
        elif name == "HEALTHCHECK":
            stage.health = words(argument.split("CMD", 1)[1].strip())
        elif name not in ("EXPOSE", "VOLUME", "STOPSIGNAL"):
            sys.exit(f"unknown instruction {name}")
    for stage in stages.values():
        command = stage.start["ENTRYPOINT"] + stage.start["CMD"]
        if command:
            print(f"user_{stage.name}={shlex.quote(stage.user)}")
            print(f"environment_{stage.name}={shlex.quote(shlex.join(stage.environment))}")
            print(f"start_{stage.name}={shlex.quote(shlex.join(command))}")
            print(f"health_{stage.name}={shlex.quote(shlex.join(stage.health))}")
            print(f"workdir_{stage.name}={shlex.quote(stage.workdir)}")


with open(sys.argv[1], encoding="utf-8") as file:
    translate(file.read())

#!/usr/bin/python3
"""unit_filter.py UNIT COMMAND...: run a command with the system calls that a systemd unit allows.

Others end it, or fail with the unit's SystemCallErrorNumber.
"""
import errno
import os
import re
import subprocess
import sys

import seccomp


def calls_of(names):
    """Names of system calls, given those and names of systemd's groups."""
    found = set()
    for name in names:
        if name.startswith("@"):
            lines = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout.splitlines()
            found |= calls_of(line.strip() for line in lines[1:] if line.strip() and not line.strip().startswith("#"))
        else:
            found.add(name)
    return found


def filter_of(unit):
    """As systemd.exec(5) tells: later lines add to earlier ones, or with ~ take away."""
    with open(unit, encoding="utf-8") as file:
        text = file.read()
    allowed = calls_of(["@default"])
    for is_without, names in re.findall(r"^SystemCallFilter=(~?)(.*)$", text, re.MULTILINE):
        calls = calls_of(names.split())
        allowed = allowed - calls if is_without else allowed | calls
    number = re.search(r"^SystemCallErrorNumber=(\w+)$", text, re.MULTILINE)
    found = seccomp.SyscallFilter(seccomp.ERRNO(getattr(errno, number[1])) if number else seccomp.KILL_PROCESS)
    for call in allowed:
        try:
            found.add_rule(seccomp.ALLOW, call)
        except RuntimeError:  # not one of this machine's
            pass
    return found


filter_of(sys.argv[1]).load()
os.execvp(sys.argv[2], sys.argv[2:])

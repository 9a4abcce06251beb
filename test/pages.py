"""Blocks of code in README.md and docs/*.md, which tests run.

A block is what lies between two fences. Behind its language the first fence may say how it is run, see
CONTRIBUTING.md: "superuser", "empty", "elsewhere test/NAME".
"""
import collections
import glob
import os
import re

from server import ROOT

# line: of the first fence, from 1. mark: what stands behind the language.
Block = collections.namedtuple("Block", "line language mark text")


def all_pages():
    """Paths in the repository."""
    return ["README.md"] + sorted(os.path.relpath(path, ROOT) for path in glob.glob(os.path.join(ROOT, "docs", "*.md")))


def read_page(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def parse(text):
    """All blocks of a page, in their order."""
    return [Block(text.count("\n", 0, match.start()) + 1, match[1], match[2].strip(), match[3])
            for match in re.finditer(r"^ *```(\w*)([^\n`]*)\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)]


def grants_of_readme():
    """What a superuser says there for others to be able to work."""
    return [line.split("--")[0].strip() for block in parse(read_page("README.md")) for line in block.text.splitlines() if line.startswith("GRANT")]


def blocks(page, language):
    """The texts of the blocks of a page of docs that are in this language."""
    return [block.text for block in parse(read_page(os.path.join("docs", page))) if block.language == language]


def blocks_for(page, where):
    """Those of SQL whose first line says where they are for, in a comment."""
    return [block for block in blocks(page, "sql") if block.startswith(f"-- {where}\n")]


def statements(block):
    """One by one, without comments; no statement of a page has a semicolon within."""
    code = re.sub(r"^--.*\n", "", block, flags=re.MULTILINE)
    return [statement.strip() + ";" for statement in code.split(";") if statement.strip()]

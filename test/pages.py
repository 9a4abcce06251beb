"""Blocks of code in the pages of docs, which tests run."""
import os
import re

from server import ROOT


def blocks(page, language):
    """The texts of a page between ```language and ```, in their order."""
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as file:
        return re.findall(rf"^```{language}\n(.*?)^```", file.read(), re.MULTILINE | re.DOTALL)


def blocks_for(page, where):
    """Those of SQL whose first line says where they are for, in a comment."""
    return [block for block in blocks(page, "sql") if block.startswith(f"-- {where}\n")]


def statements(block):
    """One by one, without comments; no statement of a page has a semicolon within."""
    code = re.sub(r"^--.*\n", "", block, flags=re.MULTILINE)
    return [statement.strip() + ";" for statement in code.split(";") if statement.strip()]

"""The chapter on methods names only what some chapter calls."""

import re

from helpers.base import paths
from helpers.run.fingerprint import PACKAGE, code_cells, modules
from helpers.run.table import read_stages

ENTRIES = read_stages().stage
CHAPTER = next(entry for entry in ENTRIES if entry.name == "10-methods")


def named() -> list[str]:
    """Return the modules in the third column of the table 'Which test is used when'."""
    text = (paths.BOOK / "which-test.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|(.+)\|$", text, re.MULTILINE)
    return re.findall(r"`([\w.]+)`", " ".join(row.split("|")[2] for row in rows[1:]))


def test_every_test_of_the_table_is_reached_from_another_chapter():
    chapters = [entry.notebook for entry in ENTRIES if entry is not CHAPTER]
    reached = modules(code for notebook in chapters for code in code_cells(notebook))
    stats = {
        str(path.relative_to(PACKAGE / "stats").with_suffix(""))
        for path in reached
        if path.is_relative_to(PACKAGE / "stats")
    }
    assert len(named()) > 10
    assert [name for name in named() if name.replace(".", "/") not in stats] == []

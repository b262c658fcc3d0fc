"""Rooms on disk, in the rules of imports, and in the pages that tell of them are the same."""

import ast
import json
import re
import tomllib

import pytest

from helpers.base import paths

PACKAGE = paths.ROOT / "src" / "helpers"
ROOMS = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
STATS = {path.parent.name for path in (PACKAGE / "stats").glob("*/__init__.py")}
PROJECT = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOR_NOTEBOOKS = {"clean", "measures", "stats", "figures", "claims", "run"}
ENTRANCE = "cli"  # may import every room, and none imports it
pytestmark = pytest.mark.house


def rules() -> dict[str, set[str]]:
    """Return for each room the rooms that its contract forbids."""
    return {
        one["source_modules"][0].split(".")[1]: {
            name.split(".", 1)[1] for name in one["forbidden_modules"]
        }
        for one in PROJECT["tool"]["importlinter"]["contracts"]
    }


def told() -> dict[str, set[str]]:
    """Return the table of ``ARCHITECTURE.md``: for each room what it may import besides base."""
    text = (paths.ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .* \| ([^|]+) \|$", text, flags=re.MULTILINE)
    return {
        room: set() if may == "nothing" else {one.strip() for one in may.split(",")}
        for room, may in rows
    }


def test_no_module_stands_outside_a_room():
    assert [path.name for path in PACKAGE.glob("*.py")] == ["__init__.py"]
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == ROOMS


def test_each_room_has_a_rule_and_a_line_in_the_architecture():
    assert set(rules()) == ROOMS - {ENTRANCE}
    assert set(told()) == ROOMS


@pytest.mark.parametrize("room", sorted(ROOMS - {ENTRANCE}))
def test_the_rules_are_the_table(room):
    stats = {f"stats.{name}" for name in STATS | {"checks", "parallel"}}
    everything = ROOMS - {room, "base"}
    if "stats.estimate" in told()[room]:
        everything = (everything - {"stats"}) | stats
    forbidden = everything - told()[room]
    if room == "base":
        forbidden = ROOMS - {"base"}
    assert rules()[room] == forbidden


def test_the_readme_says_what_may_go_into_each_room():
    text = (paths.ROOT / "README.md").read_text(encoding="utf-8")
    lost = [room for room in ROOMS if not re.search(rf"──\s{room}/\s+\S", text)]
    lost += [room for room in STATS if f"{room}/" not in text]
    assert lost == []


@pytest.mark.parametrize("notebook", sorted(paths.NOTEBOOKS.glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebooks_import_only_what_they_may(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code")
    imported = {
        (node.module or "").split(".")[1]
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers.")
    }
    assert imported <= FOR_NOTEBOOKS


def test_only_a_stage_records():
    """No function takes a stage, so nothing but a notebook can record a result."""
    takers = [
        f"{path.relative_to(PACKAGE)}: {node.name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and any(one.arg == "stage" and path.parent.name != "cli" for one in node.args.args)
    ]
    assert takers == []


def test_pages_for_people_are_there_and_name_the_verbs():
    text = (paths.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    makefile = (paths.ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in re.findall(r"`?make ([a-z]+)", text):
        assert re.search(rf"^{verb}:", makefile, flags=re.MULTILINE), verb

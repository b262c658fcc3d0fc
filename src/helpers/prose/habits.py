"""Habits of a notebook that reads like an article, measured (targets from published notebooks)."""

import json
import re
import statistics
from pathlib import Path

from helpers.run.params import Params

MEDIAN, NINETIETH, LONGEST = 6, 15, 30  # code lines per cell
WORDS = (800, 1500)  # words of prose in a notebook
CODE = re.compile(r"^```python\n.*?^```$", re.MULTILINE | re.DOTALL)  # a solution in an exercise
RATIO = 8  # words of prose for each line of code


def _code_lines(source: str) -> int:
    return sum(
        1 for line in source.splitlines() if line.strip() and not line.strip().startswith("#")
    )


def _tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def parameters(notebook: dict) -> dict[str, str]:
    """Return name and value text of each line of the ``parameters`` cell."""
    source = next(
        ("".join(cell["source"]) for cell in notebook["cells"] if "parameters" in _tags(cell)), ""
    )
    return dict(re.findall(r"^(\w+) = (.+?)(?:\s+#.*)?$", source, flags=re.MULTILINE))


def findings(path: Path) -> list[str]:
    """Return what a notebook does against the habits, one sentence each; empty when nothing."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    texts = (
        "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"
    )
    prose = [CODE.sub("", text) for text in texts]
    said = [*_form(notebook, code, prose), *_sizes(code, prose)]
    return [f"{path.name}: {sentence}" for sentence in said]


def _form(notebook: dict, code: list[dict], prose: list[str]) -> list[str]:
    said = []
    if any(cell.get("outputs") or cell.get("execution_count") for cell in code):
        said.append("outputs or execution counts are stored; clear them")
    if sum(len(re.findall(r"^# ", text, flags=re.MULTILINE)) for text in prose) != 1:
        said.append("expected exactly one title (a line that starts with '# ')")
    first = code[0] if code else {"source": "", "metadata": {}}
    if "parameters" not in _tags(first):
        said.append("the first code cell is not tagged 'parameters'")
    for line in "".join(first["source"]).splitlines():
        if "=" in line and "#" not in line:
            said.append(f"the parameter '{line.split('=')[0].strip()}' has no comment")
    if set(parameters(notebook)) != set(Params.model_fields):
        said.append(
            f"the parameters are {sorted(parameters(notebook))}, expected {sorted(Params.model_fields)}"
        )
    if "".join(code[-1]["source"]).strip() != "stage.finish()":
        said.append("the last code cell is not 'stage.finish()'")
    if any(
        re.search(r"^\s*(import|from) ", "".join(cell["source"]), flags=re.MULTILINE)
        for cell in code[2:]
    ):
        said.append("an import stands after the second code cell; imports go up front")
    return said


def _sizes(code: list[dict], prose: list[str]) -> list[str]:
    lines = [_code_lines("".join(cell["source"])) for cell in code]
    words = sum(len(re.findall(r"\b[\w'’-]+\b", text)) for text in prose)
    ninetieth = sorted(lines)[int(0.9 * (len(lines) - 1))]
    measured = [
        (
            statistics.median(lines) > MEDIAN,
            f"the median cell has {statistics.median(lines):g} lines, at most {MEDIAN}",
        ),
        (ninetieth > NINETIETH, f"nine in ten cells reach {ninetieth} lines, at most {NINETIETH}"),
        (max(lines) > LONGEST, f"the longest cell has {max(lines)} lines, at most {LONGEST}"),
        (
            not WORDS[0] <= words <= WORDS[1],
            f"{words} words of prose, expected {WORDS[0]} to {WORDS[1]}",
        ),
        (
            words < RATIO * sum(lines),
            f"{words / sum(lines):.1f} words for a line of code, at least {RATIO}",
        ),
    ]
    return [sentence for wrong, sentence in measured if wrong]

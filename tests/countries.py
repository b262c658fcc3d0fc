"""Run the code of notebooks for one country in this process, and read what they recorded.

A kernel takes seconds to start and changes nothing of what is tried here: the cells, in order, with
the parameters of a run, where a stage reads what the stage before wrote.
"""

import json
import warnings
from pathlib import Path

import matplotlib.pyplot as plt

from helpers.base import paths
from helpers.base.reading import read_yaml
from helpers.book.quoting import plain
from helpers.prose.exercises import solutions
from helpers.run.declared import TAG
from helpers.run.params import Params
from helpers.run.run import default_params
from helpers.run.stage import IN, OUT

STAGES = ["01-country-tables", "02-country-landscape", "03-country-trend", "08-country-forecast"]


def cells_of(name: str) -> list[str]:
    """Return the code cells of a notebook, without that of its parameters."""
    cells = json.loads((paths.NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [
        "".join(one["source"])
        for one in cells
        if one["cell_type"] == "code" and TAG not in one["metadata"].get("tags", [])
    ]


def solved(name: str) -> list[str]:
    """Return the solutions of a notebook's exercises, which must hold of each country."""
    return [one.code for one in solutions(paths.NOTEBOOKS / f"{name}.ipynb")]


def words_of(name: str, results: dict[str, dict]) -> str:
    """Return the Markdown of a notebook as a run says it; a role that cannot speak is an error."""
    cells = json.loads((paths.NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    texts = ("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")
    return "\n\n".join(plain(text, results) for text in texts)


def run(country: str, out: Path, monkeypatch, stages=STAGES, **changed) -> dict[str, dict]:
    """Run stages for a country and return what they recorded, by key."""
    given = Params(**{**read_yaml(default_params()), "country": country, **changed}).model_dump()
    monkeypatch.setenv(IN, str(out))
    monkeypatch.setenv(OUT, str(out))
    found = {}
    for name in stages:
        names = dict(given)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for place, code in enumerate([*cells_of(name), *solved(name)]):
                exec(compile(code, f"{name}, cell {place}, {country}", "exec"), names)
        plt.close("all")
        written = json.loads((out / "stages" / f"{name}.json").read_text(encoding="utf-8"))
        assert not set(found) & set(written["results"])
        found |= {key: {**one, "cell": ""} for key, one in written["results"].items()}
    return found

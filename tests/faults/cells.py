"""Notebooks that cannot be trusted: each fails its stage in a sentence, the others still run."""

import json
import random
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from tiny import Place, Project, Try, Verdict, differ

BAD = "03-right"
NOTEBOOK = f"notebooks/{BAD}.ipynb"
LIMITS = (
    ("cell_seconds = 1800", "cell_seconds = 4"),
    ("output_kilobytes = 20000", "output_kilobytes = 400"),
)
FINISH = "stage.finish()"
CELLS = {  # what is put before the last cell; the run must fail
    "sys.exit()": "import sys; sys.exit()",
    "sys.exit(0) in a function": "import sys\ndef end():\n    sys.exit(0)\nend()",
    "exit()": "exit()",
    "quit": "quit()",
    "raise SystemExit": "raise SystemExit",
    "os._exit(0)": "import os; os._exit(0)",
    "os.abort()": "import os; os.abort()",
    "the kernel kills itself": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "the kernel ends itself": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "an interrupt": "raise KeyboardInterrupt",
    "a fault of memory": "import ctypes; ctypes.string_at(0)",
    "a thread that never ends": (
        "import threading, time, sys\n"
        "threading.Thread(target=lambda: time.sleep(600)).start()\nsys.exit()"
    ),
    "a loop": "while True:\n    pass",
    "a loop that catches": (
        "import time\nwhile True:\n    try:\n        time.sleep(1)\n"
        "    except BaseException:\n        pass"
    ),
    "a long sleep": "import time; time.sleep(900)",
    "much printed": "for _ in range(3000):\n    print('x' * 10000)",
    "much shown": "from IPython.display import HTML\nHTML('x' * 30_000_000)",
    "no Python": "this is no Python",
    "an open bracket": "print((",
    "tabs and spaces": "if True:\n\tx = 1\n        y = 2",
    "an exception": "1 / 0",
    "an exception with odd text": (
        "raise ValueError('\\x1b[31m\\nTraceback (most recent call last)\\n')"
    ),
    "an exception without text": "assert False",
    "a deep recursion": "def f():\n    return f()\nf()",
    "a name that there is not": "nothing_of_this_name",
    "a result that is not finite": 'stage.record("right.none", float("nan"), unit="x", source="y")',
    "an undeclared raw table": 'stage.read("published_figures")',
    "an undeclared output": 'stage.write("others", months)',
    "a read behind the API": (
        "import pandas as pd\nfrom helpers.base import paths\n"
        "pd.read_csv(paths.RAW / 'published_figures.csv')"
    ),
    "a read of a page": (
        "from helpers.base import paths\n(paths.ROOT / 'book' / 'index.md').read_text()"
    ),
    "another's table written": (
        "from helpers.base import paths\nmonths.to_parquet(paths.PROCESSED / 'months.parquet')"
    ),
    "a raw table written": (
        "from helpers.base import paths\n"
        "with (paths.RAW / 'country_month.csv').open('a') as file:\n    file.write('x')"
    ),
    "a file beside the results": (
        "from helpers.base import paths\n(paths.PROCESSED / 'mine.txt').write_text('x')"
    ),
    "finished twice": FINISH,
}
EITHER = {  # refused in a sentence, or the same as in a clean run
    "a magic": "%matplotlib inline",
    "a magic of time": "%time x = 1",
    "a shell word": "!true",
    "a cell of another language": "%%bash\ntrue",
    "help": "months.head?",
    "a last semicolon": "months.head();",
    "await": "import asyncio\nawait asyncio.sleep(0)",
    "a warning": "import warnings; warnings.warn('a warning')",
    "words on stderr": "import sys; print('error: made up', file=sys.stderr)",
    "an empty cell": "",
    "a comment alone": "# nothing",
    "a child that lives on": (
        "import subprocess\nchild = subprocess.Popen(['sleep', '300'], start_new_session=True)"
    ),
}


def cells(draw: random.Random, everything: bool) -> list[Try]:
    """Give one stage a bad notebook, edit another stage so that it must run, and run."""
    acts = {
        **{name: lambda place, text=text: _bad(place, text) for name, text in CELLS.items()},
        **{name: lambda place, text=text: _either(place, text) for name, text in EITHER.items()},
        "no finish": lambda place: _edited(place, _without_finish),
        "a cell after finish that records": lambda place: _edited(place, _after_finish),
        "a notebook that is no JSON": lambda place: _edited(place, _no_json, early=True),
        "a notebook without cells": lambda place: _edited(place, _no_cells, early=True),
        "no parameters tag": lambda place: _edited(place, _no_tag, early=True),
        "an unknown kernel": lambda place: _edited(place, _no_kernel, early=True),
        "merge marks in the notebook": lambda place: _edited(place, _merge, early=True),
        "a helper imported by name": _by_name,
    }
    always = [
        "sys.exit()",
        "os._exit(0)",
        "the kernel kills itself",
        "a loop",
        "much printed",
        "no Python",
        "no finish",
        "a magic",
        "a cell after finish that records",
        "a read behind the API",
        "another's table written",
        "a helper imported by name",
        "a notebook that is no JSON",
        "no parameters tag",
        "a file beside the results",
    ]
    rest = [name for name in acts if name not in always]
    names = list(acts) if everything else [*draw.sample(always, 6), *draw.sample(rest, 4)]
    return [Try("cells", name, acts[name], str(draw.random())) for name in names]


@dataclass
class Prepared:
    """A built project with one stage edited and one that gets a bad notebook."""

    project: Project
    good: str


def _prepared(place: Place) -> Prepared:
    project = place.built()
    for old, new in LIMITS:
        project.replace("pyproject.toml", old, new)
    project.replace("notebooks/02-left.ipynb", "Deaths by month.", "Deaths by the month.")
    return Prepared(project, (project.root / NOTEBOOK).read_text(encoding="utf-8"))


def _insert(project: Project, text: str, place: int = -1) -> None:
    path = project.root / NOTEBOOK
    book = json.loads(path.read_text(encoding="utf-8"))
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "bad",
        "metadata": {},
        "outputs": [],
        "source": text,
    }
    at = place if place >= 0 else len(book["cells"]) - 1
    book["cells"].insert(at, cell)
    path.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _bad(place: Place, text: str) -> Verdict:
    return _edited(place, lambda project: _insert(project, textwrap.dedent(text)))


def _edited(place: Place, spoil: Callable[[Project], None], *, early: bool = False) -> Verdict:
    """Spoil a notebook, run, expect a failure; then mend it and expect what a clean run makes.

    What is no notebook at all may be refused ``early``, before any stage runs.
    """
    ready = _prepared(place)
    project, before = ready.project, ready.project.products()
    raw = {name: text for name, text in project.inputs().items() if name.startswith("data/raw")}
    spoil(project)
    running = project.start("--jobs", "2")
    ran = running.wait(100)
    verdict = Verdict(traceback=ran.traceback, sentence=ran.sentence, note=ran.last)
    left = running.orphans()
    after = project.products()
    executed = "/data/processed/executed/02-left.ipynb"
    if ran.code is None:
        verdict.wrong = "it did not end within 100 s"
    elif ran.code == 0:
        verdict.wrong = f"exit 0: {ran.out.strip()[-120:]}"
    elif BAD not in ran.last:
        verdict.sentence, verdict.note = False, f"the stage is not named: {ran.last}"
    elif left:
        verdict.wrong = left
    elif not early and before[executed] == after.get(executed):
        verdict.wrong = "another stage did not run"
    if gone := sorted(set(before) - set(after)):
        verdict.lost = f"{len(gone)} outputs are gone, such as {gone[0]}"
    now = {name: text for name, text in project.inputs().items() if name.startswith("data/raw")}
    if raw != now:
        verdict.lost = f"raw tables: {differ(raw, now)}"
        return verdict
    (project.root / NOTEBOOK).write_text(ready.good, encoding="utf-8")
    again = project.run("--jobs", "2")
    found = project.products()
    found.pop("/data/processed/mine.txt", None)
    verdict.recovered = again.code == 0 and found == place.store.expected(project)
    if again.code != 0:
        verdict.lost = verdict.lost or f"with the good notebook: {again.last}"
    elif not verdict.recovered:
        said = differ(place.store.expected(project), found)
        verdict.wrong = verdict.wrong or f"with the good notebook: {said}"
    return verdict


def _either(place: Place, text: str) -> Verdict:
    project = place.built()
    _insert(project, text)
    running = project.start("--jobs", "2")
    ran = running.wait(100)
    verdict = Verdict(traceback=ran.traceback, note=ran.last, wrong=running.orphans())
    if ran.code is None:
        verdict.wrong = "it did not end within 100 s"
    elif ran.code == 0:
        if verdict.wrong:
            return verdict
        verdict.wrong = differ(place.store.expected(project), project.products())
    else:
        verdict.sentence = ran.sentence and BAD in ran.last
    return verdict


def _without_finish(project: Project) -> None:
    project.replace(NOTEBOOK, FINISH, "pass")


def _after_finish(project: Project) -> None:
    path = project.root / NOTEBOOK
    book = json.loads(path.read_text(encoding="utf-8"))
    text = 'stage.record("right.late", 1, unit="deaths", source="made up")'
    _insert(project, text, len(book["cells"]))


def _no_json(project: Project) -> None:
    path = project.root / NOTEBOOK
    path.write_text(path.read_text(encoding="utf-8")[:-200], encoding="utf-8")


def _no_cells(project: Project) -> None:
    path = project.root / NOTEBOOK
    book = json.loads(path.read_text(encoding="utf-8")) | {"cells": []}
    path.write_text(json.dumps(book), encoding="utf-8")


def _no_tag(project: Project) -> None:
    project.replace(NOTEBOOK, '"parameters"\n', '"settings"\n')


def _no_kernel(project: Project) -> None:
    path = project.root / NOTEBOOK
    book = json.loads(path.read_text(encoding="utf-8"))
    book["metadata"]["kernelspec"] = {"name": "r", "display_name": "R", "language": "R"}
    path.write_text(json.dumps(book), encoding="utf-8")


def _merge(project: Project) -> None:
    project.replace(NOTEBOOK, '"cells": [', '<<<<<<< HEAD\n "cells": [')


def _by_name(place: Place) -> Verdict:
    """Import a helper by name, run, edit it, run: the edit must be seen, or the import refused."""
    project = place.built()
    extra = project.root / "src/helpers/base/extra.py"
    extra.write_text("VALUE = 1\n")
    _insert(
        project,
        'import importlib\nextra = importlib.import_module("helpers.base." + "ex" + "tra")\n'
        'stage.record("right.extra", extra.VALUE, unit="deaths", source="made up")',
    )
    first = project.run("--jobs", "2")
    if first.code != 0:
        return Verdict(
            sentence=first.sentence and BAD in first.last,
            traceback=first.traceback,
            note=first.last,
        )
    extra.write_text("VALUE = 2\n")
    second = project.run("--jobs", "2")
    results = json.loads((project.processed / "results.json").read_text(encoding="utf-8"))
    verdict = Verdict(traceback=second.traceback)
    if second.code == 0 and results["right.extra"]["value"] != 2:
        verdict.wrong = f"the edited helper was not seen: {second.last}"
    return verdict

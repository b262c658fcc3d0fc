"""A tiny project in a temporary folder: three stages on a few hundred rows, like the real one."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from helpers.base import paths
from helpers.cli.fresh import environment
from helpers.raw.put import put
from helpers.raw.sidecar import Column, Licence, Sidecar
from helpers.run.kernel import COLD

# The checker of web addresses of jsonschema, and with it of nbformat, takes a second to import; no
# run has it either.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

SHARED = paths.ROOT.parent / "shared" / "data"

PARAMETERS = """country = "Pakistan"  # country
first_month = "2018-01"  # first month
last_month = "2024-12"  # last month
sources = ["UCDP"]  # sources
version = "26.1"  # release
candidate = True  # provisional months
seed = 1  # seed"""

STAGES = """
[window]
first = "2018-01"
last = "2024-12"

[[stage]]
name = "01-clean"
reads = ["country_month.csv", "published_figures.csv"]
writes = ["months", "ucdp_month"]

[[stage]]
name = "02-left"
reads = ["months"]
writes = []

[[stage]]
name = "03-right"
reads = ["months"]
writes = []
"""

CLEAN = [
    """stage = Stage("01-clean")
months = stage.read("country_month")
stage.write("months", months[months["country"] == country])
first_days = pd.to_datetime(months[["year", "month"]].assign(day=1))
stage.write("ucdp_month", months.assign(month=first_days)[["month", "version", "deaths"]])
stage.record("clean.deaths", int(months["deaths"].sum()), unit="deaths", source="made up")""",
    "stage.finish()",
]
SIDE = [
    """stage = Stage("{name}")
months = stage.read("months")
mean = float(months["deaths"].mean())
stage.record("{key}.mean", mean, unit="deaths", n=len(months), source="made up")""",
    """figure, axes = plt.subplots()
axes.plot(months["deaths"])
words = dict(caption="Deaths by month.", alt="A line of deaths.")
stage.figure(figure, "{key}-deaths", **words, data=months)""",
    """stage.table(months.head(), "{key}-head", caption="The first months.")""",
    "stage.finish()",
]


def sidecar(columns: dict[str, Column], key: list[str] | None = None) -> Sidecar:
    """A complete sidecar for a made-up table."""
    return Sidecar(
        producer="nobody",
        title="made up",
        description="made up",
        citation_full="made up",
        version="1",
        url="https://example.org",
        date_accessed="2026-01-01",
        licence=Licence(name="CC0", url="https://example.org"),
        redistribution="allowed",
        built_by="tests",
        key=key or [],
        columns=columns,
    )


def write_notebook(path: Path, title: str, cells: list[str]) -> None:
    """Write a notebook with a parameters cell, imports and ``cells``."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    imports = (
        "import matplotlib.pyplot as plt\nimport pandas as pd\nfrom helpers.run.stage import Stage"
    )
    code = [
        new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}),
        new_code_cell(imports, id="imports"),
    ]
    code += [new_code_cell(text, id=f"cell-{number}") for number, text in enumerate(cells)]
    book = new_notebook(
        cells=[new_markdown_cell(f"# {title}", id="title"), *code],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )
    nbformat.write(book, path)


def write_tables(raw: Path) -> None:
    """Write the two raw tables of the tiny project."""
    months = pd.DataFrame(
        [
            ("Pakistan", year, month, (7 * year + 3 * month) % 40, "26.1")
            for year in range(2018, 2025)
            for month in range(1, 13)
        ],
        columns=["country", "year", "month", "deaths", "version"],
    )
    count = Column(type="integer", meaning="made up", minimum=0)
    word = Column(type="string", meaning="made up")
    put(
        months,
        raw / "country_month.csv",
        sidecar(
            {"country": word, "year": count, "month": count, "deaths": count, "version": word},
            ["country", "year", "month"],
        ),
    )
    put(
        pd.DataFrame({"source": ["SATP"]}), raw / "published_figures.csv", sidecar({"source": word})
    )


class Project:
    """The tiny project and the two commands that a user has."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def python(self, *arguments: str, warm: bool = False) -> subprocess.CompletedProcess:
        """Run ``python -m helpers.…`` inside the project.

        Warm kernels pay where there are many stages.
        """
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.root,
            env=environment(self.root) | ({} if warm else {COLD: "1"}),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def report(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run the command behind ``make report``."""
        return self.python("helpers.cli", "report", *arguments)

    def ran(self, jobs: int = 1) -> list[str]:
        """Build, expect success, and return the names of the stages that ran.

        Each process for a stage imports papermill anew, which takes longer than a stage saves.
        """
        run = self.report("--jobs", str(jobs))
        assert run.returncode == 0, run.stderr
        line = run.stdout.splitlines()[-1]
        return (
            sorted(line.removeprefix("ran ").split(";")[0].split(", "))
            if line.startswith("ran ")
            else []
        )


@pytest.fixture(scope="session")
def built_once(tmp_path_factory) -> Path:
    """The tiny project, built once for all workers; tests take copies of it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # each worker has a folder of its own in that of the session
    root, done = shared / "built" / "project", shared / "built.done"
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(root.parent, ignore_errors=True)  # another worker's attempt that failed
            built = make_project(root.parent)
            assert built.ran(2) == ["01-clean", "02-left", "03-right", "book", "results"]
            done.touch()
    return root


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Project:
    """A copy of the tiny project with everything built in it."""
    shutil.copytree(built_once, tmp_path / "project")
    return Project(tmp_path / "project")


def make_project(folder: Path) -> Project:
    """Lay out the tiny project in ``folder``."""
    root = folder / "project"
    for name in ("src", "book"):
        shutil.copytree(
            paths.ROOT / name,
            root / name,
            # The words that are allowed are those of pages that the tiny project has not.
            ignore=shutil.ignore_patterns(
                "_build", "__pycache__", "*.egg-info", "allowed-words.yml", "allowed-extents.yml"
            ),
        )
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(paths.ROOT / name, root / name)
    for folder in ("notebooks", "data/raw", "params"):
        (root / folder).mkdir(parents=True)
    (root / "params" / "pakistan.yml").write_text(
        "country: Pakistan\nfirst_month: 2018-01\nlast_month: 2024-12\n"
        'sources: [UCDP]\nversion: "26.1"\ncandidate: true\nseed: 1\n'
    )
    (root / "notebooks" / "stages.toml").write_text(STAGES)
    write_notebook(root / "notebooks/01-clean.ipynb", "Clean", CLEAN)
    for name, key in (("02-left", "left"), ("03-right", "right")):
        write_notebook(
            root / f"notebooks/{name}.ipynb",
            key.title(),
            [text.format(name=name, key=key) for text in SIDE],
        )
    write_tables(root / "data" / "raw")
    (root / "book" / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n"
        + "".join(f"- file: notebooks/{name}\n" for name in ("01-clean", "02-left", "03-right"))
        + "- file: data\n- file: colophon\n"
    )
    for page in (root / "book").glob("*.md"):
        page.unlink()
    for other in ("country", "sweep"):
        shutil.rmtree(root / "book" / other, ignore_errors=True)
    (root / "book" / "index.md").write_text(
        "# Tiny\n\nDeaths: {num}`clean.deaths:,`; {num}`left.mean:.3f`.\n"
    )
    return Project(root)

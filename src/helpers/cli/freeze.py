"""``make freeze``: commit the forecast of the published run once, so that it can be graded."""

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import everything, sha256
from helpers.base.git import git
from helpers.base.source import CHANGED, commit
from helpers.raw.contract import verify_all
from helpers.run import frozen
from helpers.run.inputs import current, kept_files, reached
from helpers.run.params import PROVISIONAL
from helpers.run.run import Run, open_run
from helpers.run.table import StageEntry

if TYPE_CHECKING:
    import pandas as pd

CANDIDATE = "forecast_quantiles"  # the processed table that is frozen
MONTHS = "country_month.csv"
TEMPLATE = Path(__file__).parent / "templates" / "registration.md"


def freeze(params: Path) -> list[str]:
    """Freeze the forecast of the published run, as it stands in ``data/processed``.

    One that was cut short before its commit is committed, or made anew where files are missing.

    Parameters
    ----------
    params : Path
        The parameters of the run.

    Returns
    -------
    list of str
        What was done, a line each.

    Raises
    ------
    InputError
        When the run is not the published one or not of today's files, the forecast is frozen
        already, a month that it foretells is known, or git refuses the commit; nothing is written.
    """
    run = open_run(params)
    if not run.is_default:
        raise InputError(
            f"{params.name} is not the published run, and a frozen forecast is one that was "
            "published; leave PARAMS out"
        )
    makes = [entry for entry in run.table.stage if CANDIDATE in entry.writes]
    if not makes:
        raise InputError(
            f"no stage of this run writes '{CANDIDATE}', so there is no forecast to freeze"
        )
    for origin, files in frozen.cut_short().items():
        if len(files) == len(frozen.ENDINGS):
            frozen.require()
            return _committed(origin)
        for path in files:
            path.unlink()
    frozen.require()
    verify_all(paths.RAW)
    stages = _behind(run, makes[0])
    _require_of_today(run, stages)
    import pandas as pd

    table = pd.read_parquet(run.parquet(CANDIDATE)).sort_values(frozen.KEY, ignore_index=True)
    origin = str(table["origin"].iloc[0])
    _require_new(origin)
    _require_unknown(origin)
    made_by = commit()
    if made_by.endswith(CHANGED):
        raise InputError(
            "files differ from the last commit, which a frozen forecast names as what made it; "
            "commit them, make report, and freeze then"
        )
    with tempfile.TemporaryDirectory(dir=paths.PROCESSED, prefix=".freeze-") as name:
        staged = Path(name)
        _write(run, stages, table, made_by, staged)
        frozen.read(origin, staged)
        return [*_moved(staged, origin), *_committed(origin)]


def _behind(run: Run, entry: StageEntry) -> list[StageEntry]:
    """Return the stages whose tables reach a stage, and the stage itself, in order."""
    wanted, found = set(entry.writes), []
    for one in reversed(run.table.stage):
        if wanted & set(one.writes):
            found.append(one)
            wanted |= set(one.processed)
    return found[::-1]


def _require_of_today(run: Run, stages: Iterable[StageEntry]) -> None:
    for entry in stages:
        if not current(run, entry):
            raise InputError(
                f"{entry.name} has not run on the data and the code of now; make report, and "
                "freeze then"
            )


def _require_new(origin: str) -> None:
    if origin in frozen.origins():
        about = frozen.read(origin).about
        raise InputError(
            f"the forecast from {origin} was frozen on {about.date}, and is never written again; "
            "the next one can be frozen when a month is added (make update)"
        )


def _require_unknown(origin: str) -> None:
    """Refuse a forecast of months that the tables hold: whoever freezes it would know them."""
    from helpers.raw.contract import load

    months = load(paths.RAW / MONTHS)
    last = str((months["year"] * 100 + months["month"]).max())
    known = f"{last[:4]}-{last[4:]}"
    if known > origin:
        raise InputError(
            f"{MONTHS} holds months to {known}, and the forecast begins after {origin}: what is "
            f"known is not foretold; set 'last_month' to {known}, make report, and freeze then"
        )


def _write(
    run: Run, stages: list[StageEntry], table: "pd.DataFrame", made_by: str, folder: Path
) -> None:
    from helpers.measures import grades
    from helpers.raw.sidecar import read_sidecar

    today = datetime.now(UTC).date().isoformat()
    raw = sorted({path for one in stages for path in kept_files(one)})
    code = {path for one in stages for path in [*reached(one), one.notebook]} | {paths.LOCK}
    months = sorted(table["month"].unique())
    told = read_sidecar(paths.RAW / MONTHS)
    origin = str(table["origin"].iloc[0])
    about = {
        "origin": origin,
        "country": run.params.country,
        "date": today,
        "commit": made_by,
        "model": grades.POOL,
        "release": run.params.version,
        "provisional": PROVISIONAL,
        "retrieved": told.date_accessed,
        "first": months[0],
        "last": months[-1],
        "data": _hash_of(raw),
        "code": _hash_of(sorted(code)),
    }
    paths_of = {ending: folder / f"{origin}{ending}" for ending in frozen.ENDINGS}
    table[list(frozen.COLUMNS)].to_csv(paths_of[".csv"], index=False, lineterminator="\n")
    text = _registration(about, table, months, today)
    paths_of[".md"].write_text(text, encoding="utf-8", newline="\n")
    more = {
        "sha256": sha256(paths_of[".csv"]),
        "registration": sha256(paths_of[".md"]),
        "tables": {paths.relative(path).as_posix(): sha256(path) for path in raw},
        "columns": frozen.COLUMNS,
        "credit": told.citation_full,
        "licence": told.licence.model_dump(),
    }
    sidecar = yaml.safe_dump(about | more, sort_keys=False, allow_unicode=True, width=100)
    paths_of[".source.yml"].write_text(sidecar, encoding="utf-8", newline="\n")


def _hash_of(files: Iterable[Path]) -> str:
    """Return one hash over files by name and content."""
    found = hashlib.sha256()
    for path in files:
        found.update(f"{sha256(path)}  {paths.relative(path).as_posix()}\n".encode())
    return found.hexdigest()


def _registration(
    about: Mapping[str, str], table: "pd.DataFrame", months: list[str], today: str
) -> str:
    """Return the text that says beforehand how the forecast will be judged."""
    from helpers.measures import grades

    passed = [month for month in months if month < today[:7]]
    ended = (
        f"By the day of freezing {len(passed)} of the {len(months)} months had ended "
        f"({passed[0]} to {passed[-1]}); the series that the models are fitted to end before them."
        if passed
        else "All of them, on the day of freezing."
    )
    there = [name for name in grades.KEPT if name in set(table["model"])]
    naive = " or ".join(f"the forecast '{name}'" for name in grades.NAIVE if name in there)
    levels = sorted(table["level"].unique())
    return TEMPLATE.read_text(encoding="utf-8").format(
        **about,
        **grades.WAR,
        passed=ended,
        models=f"What is judged is the {grades.POOL} of all models of the chapter on forecasts; "
        f"what it is held against is {naive}, made from the same data",
        naive=naive,
        months=len(months),
        least=grades.least_inside(len(months)),
        chance=f"{100 * grades.CHANCE:.0f}",
        lowest=levels[0],
        second=levels[1],
        highest=levels[-1],
    )


def _moved(staged: Path, origin: str) -> list[str]:
    """Move the files into place: the sidecar, without which the others are none, comes last."""
    paths.FORECASTS.mkdir(parents=True, exist_ok=True)
    for path in (staged / f"{origin}{ending}" for ending in frozen.ENDINGS):
        path.replace(paths.FORECASTS / path.name)
    where = paths.relative(paths.FORECASTS).as_posix()
    return [
        f"frozen: {where}/{origin}.csv (SHA-256 {sha256(paths.FORECASTS / f'{origin}.csv')})",
        f"how it will be judged: {where}/{origin}.md",
    ]


def _committed(origin: str) -> list[str]:
    """Commit the three files and nothing else; where git refuses, take them back."""
    files = [
        paths.relative(paths.FORECASTS / f"{origin}{one}").as_posix() for one in frozen.ENDINGS
    ]
    if git(paths.ROOT, "rev-parse", "HEAD") is None:
        return [
            "no commit dates it, since there is no repository of git here; make one, and commit"
        ]
    subject = f"Freeze the forecast from {origin}"
    done = git(paths.ROOT, "add", "--", *files) is not None
    done = done and git(paths.ROOT, "commit", "--quiet", "-m", subject, "--", *files) is not None
    if not done:
        git(paths.ROOT, "reset", "--quiet", "--", *files)
        for name in files:
            (paths.ROOT / name).unlink(missing_ok=True)
        if not everything(paths.FORECASTS):
            paths.FORECASTS.rmdir()
        raise InputError(
            "git would not commit the forecast, so it was not frozen; try git commit by hand to "
            "see why (does git know your name, and is the branch free?)"
        )
    return [f"committed as {git(paths.ROOT, 'rev-parse', '--short=12', 'HEAD')}: {subject}"]

"""``make update``: a newer file of a publisher's into the tables, whole or not at all.

The tables are built beside those that are there, checked, and moved into place together with what
says that there are more months: the parameters of the published run and the defaults of notebooks.
What the file replaces is kept in a table of its own.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pydantic import Field

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import listed, sha256
from helpers.base.models import Strict
from helpers.base.names import as_slug
from helpers.base.reading import read_yaml
from helpers.cli.data import changed_tables, place, staged
from helpers.cli.ingest import COMMANDS
from helpers.ingest.download import catalogue, fetch, named
from helpers.ingest.facts import Facts, facts_path, read_facts
from helpers.ingest.own_kinds import UCDP, kind_of
from helpers.ingest.own_tables import changed
from helpers.ingest.publisher import text
from helpers.ingest.ucdp_columns import CANDIDATE
from helpers.ingest.ucdp_ged import each_once, events_of
from helpers.ingest.ucdp_layout import open_sheet
from helpers.ingest.ucdp_own import MONTH_TABLES, WORLD, MonthTable, of_the_world, renew
from helpers.ingest.ucdp_releases import months_of, stated
from helpers.ingest.ucdp_versions import order
from helpers.raw.contract import load, verify_all
from helpers.raw.put import put
from helpers.raw.sidecar import Column, read_sidecar
from helpers.run.declared import TAG, declared, tagged, with_values
from helpers.run.published import default_params

MARK = "by make update"
NOTE = (
    f"Months that were added or revised {MARK}: updates.csv names the files. Of these all that the "
    "columns name is stated, and the notes above do not speak of them."
)
SHOWN = 12  # rows that are listed of each kind
COUNTED = ["events", "deaths_best"]  # by which a month counts as revised
LAST = re.compile(r"^(last_month:[ \t]*)(['\"]?)(\d{4}-\d{2})\2", re.MULTILINE)


class Kind(Strict):
    """What a file of one kind can renew.

    Attributes
    ----------
    title : str
        What the publisher calls it.
    final : bool
        Whether its figures are final; else they are provisional.
    downloads : str
        What the names of its files in ``downloads.yml`` begin with.
    leaves : dict of str to str
        Tables that it cannot renew, and why.
    """

    title: str
    final: bool
    downloads: str
    leaves: dict[str, str]


class Before(Strict):
    """What the sidecar of a table of replaced rows says.

    Attributes
    ----------
    title, description, built_by, note : str
        Words; title and description of the table that the rows stood in fill their braces.
    """

    title: str
    description: str
    built_by: str
    note: str


class Updates(Facts):
    """The facts of the command.

    Attributes
    ----------
    kinds : dict of str to Kind
        By what SOURCE says.
    before : Before
        Words.
    """

    kinds: dict[str, Kind] = Field(min_length=1)
    before: Before


class Release(NamedTuple):
    """A file, read.

    Attributes
    ----------
    kind, number : str
        Which kind it is of, and its release as the publisher numbers it.
    events : pandas.DataFrame
        Of the world, in months that the release states.
    months : pandas.PeriodIndex
        Those months.
    early : int
        Events that start before them, and are left out.
    """

    kind: str
    number: str
    events: pd.DataFrame
    months: pd.PeriodIndex
    early: int


def update(source: str, file: Path | None) -> list[str]:
    """Put a publisher's file into the tables, or fetch it first.

    Parameters
    ----------
    source : str
        A kind of ``data/raw/ingest/updates.yml``, or a file that ``downloads.yml`` names.
    file : Path or None
        The file; where none is given, it is fetched.

    Returns
    -------
    list of str
        What was read, added, revised and left as it is, a line each.

    Raises
    ------
    InputError
        When there is no such source, or the file is not what it should be, is older than what the
        tables hold, or would leave a gap of months; nothing is changed.

    Examples
    --------
    >>> update("nothing", None)
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: SOURCE is 'nothing'; expected ucdp-candidate, ucdp-ged, or a \
file that downloads.yml names
    """
    facts = read_facts(facts_path("updates"), Updates)
    kind = _kind(source, facts)
    country = str(_published()["country"])
    verify_all(paths.RAW)
    ledger = load(paths.RAW / facts.table)
    path = file or _fetched(source, kind, facts.kinds[kind], ledger)
    release = _read(path, kind, facts.kinds[kind])
    _require_newer(path, release, ledger)
    with staged() as stage:
        lines = []
        for table in _tables(release, facts.kinds[kind], country):
            lines += _renewed(table, release, path, stage, facts.before, country)
        if not any(
            one.suffix == ".csv" and one.read_bytes() != _bytes(to)
            for one, to in changed_tables(stage).items()
        ):
            return [*_told(path, release), "nothing new: the tables hold all of it already"]
        _enter(stage, facts, ledger, release, path)
        moves: dict[Path, Path] = changed_tables(stage)
        moved = _months_moved(stage, release)
        place(moves | moved)
    left = [
        f"  {name.format(country=as_slug(country))}: {why}"
        for name, why in facts.kinds[kind].leaves.items()
    ]
    said = [f"last_month is {_published()['last_month']} now"] if moved else []
    if facts.kinds[kind].final:
        run = _published()["version"]
        said += [f"the published run still reads release {run}; 'version' in its file says so"]
    return [*_told(path, release), *lines, *said, "left as they are:", *left, *_next()]


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _published() -> Mapping[str, Any]:
    told = read_yaml(default_params())
    return told if isinstance(told, dict) else {}


def _kind(source: str, facts: Updates) -> str:
    """Return the kind that SOURCE names, itself or by a file of it."""
    if source in facts.kinds:
        return source
    for name, kind in facts.kinds.items():
        if source in catalogue() and source.startswith(kind.downloads):
            return name
    if source in COMMANDS:
        raise InputError(
            f"SOURCE is '{source}', whose table is built whole from the publisher's file: python "
            f"-m helpers.cli ingest {source} FILE"
        )
    known = [*facts.kinds, *catalogue()]
    raise InputError(
        f"SOURCE is '{source}'"
        + did_you_mean(source, known)
        + f"; expected {', '.join(facts.kinds)}, or a file that downloads.yml names"
    )


def _fetched(source: str, kind: str, about: Kind, ledger: pd.DataFrame) -> Path:
    """Fetch the file that SOURCE names, or the one of its kind whose turn it is."""
    files = {
        name: name.removeprefix(about.downloads)
        for name in catalogue()
        if name.startswith(about.downloads)
    }
    if not files:
        raise InputError(
            f"the address of no file of '{source}' is known (downloads.yml); download it, and name "
            "its path with FILE"
        )
    if source not in files:
        following = [] if about.final else _following(files, _last(ledger, kind))
        source = max(following or files, key=lambda name: order(files[name]))
    return fetch(named(source), paths.OWN / "downloads")


def _following(files: Mapping[str, str], last: pd.Period | None) -> list[str]:
    """Return the files that add a month after the last one and leave no gap before it."""
    return [
        name
        for name, release in files.items()
        if last is not None and months_of(release)[0] <= last + 1 <= months_of(release)[-1]
    ]


def _last(ledger: pd.DataFrame, kind: str) -> pd.Period | None:
    """Return the last month that a file of a kind has told, None before the first."""
    same = ledger.loc[ledger["source"] == kind, "last_month"]
    return pd.Period(same.max(), "M") if len(same) else None


def _read(path: Path, kind: str, about: Kind) -> Release:
    """Read a file, and refuse what is no release of the kind, or is not of the world."""
    sheet = open_sheet(path)
    if kind_of(sheet) != UCDP:
        raise InputError(
            f"{path.name} has not the columns of {about.title}; give the file as it was published"
        )
    everywhere = each_once([events_of(sheet, WORLD, maybe=["region"]).assign(file=sheet.name)])
    number = str(everywhere["release"].iloc[0])
    if (everywhere["version"].iloc[0] != CANDIDATE) != about.final:
        raise InputError(
            f"{path.name} is of version {number}, which is no release of {about.title}; name its "
            "kind with SOURCE"
        )
    if not order(number):
        raise InputError(
            f"{path.name} does not say of which release it is; name it as it was published, like "
            "GEDEvent_v26_0_6.csv"
        )
    if not of_the_world(everywhere):
        regions = sorted(set(everywhere["region"]) - {""}) or ["no region that it names"]
        raise InputError(
            f"{path.name} holds events of {', '.join(regions)} alone, and the tables are of the "
            "world, where a country without a row had no deaths; give the publisher's whole file"
        )
    kept = stated(everywhere)
    found = kept.events["date_start"].dt.to_period("M")
    months = (
        pd.period_range(found.min(), found.max(), freq="M") if about.final else months_of(number)
    )
    lost = [str(month) for month in months if not (found == month).any()]
    if lost and not about.final:
        raise InputError(
            f"{path.name}, of release {number}, holds no event that starts in {lost[0]}, anywhere "
            "in the world; give the publisher's whole file"
        )
    return Release(kind, number, kept.events, months, kept.before)


def _require_newer(path: Path, release: Release, ledger: pd.DataFrame) -> None:
    """Refuse a release that is older than what is there, or that would leave a gap."""
    if release.events["version"].iloc[0] != CANDIDATE:
        return
    same = ledger[ledger["source"] == release.kind]
    for row in same.itertuples():
        months = pd.period_range(row.first_month, row.last_month, freq="M")
        both = [month for month in release.months if month in months]
        if both and order(row.release) > order(release.number):
            raise InputError(
                f"{path.name} is of release {release.number}, and release {row.release}, which is "
                f"newer, has told {both[0]} already; give a later release"
            )
    last = _last(ledger, release.kind)
    if last is not None and release.months[0] > last + 1:
        raise InputError(
            f"{path.name} begins with {release.months[0]}, and the tables end with {last}: no "
            f"month may be missing between; give the release of {last + 1} first"
        )


def _tables(release: Release, kind: Kind, country: str) -> list[MonthTable]:
    """Return the tables of months that a file of the kind renews."""
    left = {one.strip() for name in kind.leaves for one in name.split(",")}
    return [
        one
        for one in MONTH_TABLES
        if read_facts(facts_path(one.command), one.facts).table not in left
    ]


def _renewed(
    table: MonthTable, release: Release, path: Path, stage: Path, words: Before, country: str
) -> list[str]:
    """Renew one table in the stage, keep what it loses, and say what became of its rows."""
    name = read_facts(facts_path(table.command), table.facts).table
    old = load(stage / name)
    old = old[_in_months(old, release)]
    renew(table, release.events, stage, NOTE, mark=MARK)
    new = load(stage / name)
    new = new[_in_months(new, release)]
    change = _change(old, new, table.key)
    revised = sorted(set(_month(change["revised"])) | set(_month(change["gone"])))
    lost = old[_month(old).isin(revised) | _month(old).isin(_gained(change, old))]
    if len(lost):
        _keep(lost, stage / name, release, words)
    _date(stage / name, path)
    counts = ", ".join(f"{len(rows):,} {word}" for word, rows in change.items() if word != "same")
    return [f"{name}: rows {counts}", *_shown(change, country)]


def _in_months(table: pd.DataFrame, release: Release) -> pd.Series:
    version = release.events["version"].iloc[0]
    if version != CANDIDATE:
        return table["version"] == version
    return (table["version"] == version) & _month(table).isin([str(one) for one in release.months])


def _month(table: pd.DataFrame) -> pd.Series:
    return table["year"].astype(str) + "-" + table["month"].astype(str).str.zfill(2)


def _gained(change: Mapping[str, pd.DataFrame], old: pd.DataFrame) -> set[str]:
    """Return the months that were there and got a row: then another row had been a zero."""
    return set(_month(change["added"])) & set(_month(old))


def _change(old: pd.DataFrame, new: pd.DataFrame, key: list[str]) -> dict[str, pd.DataFrame]:
    """Return the rows that are added, revised or gone, with their counts before and after."""
    # A table that did not state the country of fighting is compared without it.
    by = [name for name in key if name != "country" or old["country"].notna().any() or old.empty]
    sums = [
        one.groupby(by, dropna=False)[COUNTED].sum(min_count=1).reset_index() for one in (old, new)
    ]
    both = sums[0].merge(sums[1], on=by, how="outer", suffixes=("_old", "_new"))
    was, now = (both[f"deaths_best_{when}"] for when in ("old", "new"))
    there, here = was.notna(), now.notna()
    differs = (was != now) | (
        both["events_old"].notna() & (both["events_old"] != both["events_new"])
    )
    return {
        "added": both[here & ~there],
        "revised": both[here & there & differs.fillna(False)],
        "gone": both[there & ~here],
    }


def _keep(lost: pd.DataFrame, table: Path, release: Release, words: Before) -> None:
    """Add whole months, as they stood, to the table of what was replaced."""
    before = table.with_name(f"{table.stem}_before.csv")
    there = load(before) if before.exists() else None
    label = release.number
    if there is not None:
        taken = set(there["replaced_by"])
        label = next(
            one
            for one in [label, *(f"{label}, again {n}" for n in range(1, 1000))]
            if one not in taken
        )
    told = read_sidecar(table)
    columns: dict[str, Column] = {
        **told.columns,
        "replaced_by": text("release that replaced the row, as the publisher numbers it"),
    }
    frame = pd.concat([there, lost.assign(replaced_by=label)], ignore_index=True)
    frame = frame.astype({name: lost[name].dtype for name in lost}).sort_values(
        [*told.key, "replaced_by"], ignore_index=True
    )
    about = {
        "title": words.title.format(title=told.title),
        "description": words.description.format(description=told.description),
        "built_by": words.built_by,
        "notes": [words.note],
        "notes_of": {},
        "rules": [],
        "key": [*told.key, "replaced_by"],
        "columns": columns,
    }
    put(frame, before, told.model_copy(update=about))


def _date(table: Path, path: Path) -> None:
    """Say in the sidecar on which day the newest file was fetched."""
    from helpers.raw.sidecar import write_sidecar

    told = read_sidecar(table)
    newest = max(told.date_accessed, changed(path))
    write_sidecar(table, told.model_copy(update={"date_accessed": newest}))


def _shown(change: Mapping[str, pd.DataFrame], country: str) -> list[str]:
    """Return lines of the rows that are about a country, where the table tells one."""
    lines = []
    for word in ("revised", "gone", "added"):
        rows = change[word]
        if "country" not in rows:
            continue
        rows = rows[rows["country"] == country]
        for row in rows.tail(SHOWN).to_dict("records"):
            where = ", ".join(
                str(row[name])
                for name in ("country", "province", "dyad_id")
                if name in row and pd.notna(row[name])
            )
            was, now = (_number(row[f"deaths_best_{when}"]) for when in ("old", "new"))
            lines.append(
                f"  {word}: {where}, {row['year']}-{int(row['month']):02d}: deaths {was} -> {now}"
            )
        if len(rows) > SHOWN:
            lines.append(f"  and {len(rows) - SHOWN} {word} before them")
    return lines


def _number(value: Any) -> str:
    return "none" if pd.isna(value) else f"{int(value):,}"


def _enter(stage: Path, facts: Updates, ledger: pd.DataFrame, release: Release, path: Path) -> None:
    """Enter the file into the table of updates."""
    row = {
        "source": release.kind,
        "release": release.number,
        "first_month": str(release.months[0]),
        "last_month": str(release.months[-1]),
        "file": path.name,
        "sha256": sha256(path),
    }
    frame = pd.concat([ledger, pd.DataFrame([row])], ignore_index=True).drop_duplicates()
    table = stage / facts.table
    put(frame, table, read_sidecar(table))
    _date(table, path)


def _months_moved(stage: Path, release: Release) -> dict[Path, Path]:
    """Write parameters and notebooks with the new last month to the stage; return their places."""
    params, told = default_params(), _published()
    last, before = str(release.months[-1]), str(told.get("last_month", ""))
    provisional = release.events["version"].iloc[0] == CANDIDATE
    if not provisional or not told.get("candidate") or last <= before:
        return {}
    written, times = LAST.subn(rf"\g<1>\g<2>{last}\g<2>", params.read_text(encoding="utf-8"))
    if times != 1:
        raise InputError(
            f"{params.name} has no plain line 'last_month: {before}' to be moved to {last}; write "
            "it so"
        )
    moves = {_copy(stage, params, written): params}
    for path in listed(paths.NOTEBOOKS, "*.ipynb"):
        source = path.read_text(encoding="utf-8")
        if fresh := _with_month(source, path.name, before, last):
            moves[_copy(stage, path, fresh)] = path
    return moves


def _copy(stage: Path, path: Path, content: str) -> Path:
    copy = stage / "moved" / path.name
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(content, encoding="utf-8", newline="\n")
    return copy


def _with_month(source: str, name: str, before: str, last: str) -> str:
    """Return a notebook whose default was the last month of before, with the new one."""
    notebook = json.loads(source)
    cells = json.loads(source)["cells"]
    for cell in cells:
        cell["source"] = "".join(cell["source"])
    if declared({"cells": cells}, name).get("last_month") != before:
        return ""
    at = tagged(cells, TAG)[0]
    fresh = with_values(cells[at]["source"], {"last_month": last})
    notebook["cells"][at]["source"] = fresh.splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _told(path: Path, release: Release) -> list[str]:
    span = dict.fromkeys([str(release.months[0]), str(release.months[-1])])
    lines = [
        f"{path.name}: release {release.number}, {len(release.events):,} events of "
        f"{' to '.join(span)} (SHA-256 {sha256(path)})"
    ]
    if release.early:
        lines.append(
            f"  {release.early:,} events start before these months; the tables hold sums, which "
            "cannot tell whether they are counted there already, so they are left out"
        )
    return lines


def _next() -> Iterable[str]:
    yield "make report runs what reads these tables; make diff then says what became of the results"

"""What changed, in sentences and tables of readable names: for a page, the feed and ``make diff``.

The page says what changed since the last release, and below it what each release changed. Both
come from the ledger, which holds the results of the published run, so it is of that run alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from helpers.base import markup, paths
from helpers.base.reading import read_json, read_yaml
from helpers.book import numerals
from helpers.book.shelf import label
from helpers.run import ledger, since
from helpers.run.baseline import snapshot
from helpers.run.changes import VERDICT, Changes, Moved, Turned, changes
from helpers.run.restricted import silent
from helpers.run.run import Run

PAGE = "changed"
FILE = "changed.json"  # beside the pages, what the feed says of each version
UNRELEASED = "Unreleased"
DIGITS = (0, 6, 8)  # how many a result is shown with, until was and is are not the same words
OPEN = 25  # results that stand in the page unfolded
FINGERPRINT = re.compile(r"\b[0-9a-f]{40,64}\b")
RELEASED = """## What each release changed

The ledger of the project (`data/ledger`) holds the results, verdicts and raw tables of each \
release. `make diff OLD=… NEW=…` compares any two of them, or any two commits."""


def name(one: Moved) -> str:
    """Return the readable name of a result: the words of its key, publishers as they are written.

    Parameters
    ----------
    one : Moved
        A result.

    Returns
    -------
    str
        Words.

    Examples
    --------
    >>> name(Moved("trend.abc.deaths_ratio", None, {"source": "ABC, by month", "unit": "ratio"}))
    'Trend: ABC, deaths ratio'
    >>> name(Moved("abc.night_raids", None, {"source": "ABC", "unit": "raids"}))
    'ABC: night raids'
    >>> name(Moved("night_raids.ratio", None, {"source": "", "unit": "ratio"}))
    'Night raids: ratio'
    """
    source = str((one.after or one.before or {}).get("source") or "")
    written = {word.lower(): word for word in re.findall(r"\w+", source) if word.isupper()}
    parts = one.key.split(".")
    room, *said = [" ".join(written.get(word, word) for word in part.split("_")) for part in parts]
    room = room[:1].upper() + room[1:]
    return f"{room}: {', '.join(said)}" if said else room


def was_and_is(one: Moved) -> tuple[str, str]:
    """Return a result before and after, with intervals, in as few digits as tell them apart.

    Parameters
    ----------
    one : Moved
        A result.

    Returns
    -------
    tuple of (str, str)
        A dash where it was, or is, not there.

    Examples
    --------
    >>> ratio = {"value": 1.5, "low": 1.2, "high": 1.9, "unit": "ratio"}
    >>> was_and_is(Moved("a.b", None, ratio))
    ('–', '1.50 times (1.20 to 1.90)')
    >>> was_and_is(Moved("a.b", ratio, ratio | {"value": 1.5001}))
    ('1.5 (1.2 to 1.9) ratio', '1.5001 (1.2 to 1.9) ratio')
    """
    for digits in DIGITS:
        told = _value(one.before, digits), _value(one.after, digits)
        if told[0] != told[1]:
            return told
    numbers = [(side or {}).get("n") for side in (one.before, one.after)]
    return f"{told[0]}, n {numbers[0]}", f"{told[1]}, n {numbers[1]}"


def _value(one: Mapping[str, Any] | None, digits: int) -> str:
    if one is None:
        return "–"
    value, low, high = (one.get(part) for part in ("value", "low", "high"))
    unit = str(one.get("unit") or "")
    if digits == 0:
        ends = "" if low is None or high is None else f" ({_end(low, unit)} to {_end(high, unit)})"
        return numerals.told(value, unit, "") + ends
    told = [f"{part:,.{digits}g}" if isinstance(part, float) else str(part) for part in
            (value, low, high)]  # fmt: skip
    ends = "" if low is None or high is None else f" ({told[1]} to {told[2]})"
    return f"{told[0]}{ends} {unit}".strip()


def _end(value: Any, unit: str) -> str:
    return numerals.shown(value, "", unit)


def counted(results: int, verdicts: int, tables: int) -> str:
    """Return in words how much changed.

    Parameters
    ----------
    results, verdicts, tables : int
        How many results, verdicts, and raw tables with other rows.

    Returns
    -------
    str
        A part of a sentence.

    Examples
    --------
    >>> counted(0, 0, 0)
    'nothing has changed: no result, no verdict, no row of a raw table'
    >>> counted(5, 1, 0)
    '1 verdict turned and 5 results moved; no row of a raw table changed'
    """
    if not (results or verdicts or tables):
        return "nothing has changed: no result, no verdict, no row of a raw table"
    what = [
        f"{_many(verdicts, 'verdict')} turned" if verdicts else "no verdict turned",
        f"{_many(results, 'result')} moved" if results else "no result moved",
    ]
    rows = f"rows of {_many(tables, 'raw table')} changed" if tables else ""
    return " and ".join(what) + "; " + (rows or "no row of a raw table changed")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def lines(found: Changes) -> list[str]:
    """Return what changed as lines for a terminal.

    Parameters
    ----------
    found : Changes
        What changed between two states of the project.

    Returns
    -------
    list of str
        One sentence first; then a line for each verdict, result, and row of a raw table.
    """
    counts = counted(len(found.results), len(found.verdicts), len(found.tables))
    told = [f"from {found.old} to {found.new} {counts}"]
    told += [f"verdict: {one.statement} {_turn(one)} ({one.claim})" for one in found.verdicts]
    for one in found.results:
        before, after = was_and_is(one)
        told.append(f"result: {name(one)}: {before} → {after} ({one.key})")
    for table in found.tables:
        counts_of = [len(rows) for rows in table.rows]
        told.append(f"table: {table.title} ({table.name}): {_rows(counts_of)}")
        told += [f"  added: {row}" for row in table.rows.added]
        for row in table.rows.revised:
            cells = "; ".join(f"{at} {_cell(was)} → {_cell(now)}" for at, (was, now) in
                              row.cells.items())  # fmt: skip
            told.append(f"  revised: {row.row}: {cells}")
        told += [f"  gone: {row}" for row in table.rows.gone]
    return [markup.line(one) if one[:2] != "  " else f"  {markup.line(one)}" for one in told]


def _turn(one: Turned) -> str:
    return f"{one.before or 'no verdict'} → {one.after or 'no verdict'}"


def _cell(text: str) -> str:
    return text if text.strip() else "empty"


def _rows(counts: Sequence[int]) -> str:
    words = [f"{count:,} {word}" for count, word in zip(counts, ("added", "revised", "gone"))]
    return "rows " + ", ".join(word for word, count in zip(words, counts) if count)


def page(run: Run) -> str:
    """Return the page *Changed since VERSION*.

    Parameters
    ----------
    run : Run
        The published run, all stages of which have run.

    Returns
    -------
    str
        Markdown.
    """
    known = ledger.releases()
    if not known:
        return "# Changed\n\nThe project has no release yet, so there is none to compare with.\n"
    last = known[-1]
    results = read_json(run.processed / "results.json")
    found, became = _since(run, results)
    parts = [f"# Changed since {last.version}"]
    parts.append(f"Version {last.version} is of {last.date}. Since then {_counted(found, became)}.")
    if run.is_default:
        parts += [*_verdicts(found, results), *_results(found, results)]
    else:
        parts.append(
            "This run has other parameters than the releases, so results are not compared."
        )
    parts += [*_tables(became), RELEASED, *_history(known)]
    return "\n\n".join(parts) + "\n"


def _since(run: Run, results: Mapping[str, Any]) -> tuple[Changes, list[since.Became] | None]:
    """Return what changed since the last release; of tables, None where nobody could look."""
    last = ledger.releases()[-1].version
    kept_back = silent(run.table)
    hidden = {key for key, one in results.items() if one["notebook"] in kept_back}
    before, after = (
        {key: one for key, one in side.items() if key not in hidden}
        for side in (ledger.results(last), snapshot(results))
    )
    found = changes(last, "", before, after if run.is_default else before, _statements())
    return found, since.read(last, since.differing(last))


def _statements() -> dict[str, str]:
    plan = paths.RAW / "claims.yml"
    entries = read_yaml(plan) if plan.exists() else []
    return {str(one["id"]): str(one.get("statement", one["id"])) for one in entries or []}


def _counted(found: Changes, became: list[since.Became] | None) -> str:
    if became is None:
        differ = since.differing(ledger.releases()[-1].version)
        told = counted(len(found.results), len(found.verdicts), 0).rpartition("; ")[0]
        files = _many(len(differ), "raw table")
        return (
            f"{told or 'no result and no verdict has changed'}; {files} differ "
            "from that version, and which rows do is not known here, for it is read from git"
        )
    return counted(len(found.results), len(found.verdicts), len(became))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    told = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join([*told, *("| " + " | ".join(row) + " |" for row in rows)])


def _to(text: str, key: str, results: Mapping[str, Any]) -> str:
    """Return words that lead to the cell that recorded a result, where it is still recorded."""
    cell = results.get(key, {}).get("cell")
    return f"[{markup.markdown(text)}](#{cell})" if cell else markup.markdown(text)


def _verdicts(found: Changes, results: Mapping[str, Any]) -> list[str]:
    if not found.verdicts:
        return []
    keys = {match["claim"]: key for key in results if (match := VERDICT.fullmatch(key))}
    rows = [
        (
            _to(one.statement, keys.get(one.claim, ""), results),
            one.before or "no verdict",
            one.after or "no verdict",
        )
        for one in found.verdicts
    ]
    return ["## Verdicts that turned", _table(["claim", "was", "is"], rows)]


def _results(found: Changes, results: Mapping[str, Any]) -> list[str]:
    if not found.results:
        return []
    rows = [
        (
            _to(name(one), one.key, results),
            *(markup.markdown(_brief(side)) for side in was_and_is(one)),
        )
        for one in found.results
    ]
    table = _table(["result", "was", "is"], rows)
    if len(rows) > OPEN:
        table = f"::::{{dropdown}} All {len(rows):,} results\n{table}\n::::"
    return ["## Results that moved", table]


def _tables(became: list[since.Became] | None) -> list[str]:
    parts = ["## Rows of raw tables"] if became else []
    for one in became or []:
        table, rows = one.table, one.table.rows
        stem = table.name.rpartition("/")[2].rpartition(".")[0]
        there = (paths.RAW / table.name).exists() and "/" not in table.name
        title = markup.markdown(table.title)
        parts.append(
            f"**{f'[{title}](#{label(stem)})' if there else title}**: {_rows(one.counts)}."
        )
        if rows.revised:
            cells = [
                (markup.markdown(row.row), markup.markdown(at), *map(_shown, pair))
                for row in rows.revised
                for at, pair in row.cells.items()
            ]
            parts.append(_table(["row", "column", "was", "is"], cells))
        for word, some, count in (
            ("Added", rows.added, one.counts[0]),
            ("Gone", rows.gone, one.counts[2]),
        ):
            more = [f"and {count - len(some):,} more"] if some and count > len(some) else []
            if some:
                listed = "\n".join(
                    f"- {text}" for text in [*(markup.markdown(_brief(one)) for one in some), *more]
                )
                parts.append(f"{word}:\n\n{listed}")
        if 0 < len(rows.revised) < one.counts[1]:
            parts.append(f"{one.counts[1] - len(rows.revised):,} more rows were revised.")
    return parts


def _shown(cell: str) -> str:
    text = _brief(markup.line(cell))
    return markup.markdown(f"{text[:117]}…" if len(text) > 120 else text) or "empty"


def _brief(text: str) -> str:
    """Return a text whose fingerprints are cut: no reader compares 64 letters."""
    return FINGERPRINT.sub(lambda found: f"{found[0][:10]}…", text)


def _history(known: Sequence[ledger.Release]) -> list[str]:
    parts = []
    for place, one in reversed(list(enumerate(known))):
        told = (
            _first(one.version) if place == 0 else _against(known[place - 1].version, one.version)
        )
        parts.append(f"### Version {one.version}, {one.date}")
        parts.append(" ".join([*told.items, one.note]).strip())
        if told.verdicts:
            rows = [(markup.markdown(t.statement), t.before or "–", t.after or "–") for t in
                    told.verdicts]  # fmt: skip
            parts.append(_table(["claim", "was", "became"], rows))
    return parts


class _Told:
    """What the ledger says of a release: sentences, and the verdicts that turned with it."""

    def __init__(self, items: list[str], verdicts: Sequence[Turned] = ()) -> None:
        self.items, self.verdicts = items, tuple(verdicts)


def _first(version: str) -> _Told:
    results = ledger.results(version)
    verdicts = sum(bool(VERDICT.fullmatch(key)) for key in results)
    what = f"{_many(len(results), 'result')}, {_many(verdicts, 'verdict')} among them"
    return _Told([f"The ledger begins with it: {what}, from "
                  f"{_many(len(ledger.tables(version)), 'raw table')}."])  # fmt: skip


def _against(before: str, version: str) -> _Told:
    found = changes(before, version, ledger.results(before), ledger.results(version), _statements())
    tables = {
        key: one.told for key, one in ledger.tables(version).items() if one.told and any(one.told)
    }
    counts = counted(len(found.results), len(found.verdicts), len(tables))
    items = [f"Since {before} {counts}."]
    items += [f"{key}: {_rows(told)}." for key, told in tables.items()]
    return _Told(items, found.verdicts)


def items(run: Run) -> dict[str, dict[str, Any]]:
    """Return what the ledger says of each version, for the feed.

    Parameters
    ----------
    run : Run
        The run whose book it is.

    Returns
    -------
    dict of str to dict
        Version, :data:`UNRELEASED` for what came after the last one, to ``date`` and ``items``, a
        list of sentences; empty where there is no ledger, or the run is not the published one.
    """
    known = ledger.releases()
    if not known or not run.is_default:
        return {}
    found, became = _since(run, read_json(run.processed / "results.json"))
    told = [f"Since {known[-1].version} {_counted(found, became)}.", *_sentences(found.verdicts)]
    entries: dict[str, dict[str, Any]] = {UNRELEASED: {"date": "", "items": told}}
    for place, one in reversed(list(enumerate(known))):
        said = (
            _first(one.version) if place == 0 else _against(known[place - 1].version, one.version)
        )
        more = [one.note] if one.note else []
        entries[one.version] = {
            "date": one.date,
            "items": [*said.items, *_sentences(said.verdicts), *more],
        }
    return entries


def _sentences(verdicts: Iterable[Turned]) -> list[str]:
    return [f"Verdict: {one.statement} {_turn(one)}." for one in verdicts]

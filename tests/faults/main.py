"""What is lost, and what is wrong, when the compendium is broken on purpose?

``python tests/faults/main.py`` tries each family of faults on copies of a tiny project, two at
once, and prints a table: fault, tries, lost, wrong, recovered, sentence. It exits with 1 when
something was lost or wrong, a failure was told otherwise than in one sentence, a plain re-run did
not mend it, or a hostile string ran. What is drawn is drawn from a seed, which is printed;
``--seed`` repeats a run.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from families import FAMILIES
from tiny import Place, Store, Try, Verdict

AT_ONCE = 2
COLUMNS = ("fault", "tries", "lost", "wrong", "recovered", "sentence", "seconds")


@dataclass
class Tried:
    """A try with what it showed."""

    family: str
    name: str
    verdict: Verdict
    seconds: float


def drawn(families: list[str], seed: int, everything: bool) -> list[Try]:
    """Return the tries of families; each family draws from a generator of its own."""
    return [
        one
        for family in families
        for one in FAMILIES[family](random.Random(f"{seed}/{family}"), everything)
    ]


def chosen(tries: list[Try], asked: argparse.Namespace, seed: int) -> list[Try]:
    """Return the tries that the options ask for."""
    kept = [one for one in tries if asked.only in one.name]
    if asked.tries is None:
        return kept
    draw, some = random.Random(seed), []
    for family in dict.fromkeys(one.family for one in kept):
        of = [one for one in kept if one.family == family]
        some += draw.sample(of, min(asked.tries, len(of)))
    return some


def attempt(one: Try, store: Store, folder: Path) -> Tried:
    """Make a try in a folder of its own; an error of the suite itself is a fault of that try."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as own:
        try:
            verdict = one.act(Place(store, Path(own), random.Random(one.seed)))
        except Exception as error:
            verdict = Verdict(wrong=f"the try itself failed: {error!r}")
            verdict.note = traceback.format_exc()
    return Tried(one.family, one.name, verdict, time.monotonic() - started)


def table(tried: list[Tried]) -> list[str]:
    """Return the lines of the table, one a family and one for all."""
    families = list(dict.fromkeys(one.family for one in tried))
    rows = [_row(name, [one for one in tried if one.family == name]) for name in families]
    rows.append(_row("all", tried))
    widths = [max(len(row[at]) for row in [COLUMNS, *rows]) for at in range(len(COLUMNS))]
    return [
        "  ".join(
            text.ljust(width) if at == 0 else text.rjust(width)
            for at, (text, width) in enumerate(zip(row, widths))
        )
        for row in [COLUMNS, *rows]
    ]


def _row(name: str, tried: list[Tried]) -> tuple[str, ...]:
    done = [one for one in tried if not one.verdict.skipped]

    def share(values: list[bool | None]) -> str:
        asked = [value for value in values if value is not None]
        return f"{sum(asked)} of {len(asked)}" if asked else "–"

    return (
        name,
        str(len(done)),
        str(sum(bool(one.verdict.lost) for one in done)),
        str(sum(bool(one.verdict.wrong or one.verdict.hostile) for one in done)),
        share([one.verdict.recovered for one in done]),
        share([one.verdict.sentence for one in done]),
        f"{sum(one.seconds for one in tried):.0f}",
    )


def said(one: Tried) -> str:
    """Return one line about a try that found a fault or was skipped."""
    verdict = one.verdict
    parts = [
        f"{word}: {text}"
        for word, text in (
            ("lost", verdict.lost),
            ("wrong", verdict.wrong),
            ("ran", verdict.hostile),
            ("skipped", verdict.skipped),
            ("traceback", "shown to the user" if verdict.traceback else ""),
            ("no sentence", verdict.note or "–" if verdict.sentence is False else ""),
        )
        if text
    ]
    return f"{one.family}: {one.name}: {'; '.join(parts)}"


def status(tried: list[Tried]) -> int:
    """Return the exit status: 1 where a try found a fault."""
    return int(any(one.verdict.failed for one in tried))


def main(arguments: list[str] | None = None) -> int:
    """Make the tries and print what they showed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--family", action="append", choices=list(FAMILIES), help="one of them")
    parser.add_argument("--all", action="store_true", help="all tries, not those of 15 minutes")
    parser.add_argument("--seed", type=int, default=None, help="that of an earlier run")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="tries at once")
    parser.add_argument("--only", default="", help="tries whose name holds this")
    parser.add_argument("--tries", type=int, help="at most so many of a family, drawn")
    parser.add_argument("--loud", action="store_true", help="print each try")
    asked = parser.parse_args(arguments)
    seed = asked.seed if asked.seed is not None else int.from_bytes(os.urandom(3))
    tries = chosen(drawn(asked.family or list(FAMILIES), seed, asked.all), asked, seed)
    started = time.monotonic()
    print(f"{len(tries)} tries with seed {seed}, {asked.at_once} at once", flush=True)
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder:
        store = Store(Path(folder) / "store")
        store.prepare()
        tried: list[Tried] = []
        lock = threading.Lock()
        with ThreadPoolExecutor(asked.at_once) as pool:
            for future in as_completed(
                [pool.submit(attempt, one, store, Path(folder)) for one in tries]
            ):
                with lock:
                    tried.append(future.result())
                one = tried[-1]
                if asked.loud or one.verdict.failed:
                    print(f"  {one.seconds:5.1f} s  {said(one)}", file=sys.stderr, flush=True)
    order = {id(one): at for at, one in enumerate(tries)}
    names = {(one.family, one.name): order[id(one)] for one in tries}
    tried.sort(key=lambda one: names[one.family, one.name])
    print("\n".join(table(tried)))
    for one in tried:
        if one.verdict.failed or one.verdict.skipped:
            print(said(one))
    print(f"{time.monotonic() - started:.0f} s with seed {seed}")
    return status(tried)


if __name__ == "__main__":
    raise SystemExit(main())

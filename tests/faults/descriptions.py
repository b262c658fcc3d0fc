"""What people write by hand (parameters, names of runs, stages, ledgers, settings), written badly.

A mutation that changes what is meant must be refused; one that does not, refused or without effect.
"""

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tiny import ROOT, Place, Project, Ran, Try, Verdict, differ

Change = Callable[[str, random.Random], str]
PARAMS = "params/pakistan.yml"
STAGES = "notebooks/stages.toml"


def line(pattern: str, new: str) -> Change:
    """Return a change of the first line that a pattern matches."""

    def change(text: str, draw: random.Random) -> str:
        return re.sub(pattern, lambda _: new, text, count=1, flags=re.MULTILINE)

    return change


def whole(make: Callable[[str], str]) -> Change:
    """Return a change of the whole text."""
    return lambda text, draw: make(text)


BOMB = (
    "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi")
    )
    + "country: *i\n"
)
MUST_PARAMS: dict[str, Change] = {
    "a key twice": whole(lambda text: text + "seed: 2\n"),
    "a key twice with one value": whole(lambda text: text + "seed: 1\n"),
    "a misspelt key": line("^seed", "sede"),
    "a key of capitals": line("^seed", "Seed"),
    "a key too many": whole(lambda text: text + "colour: red\n"),
    "a key missing": line("^seed.*\n", ""),
    "a tab before": line("^seed", "\tseed"),
    "a tab as indent": whole(lambda text: text + "more:\n\t- 1\n"),
    "marks of a merge": line("^seed: 1", "<<<<<<< HEAD\nseed: 1\n=======\nseed: 2\n>>>>>>> b"),
    "a bomb of aliases": whole(lambda text: BOMB + text),
    "the bomb as sources": line("^sources.*", "sources: *i"),
    "a month 13": line("2024-12", "2024-13"),
    "a month 00": line("2018-01", "2018-00"),
    "a day that there is not": line("2024-12", "2024-02-30"),
    "a day": line("2024-12", "2024-12-31"),
    "a moment": line("2024-12", "2024-12-31 10:00:00"),
    "a year": line("2024-12", "2024"),
    "a month in words": line("2024-12", "December 2024"),
    "a month too late": line("2024-12", "2099-12"),
    "a month too early": line("2018-01", "1066-01"),
    "months in reverse": whole(
        lambda text: (
            text.replace("2018-01", "X").replace("2024-12", "2018-01").replace("X", "2024-12")
        )
    ),
    "a month with Arabic digits": line("2024-12", "٢٠٢٤-١٢"),
    "a misspelt country": line("Pakistan", "Pakstan"),
    "a country of small letters": line("Pakistan", "pakistan"),
    "another country": line("Pakistan", "Utopia"),
    "two countries": line("Pakistan", "[Pakistan, India]"),
    "a country that is a truth": line("Pakistan", "no"),
    "a country that is nothing": line("Pakistan", ""),
    "a country with a path": line("Pakistan", "../../Pakistan"),
    "no source": line(r"\[UCDP\]", "[]"),
    "a source as text": line(r"\[UCDP\]", "UCDP"),
    "a source twice": line(r"\[UCDP\]", "[UCDP, UCDP]"),
    "a source that there is not": line(r"\[UCDP\]", "[UCDP, NOBODY]"),
    "a source that is a mapping": line(r"\[UCDP\]", "[{name: UCDP}]"),
    "a release that there is not": line('"26.1"', '"99.9"'),
    "a release as a list": line('"26.1"', "[26.1]"),
    "a seed below zero": line("seed: 1", "seed: -1"),
    "a seed that is a fraction": line("seed: 1", "seed: 1.5"),
    "a seed that is text": line("seed: 1", "seed: one"),
    "a seed that is quoted": line("seed: 1", 'seed: "1"'),
    "a seed that is a truth": line("seed: 1", "seed: true"),
    "a seed that is no number": line("seed: 1", "seed: .nan"),
    "a seed that is endless": line("seed: 1", "seed: .inf"),
    "a seed of 40 digits": line("seed: 1", "seed: " + "9" * 40),
    "a seed of 6000 digits": line("seed: 1", "seed: " + "9" * 6000),
    "a seed of base 60": line("seed: 1", "seed: 1:30"),
    "a seed that is a list": line("seed: 1", "seed: [1]"),
    "a truth in words": line("candidate: true", "candidate: perhaps"),
    "a truth as a number": line("candidate: true", "candidate: 1"),
    "a truth as text": line("candidate: true", 'candidate: "true"'),
    "an object of Python": line("seed: 1", "seed: !!python/object/apply:os.getpid []"),
    "a tag of its own": line("seed: 1", "seed: !mine 1"),
    "a list": whole(lambda text: "- 1\n- 2\n"),
    "a text": whole(lambda text: "nothing\n"),
    "nothing": whole(lambda text: ""),
    "two documents": whole(lambda text: text + "---\n" + text),
    "a broken line": whole(lambda text: text + "a: b: c\n"),
    "an open bracket": line(r"\[UCDP\]", "[UCDP"),
    "an open quotation": line("Pakistan", '"Pakistan'),
    "JSON with a comma too many": whole(lambda text: '{"seed": 1,,}'),
    "TOML": whole(lambda text: text.replace(": ", " = ")),
    "a NUL": whole(lambda text: text.replace("Pak", "Pak\0")),
    "half a letter": whole(lambda text: text.replace("Pakistan", "Pakistan\ufffd")),
    "a letter that looks alike": line("Pakistan", "Pаkistan"),
    "a space that is not seen": line("Pakistan", "Pakistan\u200b"),
    "an alias that there is not": line("seed: 1", "seed: *one"),
    "a merge key": whole(lambda text: "base: &b {seed: 1}\n<<: *b\n" + text),
    "10 MB of comments": whole(lambda text: text + "# nothing\n" * 1_000_000),
    "2000 brackets": line(r"\[UCDP\]", "[" * 2000 + "]" * 2000),
}
EITHER_PARAMS: dict[str, Change] = {
    "UTF-16": whole(lambda text: "utf-16"),
    "a byte order mark": whole(lambda text: "\ufeff" + text),
    "lines of Windows": whole(lambda text: text.replace("\n", "\r\n")),
    "comments": whole(lambda text: "# mine\n" + text + "# end\n"),
    "another order": whole(lambda text: "".join(reversed(text.splitlines(keepends=True)))),
    "quoted": line("Pakistan", '"Pakistan"'),
    "spaces around": line("Pakistan", "   Pakistan   "),
    "JSON": whole(
        lambda text: (
            '{"country": "Pakistan", "first_month": "2018-01", "last_month": "2024-12", '
            '"sources": ["UCDP"], "version": "26.1", "candidate": true, "seed": 1}'
        )
    ),
    "an anchor and its alias": whole(
        lambda text: text.replace("version: ", "version: &v ").replace("[UCDP]", "[UCDP]")
    ),
    "a release as a number": line('"26.1"', "26.1"),
    "a truth of old YAML": line("candidate: true", "candidate: yes"),
    "a seed in hexadecimal": line("seed: 1", "seed: 0x1"),
    "a seed in octal": line("seed: 1", "seed: 01"),
    "a seed with a plus": line("seed: 1", "seed: +1"),
    "a seed with an underscore": line("seed: 1", "seed: 1_"),
    "a seed that is whole": line("seed: 1", "seed: 1.0"),
    "one document with marks": whole(lambda text: "---\n" + text + "...\n"),
    "no last line end": whole(str.rstrip),
    "a directive": whole(lambda text: "%YAML 1.2\n---\n" + text),
}
MUST_STAGES: dict[str, Change] = {
    "no TOML": whole(lambda text: text + "[[stage\n"),
    "nothing": whole(lambda text: ""),
    "no stage": whole(lambda text: text.split("[[stage]]")[0]),
    "a stage twice": whole(lambda text: text + text[text.index("[[stage]]") :]),
    "a name twice": line('"03-right"', '"02-left"'),
    "a notebook that there is not": line('"03-right"', '"03-wrong"'),
    "a name with a path": line('"03-right"', '"../03-right"'),
    "a name that is no text": line('"03-right"', "3"),
    "reads what there is not": line(r'reads = \["months"\]', 'reads = ["moths"]'),
    "reads a raw table that there is not": line('"country_month.csv"', '"country_moth.csv"'),
    "reads a path": line('"country_month.csv"', '"../raw/country_month.csv"'),
    "reads a text": line(r'reads = \["months"\]', 'reads = "months"'),
    "writes what another writes": whole(
        lambda text: text.replace("writes = []", 'writes = ["months"]')
    ),
    "writes with a path": whole(lambda text: text.replace("writes = []", 'writes = ["../x"]')),
    "writes an absolute path": whole(
        lambda text: text.replace("writes = []", 'writes = ["/tmp/x"]')
    ),
    "writes results": whole(lambda text: text.replace("writes = []", 'writes = ["results"]', 1)),
    "writes what it does not": whole(
        lambda text: text.replace("writes = []", 'writes = ["none"]', 1)
    ),
    "does not write what it does": line(', "ucdp_month"', ""),
    "a misspelt key": whole(lambda text: text.replace("reads", "reeds", 1)),
    "a key too many": whole(lambda text: text + 'colour = "red"\n'),
    "a key twice": whole(lambda text: text + "writes = []\n"),
    "no window": whole(lambda text: text[text.index("[[stage]]") :]),
    "a window in reverse": whole(
        lambda text: (
            text.replace("2018-01", "X").replace("2024-12", "2018-01").replace("X", "2024-12")
        )
    ),
    "a window of 13 months": line("2024-12", "2024-13"),
    "a window as a date": line('"2018-01"', "2018-01-01"),
    "another order": whole(
        lambda text: "[[stage]]".join(
            [text.split("[[stage]]")[0], *reversed(text.split("[[stage]]")[1:])]
        )
    ),
    "marks of a merge": whole(lambda text: "<<<<<<< HEAD\n" + text),
    "a ring": line(r'reads = \["months"\]', 'reads = ["months", "ring"]'),
}
EITHER_STAGES: dict[str, Change] = {
    "UTF-16": whole(lambda text: "utf-16"),
    "a byte order mark": whole(lambda text: "\ufeff" + text),
    "lines of Windows": whole(lambda text: text.replace("\n", "\r\n")),
    "comments": whole(lambda text: "# mine\n" + text),
    "inline": whole(lambda text: text.replace("writes = []", "writes = [ ]  # none")),
    "no last line end": whole(str.rstrip),
}
NAMES = [
    "../elsewhere.yml",
    "/etc/passwd",
    "params",
    "params/",
    "params/none.yml",
    "params/a b.yml",
    "params/x[1].yml",
    "params/..yml",
    "params/.hidden.yml",
    "params/executed.yml",
    "params/$(touch ran).yml",
    "params/;touch ran.yml",
    "params/--help.yml",
    "params/" + "n" * 230 + ".yml",
    "params/پاکستان.yml",
    "params/PAKISTAN.yml",
    "params/pakistan.yaml",
    "params/pakistan.txt",
    "params/sub/pakistan.yml",
    "params/new\nline.yml",
    "params/con.yml",
    "elsewhere/pakistan.yml",
]
LEDGER = """- id: one
  table: country_month
  match: {{year: 2020, month: 1}}
  action: override
  set: {{deaths: 5}}
  reason: made up
  source: https://example.org
  expect:
    rows: 1
    values: {{deaths: {deaths}}}
"""
MUST_LEDGER: dict[str, Change] = {
    "a misspelt table": line("table: country_month", "table: country_moth"),
    "a misspelt column": line("year: 2020", "yaer: 2020"),
    "rows that there are not": line("year: 2020", "year: 1920"),
    "other rows expected": line("rows: 1", "rows: 2"),
    "other values expected": line(r"values: \{deaths: ", "values: {deaths: 9"),
    "an action that there is not": line("override", "overwrite"),
    "nothing set": line(r"^  set: .*\n", ""),
    "a flag that sets": line("override", "flag"),
    "a column that there is not": line(r"set: \{deaths", "set: {death"),
    "text for a number": line(r"set: \{deaths: 5", "set: {deaths: five"),
    "a number below the least": line(r"set: \{deaths: 5", "set: {deaths: -5"),
    "an id twice": whole(lambda text: text + text),
    "a key twice": line("^  reason: made up", "  reason: made up\n  reason: other"),
    "a misspelt field": line("^  reason", "  raeson"),
    "no source": line("^  source.*\n", ""),
    "marks of a merge": whole(lambda text: "<<<<<<< HEAD\n" + text),
    "a tab": line("^  reason", "\treason"),
    "a mapping": whole(lambda text: "one: two\n"),
    "a bomb of aliases": whole(lambda text: BOMB),
    "a date": line("year: 2020", "year: 2020-01-01"),
    "a year as text": line("year: 2020", 'year: "2020"'),
}
MUST_SETTINGS: dict[str, Change] = {
    "no TOML": whole(lambda text: text + "[[\n"),
    "no default run": line("^params = .*", ""),
    "a default run that there is not": line('"params/pakistan.yml"', '"params/none.yml"'),
    "a limit that is text": line("cell_seconds = 1800", 'cell_seconds = "long"'),
    "a limit below zero": line("cell_seconds = 1800", "cell_seconds = -1"),
    "a limit of none": line("cell_seconds = 1800", "cell_seconds = 0"),
    "a limit that there is not": line("cell_seconds = 1800", "cell_secnds = 1800"),
    "a limit that is endless": line("cell_seconds = 1800", "cell_seconds = inf"),
}
CHANGED = {  # file, the changes that must be refused, those that may also have no effect
    "parameters": (PARAMS, MUST_PARAMS, EITHER_PARAMS),
    "stages": (STAGES, MUST_STAGES, EITHER_STAGES),
    "settings": ("pyproject.toml", MUST_SETTINGS, {}),
}


def descriptions(draw: random.Random, everything: bool) -> list[Try]:
    """Write each of them badly, in about 150 ways; a third of them in the suite of 15 minutes."""
    tries = []

    def some(names: list[str] | dict[str, Change], share: int) -> list[str]:
        return list(names) if everything else draw.sample(list(names), len(names) // share)

    for what, (file, must, either) in CHANGED.items():
        for name in some(must, 3):
            tries.append(
                Try(
                    "descriptions",
                    f"{what}: {name}",
                    lambda place, f=file, c=must[name]: _written(place, f, c, must=True),
                    str(draw.random()),
                )
            )
        for name in some(either, 3):
            tries.append(
                Try(
                    "descriptions",
                    f"{what}: {name} (no other effect)",
                    lambda place, f=file, c=either[name]: _written(place, f, c, must=False),
                    str(draw.random()),
                )
            )
    for name in some(NAMES, 3):
        tries.append(
            Try(
                "descriptions",
                f"the run {name[:50]!r}",
                lambda place, name=name: _named(place, name),
                str(draw.random()),
            )
        )
    for name in some(MUST_LEDGER, 4):
        tries.append(
            Try(
                "descriptions",
                f"ledger: {name}",
                lambda place, change=MUST_LEDGER[name]: _ledger(place, change),
                str(draw.random()),
            )
        )
    return tries


def _write(path: Path, text: str, old: str) -> None:
    if text == "utf-16":
        path.write_bytes(old.encode("utf-16"))
    else:
        path.write_bytes(text.encode("utf-8"))


def _judge(project: Project, ran: Ran, before: dict[str, str], must: bool) -> Verdict:
    verdict = Verdict(traceback=ran.traceback, note=ran.last)
    after = project.products()
    if ran.code is None:
        verdict.wrong = "it did not end"
    elif len(ran.out) + len(ran.err) > 20_000:
        verdict.wrong = f"{len(ran.out) + len(ran.err)} characters were printed"
    elif ran.code == 0:
        if must:
            verdict.wrong = f"accepted: {ran.out.strip()[:80]}"
        else:
            verdict.wrong = differ(before, after)
    else:
        verdict.sentence = ran.sentence
        if gone := sorted(set(before) - set(after)):
            verdict.lost = f"{len(gone)} outputs are gone, such as {gone[0]}"
    return verdict


def _written(place: Place, file: str, change: Change, *, must: bool) -> Verdict:
    project = place.built()
    before, path = project.products(), project.root / file
    old = path.read_text(encoding="utf-8")
    new = change(old, place.random)
    if new == old:
        return Verdict(skipped="the tiny project has nothing to change so")
    _write(path, new, old)
    ran = project.run("--jobs", "2", seconds=60)
    verdict = _judge(project, ran, before, must)
    _write(path, old, old)
    again = project.run("--jobs", "2") if ran.code != 2 else None
    if again is not None:
        verdict.recovered = again.code == 0 and project.products() == before
        if not verdict.recovered:
            verdict.lost = verdict.lost or f"with the old file: {again.last}"
    return verdict


def _named(place: Place, name: str) -> Verdict:
    """Give a run another name; whatever happens, the default run's products stay."""
    project = place.built()
    before = project.products()
    target = project.root / name
    inside = target.resolve().is_relative_to(project.root.resolve())
    if inside and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        if "none" not in name:
            text = (project.root / PARAMS).read_text(encoding="utf-8")
            target.write_text(text.replace("seed: 1", "seed: 2"), encoding="utf-8")
    ran = project.run("--jobs", "2", "--params", name)
    verdict = Verdict(traceback=ran.traceback, note=ran.last)
    found = project.products()
    own = {path: text for path, text in found.items() if path in before}
    if own != before:
        verdict.lost = f"products of the default run: {differ(before, own)}"
    elif ran.code == 0 and not any(project.processed.glob("runs/*/results.json")):
        verdict.wrong = f"exit 0 without products: {ran.out.strip()[:80]}"
    elif ran.code != 0:
        verdict.sentence = ran.sentence
    if list(place.folder.rglob("ran")) or list(place.folder.rglob("ran.yml")):
        verdict.hostile = "a shell word of the name ran"
    return verdict


def _ledger(place: Place, change: Change) -> Verdict:
    """Let a stage apply a ledger that is badly written, and stamped as it is."""
    project = place.built()
    deaths = (7 * 2020 + 3) % 40
    good = LEDGER.format(deaths=deaths)
    ledger = project.root / "data/raw/corrections.yml"
    project.replace(STAGES, '"published_figures.csv"', '"published_figures.csv", "corrections.yml"')
    _apply_ledger(project)
    shutil.copy(ROOT / "data/raw/corrections.source.yml", ledger.parent)
    ledger.write_text(good, encoding="utf-8")
    stamped = project.run("ingest", "stamp", "corrections.yml")
    first = project.run("--jobs", "2") if stamped.code == 0 else stamped
    if first.code != 0:
        return Verdict(skipped=f"the tiny project takes no ledger: {first.last}")
    before = project.products()
    new = change(good, place.random)
    ledger.write_text(new, encoding="utf-8")
    ran = project.run("ingest", "stamp", "corrections.yml")
    if ran.code == 0:
        ran = project.run("--jobs", "2")
    return _judge(project, ran, before, must=True)


def _apply_ledger(project: Project) -> None:
    path = project.root / "notebooks/01-clean.ipynb"
    book = json.loads(path.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        text = "".join(cell["source"])
        if 'stage.read("country_month")' in text:
            cell["source"] = text.replace(
                'months = stage.read("country_month")\n',
                'months = stage.read("country_month")\n'
                'ledger = stage.read("corrections")\n'
                'months, _ = corrections.apply(months, "country_month", ledger)\n',
            )
        if "from helpers.run.stage" in text:
            cell["source"] = text + "\nfrom helpers.clean import corrections"
    path.write_text(json.dumps(book, indent=1), encoding="utf-8")

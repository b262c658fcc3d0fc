"""Raw tables and sidecars that are damaged: each refused, or the parsed table is the same.

Most damages are tried in one process of a copy, through what a run calls to check its raw tables.
Whatever passes there with another table is tried with the whole command before it counts.
"""

import json
import random
import re
import subprocess
from pathlib import Path

from tiny import Place, Project, Ran, Try, Verdict, differ

TABLES = ("country_month.csv", "published_figures.csv")
# Reads one request a line: what it should load; answers with what it holds, or with the error.
CHECKER = """
import json, sys
from helpers.base import paths
from helpers.base.errors import InputError
from helpers.raw import contract
from helpers.run.run import published_country
from helpers.run.table import raw_tables, read_stages
for line in sys.stdin:
    try:
        for table in raw_tables(read_stages().of(published_country())):
            contract.verify(table)
        found = [contract.load(paths.RAW / name).to_json() for name in json.loads(line)]
        answer = {"holds": found}
    except InputError as error:
        answer = {"refused": str(error)}
    except BaseException as error:
        answer = {"traceback": repr(error)[:300]}
    print(json.dumps(answer), flush=True)
"""


def bit_flip(blob: bytes, draw: random.Random) -> bytes:
    """Flip one bit."""
    place = draw.randrange(len(blob))
    return blob[:place] + bytes([blob[place] ^ 1 << draw.randrange(8)]) + blob[place + 1 :]


def cut(blob: bytes, draw: random.Random) -> bytes:
    """Cut the end off."""
    return blob[: draw.randrange(len(blob))]


def _lines(blob: bytes) -> list[bytes]:
    return blob.splitlines(keepends=True)


def duplicate_line(blob: bytes, draw: random.Random) -> bytes:
    """Let a line stand twice."""
    lines = _lines(blob)
    place = draw.randrange(len(lines))
    return b"".join([*lines[:place], lines[place], *lines[place:]])


def delete_line(blob: bytes, draw: random.Random) -> bytes:
    """Delete a line."""
    lines = _lines(blob)
    del lines[draw.randrange(len(lines))]
    return b"".join(lines)


def swap_lines(blob: bytes, draw: random.Random) -> bytes:
    """Swap two lines."""
    lines = _lines(blob)
    one, two = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"".join(lines)


def swap_cells(blob: bytes, draw: random.Random) -> bytes:
    """Swap two cells of a column, which keeps its sum."""
    lines = [line.split(b",") for line in _lines(blob)]
    if len(lines) < 4:
        return bit_flip(blob, draw)
    column = draw.randrange(len(lines[0]))
    one, two = draw.sample(range(1, len(lines)), 2)
    ends = lines[one][column], lines[two][column]
    lines[one][column], lines[two][column] = ends[1], ends[0]
    return b"".join(b",".join(line) for line in lines)


def byte_order_mark(blob: bytes, draw: random.Random) -> bytes:
    """Put a byte order mark before it."""
    return b"\xef\xbb\xbf" + blob


def carriage_returns(blob: bytes, draw: random.Random) -> bytes:
    """End lines as Windows does."""
    return blob.replace(b"\n", b"\r\n")


def old_line_ends(blob: bytes, draw: random.Random) -> bytes:
    """End lines with carriage returns alone."""
    return blob.replace(b"\n", b"\r")


def sixteen_bits(blob: bytes, draw: random.Random) -> bytes:
    """Write it as UTF-16."""
    return blob.decode().encode("utf-16")


def nul(blob: bytes, draw: random.Random) -> bytes:
    """Put a NUL somewhere."""
    place = draw.randrange(len(blob))
    return blob[:place] + b"\0" + blob[place:]


def latin(blob: bytes, draw: random.Random) -> bytes:
    """Put a byte of Latin-1 somewhere."""
    place = draw.randrange(len(blob))
    return blob[:place] + b"\xe9" + blob[place:]


def empty(blob: bytes, draw: random.Random) -> bytes:
    """Leave nothing."""
    return b""


def quote(blob: bytes, draw: random.Random) -> bytes:
    """Put an open quotation mark somewhere."""
    place = draw.randrange(len(blob))
    return blob[:place] + b'"' + blob[place:]


def semicolons(blob: bytes, draw: random.Random) -> bytes:
    """Part the cells with semicolons."""
    return blob.replace(b",", b";")


def other_digit(blob: bytes, draw: random.Random) -> bytes:
    """Change a digit."""
    places = [match.start() for match in re.finditer(rb"\d", blob)]
    place = draw.choice(places) if places else 0
    return blob[:place] + str(draw.randrange(10)).encode() + blob[place + 1 :]


def zeros(blob: bytes, draw: random.Random) -> bytes:
    """Overwrite a block with zero bytes, as a crashed disk does."""
    place = draw.randrange(len(blob))
    return blob[:place] + bytes(min(64, len(blob) - place)) + blob[place + 64 :]


def trailing(blob: bytes, draw: random.Random) -> bytes:
    """Add something behind it."""
    return blob + draw.choice([b"\n", b"\n\n", b" ", b"\x1a", b"total,1\n", b"# end\n", b","])


DAMAGES = [
    bit_flip,
    cut,
    duplicate_line,
    delete_line,
    swap_lines,
    swap_cells,
    byte_order_mark,
    carriage_returns,
    old_line_ends,
    sixteen_bits,
    nul,
    latin,
    empty,
    quote,
    semicolons,
    other_digit,
    zeros,
    trailing,
]
# What stands in a sidecar and must not be believed: each is a pattern and what takes its place.
FALSE = {
    "rows are fewer than none": (r"^rows: \d+", "rows: -5"),
    "one row too few": (r"^rows: 84", "rows: 83"),
    "another hash": (r"^sha256: \w{4}", "sha256: 0000"),
    "a short hash": (r"^sha256: \w{4}", "sha256: "),
    "no hash": (r"^sha256: .*\n", ""),
    "the check of a column": (r"check: \w\w", "check: 00"),
    "no check of a column": (r" *check: .*\n", ""),
    "a check that is none": (r"check: .*", "check: nonsense"),
    "a column of another name": (r"^  deaths:", "  dead:"),
    "a column of another type": (r"(  deaths:\n    type: )integer", r"\1month"),
    "a number as text": (r"(  deaths:\n    type: )integer", r"\1string"),
    "a type that is none": (r"(  deaths:\n    type: )integer", r"\1decimal"),
    "a least value above the values": (r"minimum: 0.0", "minimum: 5000.0"),
    "a least value that is no number": (r"minimum: 0.0", "minimum: .nan"),
    "a key that repeats": (r"- month\n", ""),
    "a key that is no column": (r"- month\n", "- moon\n"),
    "a field that there is not": (r"^url:", "uri:"),
    "a field twice": (r"^url: .*\n", "url: https://example.org\nurl: https://example.net\n"),
    "a column twice": (r"^  deaths:\n", "  deaths:\n    type: string\n  deaths:\n"),
    "values allowed that are not there": (
        r"(  country:\n)",
        r"\1    allowed: [Utopia]\n",
    ),
    "a tab": (r"^  name: ", "\tname: "),
    "marks of a merge": (r"^rows", "<<<<<<< HEAD\nrows"),
}


def tables(draw: random.Random, everything: bool) -> list[Try]:
    """Damage tables and sidecars: 200 in one process, a dozen through the whole command."""
    count = 400 if everything else 200
    batches = 8
    tries = [
        Try(
            "tables",
            f"{count // batches} damages, checked as a run checks ({number + 1})",
            lambda place: _checked(place, count // batches),
            str(draw.random()),
        )
        for number in range(batches)
    ]
    tries.append(Try("tables", "what sidecars say falsely", _falsely, str(draw.random())))
    for number in range(24 if everything else 12):
        damage = DAMAGES[number % len(DAMAGES)] if everything else draw.choice(DAMAGES)
        ways = ("table alone", "table with its sidecar stamped anew", "sidecar alone")
        tries.append(
            Try(
                "tables",
                f"{damage.__name__.replace('_', ' ')}: {ways[number % 3]} ({number + 1})",
                lambda place, damage=damage, way=number % 3: _commanded(place, damage, way),
                str(draw.random()),
            )
        )
    return tries


def _sidecar(table: str) -> str:
    return table.replace(".csv", ".source.yml")


class Checker:
    """A process that checks the raw tables of a copy as a run does."""

    def __init__(self, project: Project) -> None:
        python = project.words()[0]
        self.process = subprocess.Popen(
            [python, "-c", CHECKER],
            cwd=project.root,
            env=project.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self) -> dict:
        """Return what the tables hold, or how they were refused."""
        self.process.stdin.write(json.dumps(TABLES) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline() or '{"traceback": "the checker ended"}')

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait(30)


def _restamped(table: Path, old: str) -> None:
    """Write the new hash and number of rows into the sidecar, as somebody who means it would."""
    import hashlib

    blob = table.read_bytes()
    text = re.sub(r"sha256: \w+", f"sha256: {hashlib.sha256(blob).hexdigest()}", old)
    rows = max(len(blob.splitlines()) - 1, 0)
    table.with_name(_sidecar(table.name)).write_text(re.sub(r"rows: \d+", f"rows: {rows}", text))


def _one(place: Place, project: Project) -> tuple[str, bool, dict[Path, bytes]]:
    """Damage something; return what was done, whether it must be refused, and the old bytes.

    A table that was stamped anew with a value that is possible is another table, not a damaged one:
    those are not drawn.
    """
    draw = place.random
    raw = project.root / "data" / "raw"
    table = raw / draw.choices(TABLES, [3, 1])[0]
    sidecar = raw / _sidecar(table.name)
    old = {path: path.read_bytes() for path in (table, sidecar)}
    way = draw.choice(["table", "table", "sidecar", "both"])
    damage = draw.choice(DAMAGES)
    if way == "sidecar":
        sidecar.write_bytes(damage(old[sidecar], draw))
        return f"{sidecar.name}: {damage.__name__}", False, old
    while way == "both" and damage in (swap_lines, swap_cells, other_digit, delete_line, cut):
        damage = draw.choice(DAMAGES)
    table.write_bytes(damage(old[table], draw))
    if way == "both":
        _restamped(table, old[sidecar].decode())
    return f"{table.name}: {damage.__name__}{', stamped' * (way == 'both')}", False, old


def _checked(place: Place, count: int) -> Verdict:
    project = place.built()
    checker = Checker(project)
    clean = checker.ask()
    wrong, tracebacks, refused, harmless = [], [], 0, 0
    for _ in range(count):
        what, _must, old = _one(place, project)
        answer = checker.ask()
        if "refused" in answer:
            refused += 1
        elif "traceback" in answer:
            tracebacks.append(f"{what}: {answer['traceback']}")
        elif answer == clean:
            harmless += 1
        else:
            ran = project.run("--jobs", "1")
            if ran.code == 0:
                wrong.append(f"{what}: accepted with another table")
                project = place.built(f"again-{len(wrong)}")
                checker.close()
                checker = Checker(project)
                continue
            refused += 1
        for path, blob in old.items():
            path.write_bytes(blob)
    checker.close()
    said = [*wrong, *tracebacks]
    return Verdict(
        wrong=f"{len(wrong)} of {count} accepted, such as {wrong[0]}" if wrong else "",
        sentence=not tracebacks,
        note=f"{refused} refused, {harmless} harmless, {len(tracebacks)} without a sentence"
        + (f", such as {said[-1]}" if said else ""),
    )


def _falsely(place: Place) -> Verdict:
    project = place.built()
    sidecar = project.root / "data" / "raw" / _sidecar(TABLES[0])
    old = sidecar.read_text(encoding="utf-8")
    checker = Checker(project)
    believed, tracebacks = [], []
    for what, (pattern, new) in FALSE.items():
        text = re.sub(pattern, new, old, count=1, flags=re.MULTILINE)
        if text == old:
            continue  # the tiny project has no such line
        sidecar.write_text(text, encoding="utf-8")
        answer = checker.ask()
        if "holds" in answer:
            ran = project.run("--jobs", "1")
            if ran.code == 0:
                believed.append(what)
        elif "traceback" in answer:
            tracebacks.append(f"{what}: {answer['traceback']}")
    checker.close()
    return Verdict(
        wrong=f"{len(believed)} of {len(FALSE)} believed: {', '.join(believed)}"
        if believed
        else "",
        sentence=not tracebacks,
        note="; ".join(tracebacks)[:300],
    )


def _without_hashes(products: dict[str, str]) -> dict[str, str]:
    """Leave out the records of the inputs, which tell another layout of the same content apart."""
    return {name: text for name, text in products.items() if "/processed/inputs/" not in name}


def _commanded(place: Place, damage, way: int) -> Verdict:
    project = place.built()
    table = project.root / "data" / "raw" / TABLES[0]
    sidecar = table.with_name(_sidecar(table.name))
    old = {path: path.read_bytes() for path in (table, sidecar)}
    before = project.products()
    chosen = sidecar if way == 2 else table
    chosen.write_bytes(damage(old[chosen], place.random))
    said = Ran(0, "", "")
    if way == 1:
        said = project.run("ingest", "stamp", table.name)
    if said.code == 0:
        said = project.run("--jobs", "1")
    verdict = Verdict(traceback=said.traceback)
    if said.code == 0:
        # Stamped anew and possible, it is another table, whose clean run makes the same.
        expected = place.store.expected(project) if way == 1 else before
        verdict.wrong = differ(_without_hashes(expected), _without_hashes(project.products()))
        return verdict
    verdict.sentence, verdict.note = said.sentence, said.last
    if project.products() != before:
        verdict.lost = f"outputs of the last run: {differ(before, project.products())}"
    for path, blob in old.items():
        path.write_bytes(blob)
    again = project.run("--jobs", "1")
    verdict.recovered = again.code == 0 and project.products() == before
    if not verdict.recovered:
        verdict.lost = verdict.lost or f"with the old table: {again.last}"
    return verdict

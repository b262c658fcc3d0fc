"""A damaged publisher's file is one sentence or the same table, whoever reads it."""

import random

import pandas as pd
import pytest
import yaml
from publishers import GARBAGE

from helpers.cli.ingest import main
from helpers.ingest.facts import facts_path

FACTS = yaml.safe_load(facts_path("vdem").read_text(encoding="utf-8"))
INDICATORS = FACTS["indicators"]
SHARES = FACTS["about"]["rules"][0]["where"]["indicator"]
# Where a number below zero, or nothing, may stand.
FREE = {"dyad_name", *(one for one in INDICATORS if one.split("__")[0] not in SHARES)}
TABLES = {
    "ucdp-cell-month": [
        {"priogrid_gid": 165374 + at, "month": "2024-06", "best": 3} for at in range(3)
    ],
    "ucdp-group-month": [
        {"dyad_id": at, "dyad_name": "A - B", "type": "ns", "year": 2024, "month": 3}
        | {"events": 1, "deaths": 2, "provisional": 0}
        for at in range(3)
    ],
    "vdem": [{"year": 2001 + at, **dict.fromkeys(INDICATORS, 0.5)} for at in range(3)],
}


def cell(column, value):
    def damage(frame, chance):
        at = column or chance.choice([c for c in frame if c not in FREE])
        frame = frame.astype(object)
        frame.loc[1, at] = value
        return frame.to_csv(index=False).encode()

    return damage


def text(change):
    return lambda frame, chance: change(frame.to_csv(index=False).encode(), chance)


DAMAGES = {
    **{f"a cell {word!r}": cell(None, word) for word in GARBAGE},
    "a row twice": lambda f, c: pd.concat([f, f.iloc[[0]]]).to_csv(index=False).encode(),
    "no rows": lambda f, c: f.iloc[:0].to_csv(index=False).encode(),
    "a column renamed": lambda f, c: f.rename(columns={f.columns[0]: "x"}).to_csv().encode(),
    "a column twice": text(lambda b, c: b.replace(b",", b"," + b.split(b",")[0] + b",", 1)),
    "no column": lambda f, c: f.iloc[:, 1:].to_csv(index=False).encode(),
    "cut": text(lambda b, c: b[: c.randrange(1, len(b) - 1)].rstrip(b"\n")),
    "stray quote": text(lambda b, c: b.replace(b"\n", b'\n"', 1)),
    "NUL": text(lambda b, c: b[:-5] + b"\0" + b[-5:]),
    "UTF-16 without a mark": text(lambda b, c: b.decode().encode("utf-16-le")),
    "web page": text(lambda b, c: b"<!doctype html><table></table>"),
    "empty": text(lambda b, c: b""),
    "a mark alone": text(lambda b, c: b"\xef\xbb\xbf"),
    "workbook with a password": text(lambda b, c: b"\xd0\xcf\x11\xe0" + bytes(99)),
    "a zip": text(lambda b, c: b"PK\3\4" + bytes(99)),
    "a short row": text(lambda b, c: b + b"2001\n"),
    "a wide row": text(lambda b, c: b + b"1," * 20 + b"1\n"),
    "mixed encodings": text(lambda b, c: b + "é".encode() + b"\xe9,,\n"),
}
SAME = {
    "UTF-8 with a mark": text(lambda b, c: b"\xef\xbb\xbf" + b),
    "UTF-16": text(lambda b, c: b.decode().encode("utf-16")),
    "line ends of Windows": text(lambda b, c: b.replace(b"\n", b"\r\n")),
    "semicolons": text(lambda b, c: b.replace(b",", b";")),
    "empty lines": text(lambda b, c: b + b"\n\n"),
}


def run(folder, command, data):
    path = folder / "ged251_table.csv"
    path.write_bytes(data)
    status = main([command, str(path), "--out", str(folder / "out")])
    built = sorted(one.read_bytes() for one in (folder / "out").glob("*.csv"))
    return status, built


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", TABLES)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_damage_is_one_sentence_that_names_the_file(tmp_path, capsys, command, damage, seed):
    data = DAMAGES[damage](pd.DataFrame(TABLES[command]), random.Random(seed))
    status, built = run(tmp_path, command, data)
    told = capsys.readouterr().err
    assert (status, built) == (2, []) and told.count("\n") == 1 and "ged251_table.csv" in told


@pytest.mark.parametrize("change", SAME)
@pytest.mark.parametrize("command", TABLES)
def test_what_changes_no_cell_changes_no_byte(tmp_path, command, change):
    frame = pd.DataFrame(TABLES[command])
    plain = run(tmp_path, command, frame.to_csv(index=False).encode())
    assert plain[0] == 0 and run(tmp_path, command, SAME[change](frame, None)) == plain

"""Lines in which outlines meet: what is shared, what is the coast, what is refused."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli.ingest import main
from helpers.ingest.borders import lines, stretches
from helpers.ingest.facts import facts_path
from helpers.raw.contract import load

SQUARE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
EAST = [[1.0, 0.0], [2.0, 0.0], [1.0, 1.0], [1.0, 0.0]]


@given(st.lists(st.booleans(), min_size=3, max_size=12), st.integers(0, 11))
def test_stretches_do_not_hang_on_where_a_ring_begins(wanted, turn):
    corners = [[at, at * at] for at in range(len(wanted))]

    def found(start):
        order = [(start + at) % len(wanted) for at in range(len(wanted))]
        ring = [corners[at] for at in [*order, order[0]]]
        return stretches(ring, [wanted[at] for at in [*order, order[0]]])

    if not all(wanted):
        assert sorted(found(0)) == sorted(found(turn % len(wanted)))
        kept = [one for part in found(0) for one in part]
        assert all(wanted[corner[0]] for corner in kept)
        assert all(len(part) > 1 for part in found(0))


def test_an_island_is_all_coast():
    island = [[5.0, 5.0], [6.0, 5.0], [6.0, 6.0], [5.0, 5.0]]
    found = lines([SQUARE, island], {"East": [EAST]}, "Coast")
    assert found.groupby("line")["part"].max().to_dict() == {"East": 1, "Coast": 2}
    assert found.query("line == 'Coast' and part == 2")[["longitude", "latitude"]].values.tolist() \
        == island  # fmt: skip


def test_a_neighbour_that_shares_nothing_is_refused():
    with pytest.raises(InputError, match="outline of North shares no stretch"):
        lines([SQUARE], {"North": [[[8.0, 8.0], [9.0, 8.0], [9.0, 9.0], [8.0, 8.0]]]}, "Coast")


def outline(folder, code, ring):
    path = folder / f"{code}.json"
    geometry = {"type": "Polygon", "coordinates": [ring]}
    path.write_text(json.dumps({"geometry": geometry, "properties": {"country_a3": code}}))
    return str(path)


@pytest.fixture
def facts(tmp_path):
    told = yaml.safe_load(facts_path("borders").read_text(encoding="utf-8"))
    told |= {"code": "AAA", "neighbours": {"BBB": "East"}}
    (tmp_path / "facts.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
    return ["--facts", str(tmp_path / "facts.yml")]


def test_the_command_builds_a_table_from_outlines_in_any_order(tmp_path, facts):
    sources = [outline(tmp_path, "BBB", EAST), outline(tmp_path, "AAA", SQUARE)]
    assert main(["borders", *sources, "--out", str(tmp_path), *facts]) == 0
    found = load(tmp_path / "borders.csv")
    assert found["line"].tolist() == ["East", "East", "Coast", "Coast"]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["AAA"], "the outline of 'BBB' is missing"),
        (["AAA", "BBB", "CCC"], "'CCC' is no neighbour"),
        ([], "holds no outline of a country"),
    ],
)
def test_other_outlines_are_refused_in_one_sentence(tmp_path, capsys, facts, codes, said):
    rings = {"AAA": SQUARE, "BBB": EAST, "CCC": EAST}
    sources = [outline(tmp_path, code, rings[code]) for code in codes]
    (tmp_path / "bad.json").write_text("[]")
    words = ["--out", str(tmp_path), *facts]
    assert main(["borders", *(sources or [str(tmp_path / "bad.json")]), *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "borders.csv").exists()


def test_the_lines_of_the_country_are_whole():
    found = load(paths.RAW / "borders.csv")
    parts = found.groupby("line")["part"].max()
    assert (parts.drop("Coast") == 1).all() and len(parts) == 5  # each border in one piece
    ends = found.groupby(["line", "part"]).agg({"longitude": ["first", "last"]})
    assert ends.loc[("Iran", 1)].max() < 62 and found["point"].is_unique is False

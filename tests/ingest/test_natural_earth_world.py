"""Countries of the world: two layouts, one table; the antimeridian; each damage one sentence."""

import copy
import json
from itertools import pairwise

import pytest
import yaml
from publishers import ring

from helpers.base import paths
from helpers.cli.ingest import main
from helpers.ingest.antimeridian import cut
from helpers.ingest.facts import facts_path
from helpers.ingest.topology import decoded
from helpers.raw.contract import load, verify

SHOWN = sorted(load(paths.RAW / "country_month.csv")["country"].unique())
# Two countries that share a border, one of them with an island beyond the antimeridian, and land
# that is no country's.
EAST, NORTH = 176, 60
BORDER = [[EAST, NORTH], [EAST, NORTH + 2]]
CHAD = [*BORDER, [EAST - 4, NORTH + 2], [EAST - 4, NORTH], BORDER[0]]
PERU = [*BORDER, [EAST + 2, NORTH + 2], [EAST + 2, NORTH], BORDER[0]]
ISLAND = [[179, 50], [-179, 50], [-179, 52], [179, 52], [179, 50]]
WANTED = {
    "Chad": [[CHAD]],
    "Peru": [
        [PERU],
        [[[180, 50.0], [180, 52.0], [179, 52], [179, 50], [180, 50.0]]],
        [[[-179, 50], [-179, 52], [-180, 52.0], [-180, 50.0], [-179, 50]]],
    ],
    "": [[ring(-60.0, -80.0)]],
}


def geojson():
    """Return the countries as Natural Earth has them."""
    outlines = {"Tchad": [[CHAD]], "Peru": [[PERU], [ISLAND]], "Ice": [[ring(-60.0, -80.0)]]}
    codes = ("148", "604", "-99")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"NAME": name, "ISO_N3": code, "ADM0_A3": "AAA"},
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            }
            for (name, polygons), code in zip(outlines.items(), codes, strict=True)
        ],
    }


def steps(line):
    """Return corners in half degrees from 180 west and 90 south, each from the one before it."""
    whole = [[round((x + 180) * 2), round((y + 90) * 2)] for x, y in line]
    return [whole[0], *([b[0] - a[0], b[1] - a[1]] for a, b in pairwise(whole))]


def topojson():
    """Return the same countries with their border stored once, the other way round for one."""
    lines = [BORDER[::-1], CHAD[1:], PERU[1:], ISLAND, ring(-60.0, -80.0)]
    return {
        "type": "Topology",
        "transform": {"scale": [0.5, 0.5], "translate": [-180, -90]},
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[-1, 1]], "id": "148"}
                    | {"properties": {"name": "Tchad"}},
                    {"type": "MultiPolygon", "arcs": [[[-1, 2]], [[3]]], "id": "604"}
                    | {"properties": {"name": "Peru"}},
                    {"type": "Polygon", "arcs": [[4]], "properties": {"name": "Ice"}},
                ],
            }
        },
        "arcs": [steps(line) for line in lines],
    }


LAYOUTS = {"GeoJSON": geojson, "TopoJSON": topojson}


def facts(folder, **changes):
    told = yaml.safe_load(facts_path("natural-earth-world").read_text(encoding="utf-8"))
    told |= {"names": {"Tchad": "Chad"}, "within": {}, "apart": ["Ice"]}
    told |= {"small": [name for name in SHOWN if name not in ("Chad", "Peru")]} | changes
    path = folder / "facts.yml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return path


def run(folder, held, **changes):
    """Run the command on a file; return its status and the table it wrote, if any."""
    path = folder / "world.json"
    path.write_text(held if isinstance(held, str) else json.dumps(held), encoding="utf-8")
    told = str(facts(folder, **changes))
    out = folder / "out"
    out.mkdir(exist_ok=True)
    status = main(["natural-earth-world", str(path), "--facts", told, "--out", str(out)])
    table = out / "world_admin0.geojson"
    left = sorted(path.name for path in out.iterdir())
    assert left == ([] if status else ["world_admin0.geojson", "world_admin0.source.yml"])
    return status, json.loads(table.read_text(encoding="utf-8")) if table.exists() else None


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_written_is_what_was_drawn(tmp_path, layout):
    status, held = run(tmp_path, LAYOUTS[layout]())
    assert status == 0
    drawn = {
        feature["properties"]["name"]: feature["geometry"]["coordinates"]
        for feature in held["features"]
    }
    assert drawn == WANTED
    assert [list(feature["properties"].values()) for feature in held["features"]] == [
        ["", "Ice", ""],
        ["Chad", "Tchad", "148"],
        ["Peru", "Peru", "604"],
    ]


def test_both_layouts_give_the_same_bytes(tmp_path):
    for name, layout in LAYOUTS.items():
        (tmp_path / name).mkdir()
        run(tmp_path / name, layout())
    one, other = ((tmp_path / name / "out" / "world_admin0.geojson") for name in LAYOUTS)
    assert one.read_bytes() == other.read_bytes()


def test_small_countries_are_told_in_the_notes(tmp_path):
    run(tmp_path, geojson())
    notes = verify(tmp_path / "out" / "world_admin0.geojson").notes
    [told] = [note for note in notes if "too small" in note]
    assert f"({len(SHOWN) - 2})" in told and "Afghanistan" in told and "Chad" not in told


def test_a_country_may_have_an_outline_of_another_within_it(tmp_path):
    status, held = run(tmp_path, geojson(), apart=[], within={"Ice": "Peru"})
    assert status == 0
    assert [f["properties"]["name"] for f in held["features"]] == ["Chad", "Peru", "Peru"]


def test_the_publishers_other_spelling_is_taken_from_what_people_write(tmp_path):
    held = json.loads(json.dumps(geojson()).replace("Peru", "USA"))
    shown = [name for name in SHOWN if name not in ("Chad", "United States of America")]
    status, made = run(tmp_path, held, small=shown)
    assert status == 0
    assert made["features"][-1]["properties"]["name"] == "United States of America"


def changed(path, value):
    """Return a damage that puts a value at a place of what a file holds."""

    def damage(held):
        made = copy.deepcopy(held)
        inner = made
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        return made

    return damage


FIRST, THIRD = ("features", 0), ("features", 2)
LAYER = ("objects", "countries")
SHAPE = (*LAYER, "geometries", 0)
DAMAGES = [
    # GeoJSON
    ("GeoJSON", changed(("features",), []), "holds no outline of Chad, Peru, which country_month"),
    ("GeoJSON", lambda held: {"features": held["features"][:1]}, "holds no outline of Peru, which"),
    ("GeoJSON", lambda held: {"features": held["features"] * 2}, "more than one outline of Ice, P"),
    ("GeoJSON", lambda held: {}, "it holds no 'features'"),
    ("GeoJSON", lambda held: [held], "is no file of countries of Natural Earth: "),
    ("GeoJSON", changed(FIRST, None), "is no file of countries of Natural Earth: "),
    ("GeoJSON", changed((*FIRST, "properties"), {"NAME": "Tchad"}), "it holds no 'ISO_N3'"),
    ("GeoJSON", changed((*FIRST, "properties", "NAME"), ""), "an outline has the NAME ''"),
    ("GeoJSON", changed((*FIRST, "properties", "NAME"), 5), "an outline has the NAME 5"),
    (
        "GeoJSON",
        changed((*FIRST, "properties", "NAME"), "Chda"),
        "the outline 'Chda' is no country of country_year.csv; name it in the facts under 'names'",
    ),
    ("GeoJSON", changed((*FIRST, "properties", "NAME"), "Peru"), "more than one outline of Peru"),
    ("GeoJSON", changed((*THIRD, "properties", "NAME"), "Chad"), "more than one outline of Chad"),
    ("GeoJSON", changed((*FIRST, "properties", "ISO_N3"), "TCD"), "the code 'TCD', expected three"),
    ("GeoJSON", changed((*FIRST, "properties", "ISO_N3"), None), "the code None, expected three"),
    (
        "GeoJSON",
        changed((*FIRST, "geometry"), None),
        "the outline 'Tchad' is no polygon of corners",
    ),
    (
        "GeoJSON",
        changed((*FIRST, "geometry", "coordinates", 0, 0, 1), [62, 176]),
        "the outline 'Tchad' is no polygon of corners in degrees (a corner is no pair of degrees)",
    ),
    (
        "GeoJSON",
        changed((*FIRST, "geometry", "coordinates"), [[[[0, 0], [0.001, 0], [0, 0.001], [0, 0]]]]),
        "the outline 'Tchad' has no extent",
    ),
    # TopoJSON
    ("TopoJSON", changed(("objects",), {}), "it has no 'objects'"),
    ("TopoJSON", changed(LAYER, {}), "it has no 'countries'"),
    ("TopoJSON", changed((*LAYER, "geometries"), []), "it has no 'geometries'"),
    ("TopoJSON", changed(("arcs",), None), "it has no 'arcs'"),
    ("TopoJSON", changed(("arcs", 0), []), "a list of arcs or corners is missing"),
    ("TopoJSON", changed(("arcs", 0, 1), [1]), "a corner is no pair of numbers"),
    ("TopoJSON", changed(("arcs", 0, 1), [1, True]), "a corner is no pair of numbers"),
    ("TopoJSON", changed(("transform",), None), "it has no 'transform'"),
    ("TopoJSON", changed(("transform", "scale"), None), "'scale' is no pair of numbers"),
    ("TopoJSON", changed(("transform", "scale"), [1, 0.5]), "(a corner is no pair of degrees)"),
    ("TopoJSON", changed(SHAPE, None), "is no file of countries of Natural Earth: "),
    ("TopoJSON", changed((*SHAPE, "type"), "Point"), "'Tchad' is no polygon of corners in degrees"),
    ("TopoJSON", changed((*SHAPE, "arcs"), [[-1, 9]]), "it names the arc 9, which is none of 5"),
    ("TopoJSON", changed((*SHAPE, "arcs"), [[True]]), "it names the arc True, which is none of 5"),
    ("TopoJSON", changed((*SHAPE, "arcs"), 5), "a list of arcs or corners is missing"),
    ("TopoJSON", changed((*SHAPE, "arcs"), [[1, -1, 3]]), "the arc 3 does not begin where the one"),
    ("TopoJSON", changed((*SHAPE, "arcs"), [[1]]), "(an outline does not close)"),
    ("TopoJSON", changed((*SHAPE, "id"), 148), "the outline 'Tchad' has the code 148, expected"),
    ("TopoJSON", changed((*SHAPE, "properties"), {}), "it holds no 'name'"),
    # either
    ("GeoJSON", lambda held: json.dumps(held)[:-9], "is not a readable GeoJSON file"),
    ("TopoJSON", lambda held: "<!doctype html>", "is not a readable GeoJSON file"),
]


@pytest.mark.parametrize(("layout", "damage", "said"), DAMAGES)
def test_a_damage_is_one_sentence_that_names_the_file(tmp_path, capsys, layout, damage, said):
    assert run(tmp_path, damage(LAYOUTS[layout]())) == (2, None)
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "world.json" in told and said in told


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"names": {"Tchad": "Tshad"}},
            "the outline 'Tchad' is told to be of 'Tshad', which is not in country_year.csv",
        ),
        ({"small": []}, "holds no outline of Afghanistan, Albania, Algeria, "),
        ({"smal": []}, "facts.yml: unknown entry 'smal'; did you mean 'small'?"),
    ],
)
def test_a_fault_of_the_facts_is_one_sentence(tmp_path, capsys, changes, said):
    assert run(tmp_path, geojson(), **changes) == (2, None)
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and said in told


def test_arcs_without_a_transform_are_degrees():
    topology = {
        "objects": {"land": {"geometries": [{"type": "Polygon", "arcs": [[~1, 0]]}]}},
        "arcs": [[[0.5, 0], [2, 0], [2, 2]], [[0.5, 0], [2, 2]]],
    }
    [feature] = decoded(topology, "land")
    assert feature["geometry"]["coordinates"] == [[[2, 2], [0.5, 0], [2, 0], [2, 2]]]


def area(ring):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def shifted(ring, east):
    """Return a ring as a publisher tells it: longitudes from 180 west to 180 east."""
    return [[(x + east + 180) % 360 - 180, y] for x, y in ring]


@pytest.mark.parametrize("east", range(-177, 183, 13))
@pytest.mark.parametrize("limb", [0, 20])
def test_a_cut_keeps_the_area_with_its_hole_wherever_it_falls(east, limb):
    # A horseshoe: the antimeridian may cross it four times.
    outer = [[0, 0], [30, 0], [30, 40], [20, 40], [20, 10], [10, 10], [10, 40], [0, 40], [0, 0]]
    hole = ring(limb + 2.0, 20.0, 6.0)
    parts = cut([shifted(outer, east), shifted(hole, east)])
    assert sum(area(part[0]) for part in parts) == pytest.approx(area(outer))
    assert sum(area(one) for part in parts for one in part[1:]) == pytest.approx(area(hole))
    for part in parts:
        assert all(one[0] == one[-1] and len(one) >= 4 for one in part)
        corners = [x for one in part for x, _ in one]
        assert min(corners) >= -180 and max(corners) <= 180
        east_of, west_of = (at(x for x, _ in part[0]) for at in (min, max))
        assert all(east_of <= x <= west_of for one in part[1:] for x, _ in one)
        leaps = [abs(a[0] - b[0]) for one in part for a, b in pairwise(one)]
        assert max(leaps) <= 30


@pytest.mark.parametrize("pole", [-1, 1])
@pytest.mark.parametrize("way", [-1, 1])
@pytest.mark.parametrize("east", [0, 7, 60])
def test_a_ring_round_a_pole_is_closed_along_it(pole, way, east):
    round_it = shifted([[x, pole * (70 + x % 7)] for x in range(0, 360, 60)][::way], east)
    [[closed]] = cut([[*round_it, round_it[0]]])
    heights = [abs(y) for _, y in round_it]
    assert 360 * (90 - max(heights)) < area(closed) < 360 * (90 - min(heights))
    assert {x for x, y in closed if abs(y) == 90} == {-180, 180}
    assert {y for _, y in closed if abs(y) == 90} == {90 * pole}


def test_what_was_cut_before_stays_as_it_is():
    land = [[-180, -90], [180, -90], [180, -84], [60, -70], [-60, -70], [-180, -84], [-180, -90]]
    assert cut([land]) == [[land]]


def test_the_table_has_a_country_of_ours_or_none_for_each_outline():
    path = paths.RAW / "world_admin0.geojson"
    told = verify(path)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    drawn = {feature["properties"]["name"] for feature in features} - {""}
    assert drawn <= set(load(paths.RAW / "country_year.csv")["country"])
    [small] = [note for note in told.notes if "too small" in note]
    assert set(SHOWN) - drawn == set(small.rstrip(".").split(": ")[1].split(", "))
    assert path.stat().st_size < 250_000
    for feature in features:
        for polygon in feature["geometry"]["coordinates"]:
            ends = [x for x, _ in polygon[0]]
            assert max(ends) - min(ends) < 180 or not feature["properties"]["name"]

"""A map of the world: classes hold every value, colours follow them, what has none is hatched."""

import json
import time
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.figures import style
from helpers.figures.classes import MOST, class_edges, class_names
from helpers.figures.maps import LAND
from helpers.figures.world import BORDER, NOTHING, choropleth, equal_earth


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def square(name, east, north=0.0, side=10.0):
    corners = [[0, 0], [side, 0], [side, side], [0, side], [0, 0]]
    ring = [[east + x, north + y] for x, y in corners]
    return {
        "properties": {"name": name},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }


def world(*names):
    return {"features": [square(name, 10.0 * at) for at, name in enumerate(names)]}


def drawn(axes):
    """Return the hatched shapes and the filled ones."""
    shapes = [one for one in axes.collections if isinstance(one, PathCollection)]
    hatched = [one for one in shapes if one.get_hatch()]
    filled = [one for one in shapes if not one.get_hatch()]
    return tuple(one[0] if one else None for one in (hatched, filled))


def key(axes):
    legend = axes.get_legend()
    said = [text.get_text() for text in legend.get_texts()]
    return dict(zip(said, (one.get_facecolor() for one in legend.get_patches()), strict=True))


def lightness(colour):
    return float(np.dot(colour[:3], (0.2126, 0.7152, 0.0722)))


# The projection.


def test_equal_areas_stay_equal_from_the_equator_to_the_pole():
    south = np.arange(-89.0, 89.0)
    x, y = equal_earth(np.full(178, 10.0), south)
    wide, high = equal_earth(np.full(178, 10.0), south + 1)
    areas = (x + wide) / 2 * (high - y)  # of strips from the middle to ten degrees east
    on_globe = np.radians(10) * (np.sin(np.radians(south + 1)) - np.sin(np.radians(south)))
    assert np.allclose(areas / on_globe, 1, atol=2e-4)


def test_east_and_west_mirror_each_other_and_the_pole_is_a_line():
    x, y = equal_earth(np.array([-120.0, 120.0, 180.0]), np.array([40.0, 40.0, 90.0]))
    assert x[0] == -x[1] and y[0] == y[1] and x[2] > 1


# Classes.


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_every_value_has_one_class_and_classes_are_few(scale):
    draw = np.random.default_rng(7)
    for size in (1, 2, 5, 100):
        for spread in (0.1, 1.0, 4.0, 9.0):
            values = np.exp(draw.normal(0, spread, size))
            values = values if scale == "log" else values * draw.choice([-1, 1])
            for shown in (values, np.round(values, 1)):
                some = shown[shown > 0] if scale == "log" else shown
                edges = class_edges(shown, scale)
                if not len(some):
                    assert edges == []
                    continue
                assert 2 <= len(edges) <= MOST + 1 and sorted(set(edges)) == edges
                assert edges[0] <= some.min() < edges[1] and edges[-2] <= some.max() < edges[-1]
                names = class_names(edges, whole=False)
                assert len(set(names)) == len(names) == len(edges) - 1


@pytest.mark.parametrize("value", [0.3, 1, 3, 10, 1000, 1e6])
def test_a_value_on_an_edge_begins_a_class(value):
    assert class_edges([value])[0] == value


def test_a_class_of_whole_numbers_ends_before_the_next():
    assert class_names([0, 1, 2.5], whole=True) == ["0 to 1", "1 to 2.5"]
    assert class_names([0, 1, 3, 1000], whole=True) == ["0", "1 to 2", "3 to 999"]


@pytest.mark.parametrize(
    ("values", "said"), [([1, -2.5], "-2.5 has no class"), ([1, np.inf], "not finite")]
)
def test_a_value_without_a_class_is_one_sentence(values, said):
    with pytest.raises(InputError, match=said):
        class_edges(values)


# The map.


def test_colours_follow_the_key_and_darken_with_the_value():
    axes = plt.figure().subplots()
    values = {"A": 4.0, "B": 0.0, "C": 4000.0, "D": 50.0}
    assert choropleth(axes, world("A", "B", "C", "D"), values, "deaths") == []
    said = ["0", "1 to 9", "10 to 99", "100 to 999", "1,000 to 9,999"]
    assert sorted(key(axes)) == sorted(said)
    _, filled = drawn(axes)
    wanted = [key(axes)[name] for name in ("1 to 9", "0", "1,000 to 9,999", "10 to 99")]
    assert np.allclose(filled.get_facecolors(), wanted)
    light = [lightness(key(axes)[name]) for name in said]
    assert light == sorted(light, reverse=True)
    assert min(a - b for a, b in pairwise(light)) > 0.05  # still apart in print


def test_the_key_is_read_row_by_row():
    axes = plt.figure(figsize=(7.2, 3.8)).subplots()
    choropleth(axes, world("A", "B", "C"), {"A": 1, "B": 99_999}, "deaths")
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.get_legend().get_texts()]
    said = [text.get_text() for text in axes.get_legend().get_texts()]
    rows = sorted(range(len(said)), key=lambda at: (-round(boxes[at].y0), boxes[at].x0))
    assert [said[at] for at in rows] == [
        "1 to 9", "10 to 99", "100 to 999", "1,000 to 9,999", "10,000 to 99,999", NOTHING,
    ]  # fmt: skip


@pytest.mark.parametrize("width", [3.9, 7.2, 12.0])
def test_the_key_is_no_wider_than_the_figure(width):
    style.use_style()
    figure, axes = plt.subplots(figsize=(width, 3.8))
    choropleth(axes, world("A", "B", "C"), {"A": 1, "B": 99_999}, "deaths")
    figure.canvas.draw()
    box = axes.get_legend().get_window_extent()
    assert box.x0 >= 0 and box.x1 <= figure.bbox.width and box.y0 >= 0


def test_what_has_no_value_is_hatched_and_the_key_says_so():
    axes = plt.figure().subplots()
    lost = choropleth(axes, world("A", "B", ""), {"A": 3, "B": float("nan"), "Island": 5}, "deaths")
    assert lost == ["Island"]
    hatched, filled = drawn(axes)
    assert (len(hatched.get_paths()), len(filled.get_paths())) == (2, 1)
    assert np.allclose(hatched.get_facecolors(), to_rgba(LAND))
    assert NOTHING in key(axes)


@pytest.mark.parametrize("values", [{}, {"A": float("nan")}])
@pytest.mark.parametrize("scale", ["log", "linear"])
def test_no_value_at_all_is_a_map_without_classes(values, scale):
    axes = plt.figure().subplots()
    assert choropleth(axes, world("A", "B"), values, "deaths", scale=scale) == []
    hatched, filled = drawn(axes)
    assert len(hatched.get_paths()) == 2 and filled is None and list(key(axes)) == [NOTHING]


def test_only_zeros_have_a_class_of_their_own():
    axes = plt.figure().subplots()
    choropleth(axes, world("A"), {"A": 0}, "deaths")
    assert list(key(axes)) == ["0"]


def test_values_of_both_signs_have_linear_classes():
    axes = plt.figure().subplots()
    choropleth(axes, world("A", "B"), {"A": -3.5, "B": 4.0}, "change", scale="linear")
    assert next(iter(key(axes))).startswith("-4 to ") and len(drawn(axes)[1].get_paths()) == 2


def outline(axes):
    found = [one for one in axes.collections if isinstance(one, LineCollection)]
    return found[0].get_segments() if found else []


def test_the_mark_is_one_line_round_all_outlines_of_a_country():
    axes = plt.figure().subplots()
    choropleth(axes, world("A", "A", "B"), {"A": 3}, "deaths", mark="A")
    assert len(outline(axes)) == 6  # two squares without the side that they share
    middle = equal_earth(np.array([10.0]), np.array([0.0]))[0][0]
    assert not any(np.allclose(line[:, 0], middle) for line in outline(axes))
    assert list(axes.lines) == []  # a country of this size needs no ring


def test_a_small_country_that_is_marked_gets_a_ring():
    axes = plt.figure().subplots()
    both = {"features": [square("A", 0), square("Dot", 60, 10, side=1.0)]}
    choropleth(axes, both, {"A": 3}, "deaths", mark="Dot")
    [x], [y] = axes.lines[0].get_data()
    assert np.allclose((x, y), np.ravel(equal_earth(np.array([60.5]), np.array([10.5]))), atol=1e-3)


def test_a_marked_country_without_an_outline_is_told():
    axes = plt.figure().subplots()
    assert choropleth(axes, world("A"), {"A": 3}, "deaths", mark="Island") == ["Island"]
    assert outline(axes) == [] and list(axes.lines) == []


def test_a_hole_stays_open():
    axes = plt.figure().subplots()
    feature = square("A", 0, side=30.0)
    hole = [[10, 10], [10, 20], [20, 20], [20, 10], [10, 10]]
    feature["geometry"]["coordinates"][0].append(hole)
    choropleth(axes, {"features": [feature]}, {"A": 3}, "deaths")
    axes.figure.canvas.draw()
    picture = np.asarray(axes.figure.canvas.buffer_rgba())[::-1]

    def colour(at):
        flat = axes.transData.transform(np.ravel(equal_earth(*np.full((2, 1), at))))
        return picture[tuple(flat.astype(int)[::-1])] / 255

    assert np.allclose(colour(15.0)[:3], 1)
    assert np.allclose(colour(5.0), key(axes)["3 to 9"], atol=0.01)


# The real outlines.


@pytest.fixture(scope="module")
def outlines():
    return json.loads((paths.RAW / "world_admin0.geojson").read_text(encoding="utf-8"))


def test_no_line_leads_across_the_world(outlines):
    axes = plt.figure().subplots()
    choropleth(axes, outlines, {}, "deaths")
    width = np.ptp(axes.get_xlim())
    bottom = axes.get_ylim()[0]
    for shape in drawn(axes)[0].get_paths():
        steps = np.abs(np.diff(shape.vertices[:, 0]))
        along = shape.codes[1:] == shape.LINETO
        within = (shape.vertices[1:, 1] > bottom) & along
        assert steps[within].max(initial=0) < 0.2 * width


def test_the_map_is_drawn_fast_and_whole(outlines):
    names = sorted({f["properties"]["name"] for f in outlines["features"]} - {""})
    axes = plt.figure().subplots()
    start = time.process_time()
    lost = choropleth(axes, outlines, {name: at for at, name in enumerate(names)}, "rank", "linear")
    spent = time.process_time() - start
    assert lost == [] and spent < 0.3
    _, filled = drawn(axes)
    assert len(filled.get_paths()) >= len(names)
    assert np.allclose(filled.get_edgecolors(), to_rgba(BORDER))


def test_the_same_map_is_the_same_bytes(outlines):
    def once():
        figure, axes = plt.subplots()
        choropleth(axes, outlines, {}, "deaths")
        return style.svg(figure)

    assert once() == once()
    assert mpl.rcParams["hatch.linewidth"] == mpl.rcParamsDefault["hatch.linewidth"]

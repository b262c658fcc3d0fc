"""Maps and rates: what has a value is coloured by it, what has none stays grey."""

import matplotlib.pyplot as plt
import pandas as pd

from helpers.figures import maps, places


def outline(*names):
    """Squares of one degree beside each other."""
    return {
        "features": [
            {
                "properties": {"name": name},
                "geometry": {
                    "coordinates": [[[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]]],
                },
            }
            for x, name in enumerate(names)
        ]
    }


def test_a_unit_without_a_value_stays_grey_and_the_largest_is_darkest():
    axes = plt.figure().subplots()
    places.provinces(axes, outline("A", "B", "C"), {"A": 1.0, "B": 4.0}, "rate")
    first, second, third = (patch.get_facecolor() for patch in axes.patches)
    assert sum(second[:3]) < sum(first[:3])
    assert third[:3] == plt.matplotlib.colors.to_rgb(maps.LAND)


def test_cells_lie_round_their_middle_and_empty_ones_are_not_drawn():
    axes = plt.figure().subplots()
    table = pd.DataFrame({"longitude": [0.25, 0.75, 0.25], "latitude": [0.25, 0.25, 0.75]})
    places.cells(axes, outline("A"), table.assign(deaths=[9, 0, 1]), "deaths", "deaths")
    _, one, other = axes.patches
    assert one.get_xy() == (0.0, 0.0) and other.get_xy() == (0.0, 0.5)
    assert one.get_width() == one.get_height() == places.CELL
    assert sum(one.get_facecolor()[:3]) < sum(other.get_facecolor()[:3])


def test_names_at_the_ends_of_lines_do_not_meet():
    axes = plt.figure().subplots()
    table = pd.DataFrame({"unit": ["A", "A", "B", "B"], "year": [2023, 2024] * 2})
    table = table.assign(rate=[1, 2, 1.5, 1.99], how=["census", "carried"] * 2)
    places.rates(axes, table, "rate")
    axes.figure.draw_without_rendering()
    one, other = (text.get_window_extent() for text in axes.texts)
    assert sorted(text.get_text() for text in axes.texts) == ["A", "B"]
    assert min(abs(one.y0 - other.y1), abs(other.y0 - one.y1)) < 6 and not one.overlaps(other)
    assert [line.get_markerfacecolor() for line in axes.lines].count("white") == 2


def test_a_word_stands_over_a_wide_unit_and_beside_the_map_of_a_narrow_one():
    axes = plt.figure(figsize=(4, 4)).subplots()
    wide, narrow = (
        [[0, 0], [9, 0], [9, 4], [0, 4], [0, 0]],
        [[4, 5], [5, 5], [5, 9], [4, 9], [4, 5]],
    )
    collection = {
        "features": [
            {"properties": {"name": name}, "geometry": {"coordinates": [[ring]]}}
            for name, ring in (("wide", wide), ("narrow", narrow))
        ]
    }
    places.provinces(
        axes,
        collection,
        {"wide": 1.0, "narrow": 2.0},
        "rate",
        {"wide": "Wide land", "narrow": "Narrow land"},
    )
    found = {text.get_text(): text for text in axes.texts}
    assert found["Wide land"].get_position() == (4.5, 2.0)
    beside = found["Narrow land"]
    assert beside.xy == (4.5, 7.0)  # where its line ends
    assert beside.xyann[0] < 4 and beside.get_ha() == "right"
    plt.close("all")

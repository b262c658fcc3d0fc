"""What a cell happens to end with leaves no trace; what it was meant to show stays."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.run.canonical import canonical


def shown(value):
    """Return what is left of a cell that ends with a value."""
    data = {"text/plain": repr(value)}
    output = {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
    cell = {"cell_type": "code", "metadata": {}, "source": "", "outputs": [output]}
    return canonical({"cells": [cell], "metadata": {}})["cells"][0]["outputs"]


def artists():
    axes = plt.figure().subplots()
    line = axes.plot([1, 2], label="a")
    yield from (axes.legend(), line, axes.bar([1], [2]), axes.set_title("a"), axes.set(xlabel="b"))
    yield from (axes.hist([1.0, 2.0]), axes.text(0, 0, "c"), axes.figure.canvas, object(), iter([]))
    yield from (axes.set_xticks([1]), lambda: None, (value for value in "ab"))


@pytest.mark.parametrize("value", list(artists()), ids=lambda one: type(one).__name__)
def test_parts_of_figures_and_places_in_memory_are_dropped(value):
    assert shown(value) == []


@pytest.mark.parametrize(
    "value",
    [3, 0.25, "at 0x10", [1, 2], {"Text": 1}, pd.Series([1.0]), (1, "<b>"), None, "Text(a)"],
)
def test_values_that_a_cell_was_meant_to_show_stay(value):
    assert len(shown(value)) == 1

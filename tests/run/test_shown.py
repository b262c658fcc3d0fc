"""What a reader takes together: a row, and not all that stands in one file."""

import pytest

from helpers.run.shown import WINDOW, of_json


@pytest.mark.parametrize("number", [1, WINDOW, WINDOW + 1, WINDOW + 2, 200])
@pytest.mark.parametrize("named", [True, False])
def test_values_of_a_long_object_are_a_row_with_their_neighbours_alone(number, named):
    values = [f"v{at}" for at in range(number)]
    held = {f"key{value}": value for value in values} if named else values
    records = [record.split() for record in of_json(held).records]
    assert max(sum(word in values for word in record) for record in records) <= WINDOW
    row = min(12, number)  # as wide as a table of one's own
    for start in range(number - row + 1):
        assert any(set(values[start : start + row]) <= set(record) for record in records)
        if named:
            assert any({f"keyv{start}", f"v{start}"} <= set(record) for record in records)


def test_columns_of_a_table_that_are_hundreds_are_no_row_together():
    held = {f"key{at}": {"value": f"v{at}", "unit": "deaths"} for at in range(300)}
    longest = max(of_json(held).records, key=len)
    assert len(longest.split()) <= 2 * WINDOW
    narrow = of_json({"place": ["A", "B"], "deaths": ["v1", "v2"]})
    assert "A v1" in narrow.records and len(narrow.tables) == 1

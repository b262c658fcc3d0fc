"""What weighs a gradient: the pieces agree with the test that they are of."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.gradients import HARDEST, weighed
from helpers.stats.panels.gradient import Gradient, worlds


@pytest.fixture(scope="module")
def cells():
    """Half-degree cells in a square, with a doubling for each degree to the east."""
    rows, columns = np.divmod(np.arange(100), 10)
    table = pd.DataFrame({"latitude": 28 + rows / 2, "longitude": 66 + columns / 2})
    own = np.random.default_rng(7)
    after = own.binomial(40, 1 / (1 + 2.0 ** -(table["longitude"] - 68.25)))
    return table.assign(before=40 - after, after=after)


def test_a_planted_gradient_is_found_and_weighed(cells):
    blocks = (cells[["latitude", "longitude"]] // 1).astype(int).astype(str).agg(" ".join, axis=1)
    test = Gradient(cells["longitude"], blocks, draws=499)
    found = weighed(test, cells, np.random.default_rng(1), smallest=1.25, simulated=60)
    beside = found.beside()
    assert found.step.value == pytest.approx(2, rel=0.1) and found.step.low > 1
    assert beside["p"] == found.step.p < 0.05 and beside["size"] <= 0.2
    assert beside["power"] <= beside["power_at_2"] and len(found.null) == 60
    assert abs(beside["alike"]) < 0.15 and beside["scatter"] < 0.05
    assert found.words()["worst_world"] in worlds(test, cells, cells)
    assert HARDEST in worlds(test, cells, cells)
    with pytest.raises(InputError, match="expected one above 1"):
        weighed(test, cells, np.random.default_rng(1), smallest=0.8)

"""The trial of the tests, arranged for its table."""

import numpy as np
import pandas as pd

from helpers.measures.methods import PERCENTS, in_percent

COLUMNS = ["scenario", "method", "share", "covered"]


def test_each_test_is_set_beside_itself_in_its_own_scenario():
    size = pd.DataFrame(
        [("calm", "a", 0.05, 0.95), ("calm", "b", 0.3, 0.7), ("wild", "a", 0.1, np.nan)],
        columns=COLUMNS,
    )
    planted = pd.DataFrame(
        [("wild", "a", 0.2, np.nan), ("calm", "b", 0.8, 0.6), ("calm", "a", 0.4, 0.9)],
        columns=COLUMNS,
    )
    found = in_percent(size, planted)
    assert found["scenario"].tolist() == ["calm", "calm", "wild"]
    assert found["method"].tolist() == ["a", "b", "a"]
    assert found[PERCENTS].fillna(-1).to_numpy().tolist() == [
        [5, 40, 90],
        [30, 80, 60],
        [10, 20, -1],
    ]

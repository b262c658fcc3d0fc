"""The trial of the tests, arranged for its table."""

import numpy as np
import pandas as pd

from helpers.measures.methods import RATES, in_percent, in_words

COLUMNS = ["scenario", "span", "method", "effect", "share", "covered"]


def test_each_test_is_set_beside_itself_in_its_own_scenario():
    table = pd.DataFrame(
        [
            ("wild", "34+6", "a", 1.0, 0.1, np.nan),
            ("calm", "34+6", "a", 0.6, 0.4, 0.9),
            ("calm", "34+6", "a", 1.0, 0.05, 0.95),
            ("calm", "60+6", "a", 1.0, 0.3, 0.7),
            ("calm", "34+6", "a", 2.0, 0.5, 0.8),
            ("wild", "34+6", "a", 2.0, 0.2, np.nan),
        ],
        columns=COLUMNS,
    )
    found = in_percent(table)
    assert in_words(table).iloc[3] == "calm, 60+6 months"
    assert found["scenario"].tolist() == ["wild", "calm", "calm"]
    assert found[list(RATES)].fillna(-1).round(6).to_numpy().tolist() == [
        [10, -1, 20, -1, -1],
        [5, 40, 50, 90, 80],
        [30, -1, -1, -1, -1],
    ]

"""The figures that the project carries, corrected and in force, as the chapters read them."""

from collections.abc import Callable

import pandas as pd
import pytest
import yaml

from helpers.base import paths
from helpers.clean import corrections, in_force
from helpers.raw import contract


def _corrected(name: str) -> pd.DataFrame:
    """A raw table of the project after the ledger of corrections."""
    ledger = yaml.safe_load((paths.RAW / "corrections.yml").read_text())
    return corrections.apply(contract.load(paths.RAW / f"{name}.csv"), name, ledger)[0]


@pytest.fixture(scope="session")
def corrected() -> Callable[[str], pd.DataFrame]:
    return _corrected


@pytest.fixture(scope="session")
def published_periods() -> pd.DataFrame:
    return in_force.periods(_corrected("published_figures"))

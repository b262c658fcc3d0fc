"""Reading a publisher's file: only the columns we know, and one sentence when they are not there."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.raw.sidecar import Column, Licence

CC_BY = Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/")
ACCESSED = "2026-11-23"  # when the publishers' files at hand were gathered


def read_csv(path: Path, columns: Sequence[str] = (), **options) -> pd.DataFrame:
    """Read a publisher's CSV as it is; :class:`InputError` when it, or one of ``columns``, is missing."""
    if not path.exists():
        raise InputError(
            f"the publisher's file {path} does not exist; download it and name its path"
        )
    try:
        frame = pd.read_csv(path, low_memory=False, **options)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            f"{path.name} cannot be read as CSV: {' '.join(str(error).split())}"
        ) from None
    for name in columns:
        if name not in frame:
            raise InputError(
                f"{path.name}, line 1: column '{name}' is missing"
                + did_you_mean(name, frame.columns)
                + "; is it another version of the data set?"
            )
    return frame


def text(meaning: str, **more) -> Column:
    """A column of text."""
    return Column(type="string", meaning=meaning, **more)


def count(unit: str, meaning: str, **more) -> Column:
    """A column of counts, never negative."""
    return Column(type="integer", unit=unit, meaning=meaning, minimum=0, **more)

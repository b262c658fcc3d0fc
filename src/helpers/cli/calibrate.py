"""``make calibrate``: size and power of the tests of an interrupted series, simulated in full."""

import argparse
import os
import sys

from helpers.base import paths
from helpers.base.errors import one_sentence

SEED = 20241231
SIZE = ["method", "scenario", "primary", "rejects", "series", "share", "low", "high", "covered"]


@one_sentence
def main(arguments: list[str] | None = None) -> int:
    """Print how often each test rejects with and without an effect, and write data/processed/calibration.json."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.cli.calibrate", description=main.__doc__
    )
    parser.add_argument(
        "--series", type=int, default=400, help="simulated series for each scenario and effect"
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        help="processes; the answers do not depend on it",
    )
    options = parser.parse_args(arguments)
    import numpy as np

    from helpers.base.files import write_json
    from helpers.stats.trust.calibration import calibration

    table = calibration(np.random.default_rng(SEED), series=options.series, workers=options.workers)
    size, power = table[table["effect"] == 1], table[table["effect"] != 1]
    print(
        size[["scenario", "method", "share", "covered"]].to_string(
            index=False, float_format="{:.3f}".format
        )
    )
    print(
        power[["scenario", "method", "effect", "share", "covered"]].to_string(
            index=False, float_format="{:.3f}".format
        )
    )
    write_json(
        paths.PROCESSED / "calibration.json",
        {"size": _rows(size, SIZE), "power": _rows(power, [*SIZE, "effect"])},
    )
    return 0


def _rows(table, columns: list[str]) -> list[dict]:
    """Return the rows as plain values; what a method does not give (an interval) is null."""
    rows = table[columns].to_dict("records")
    return [
        {name: None if value != value else value for name, value in row.items()} for row in rows
    ]


if __name__ == "__main__":
    sys.exit(main())

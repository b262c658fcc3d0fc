"""The part of ``make bench`` that times a large file of events beside ``pandas.read_csv``."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.base import paths
from helpers.ingest.ucdp_header import PLACES, WIDTH

EVENTS = 400_000  # of a full release
SEED = 20241231
COUNTRIES = 120
COUNTRY = "Land Aa"
TIMES = 3  # of which the quickest counts
# Counted from when everything is imported; the peak is that of the process, in kilobytes.
PROGRAM = """
import sys, time
from pathlib import Path
import pandas as pd, pyarrow.compute, pyarrow.csv
from helpers.ingest.ucdp_events import read_country
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith("VmHWM"))
what, path, country = sys.argv[1:]
before, started = peak(), time.perf_counter()
read_country([Path(path)], country, None) if what == "ours" else pd.read_csv(path, low_memory=False)
print(time.perf_counter() - started, peak() - before)
"""


class Cost(NamedTuple):
    """What reading a file costs.

    Attributes
    ----------
    seconds : float
        The quickest of some times.
    megabytes : float
        How much higher the peak of memory rises than before.
    """

    seconds: float
    megabytes: float


def release(path: Path, n_events: int) -> None:
    """Write made-up events in the layout of a full release.

    Parameters
    ----------
    path : pathlib.Path
        File that is made; its name tells the version.
    n_events : int
        How many.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     release(Path(folder, "ged251.csv"), 200)
    ...     made = pd.read_csv(Path(folder, "ged251.csv"))
    >>> made.shape, bool((made["best"] == made["deaths_a"] + made["deaths_b"]).all())
    ((200, 49), True)
    """
    with path.open("w", encoding="utf-8", newline="") as stream:
        for at, part in enumerate(_parts(n_events)):
            part.to_csv(stream, index=False, header=at == 0)


def _parts(n_events: int, size: int = 50_000) -> Iterator[pd.DataFrame]:
    random = np.random.default_rng(SEED)
    names = {place: name for name, place in PLACES.items()}
    theirs = {"deaths_best": "best", "deaths_low": "low", "deaths_high": "high"}
    theirs |= {"civilians": "deaths_civilians", "dyad": "dyad_name", "dyad_id": "dyad_new_id"}
    theirs |= {"province": "adm_1", "district": "adm_2"}
    header = [theirs.get(names.get(at, ""), names.get(at, f"other_{at}")) for at in range(WIDTH)]
    header[2] = "year"
    for first in range(0, n_events, size):
        n = min(size, n_events - first)
        land, dyad = random.integers(0, COUNTRIES, n), random.integers(0, 900, n)
        days = pd.Series(
            pd.Timestamp("1989-01-01") + pd.to_timedelta(random.integers(0, 13000, n), "D")
        )
        side_a, side_b = random.poisson(1, n), random.poisson(2, n)
        said = [
            f"At least {a} were killed near town {b}, officials say" for a, b in zip(side_a, dyad)
        ]
        part = pd.DataFrame(dict.fromkeys(header, ""), index=range(n))
        part["id"] = np.arange(first, first + n) + 1
        part["year"], part["type_of_violence"] = days.dt.year, dyad % 3 + 1
        part["date_start"] = part["date_end"] = days.dt.strftime("%Y-%m-%d 00:00:00.000")
        part["country"] = [f"Land {chr(65 + one // 26)}{chr(97 + one % 26)}" for one in land]
        part["country_id"], part["region"], part["where_prec"] = land + 2, "Asia", 1
        part["dyad_new_id"], part["dyad_name"] = dyad, [f"Army {one} - Side {one}" for one in dyad]
        part["side_a"], part["side_b"] = "Army", [f"Side {one}" for one in dyad]
        part["adm_1"] = part["adm_2"] = [f"Unit {one % 40}" for one in dyad]
        part["latitude"], part["longitude"] = random.uniform(0, 60, n), random.uniform(0, 60, n)
        part["deaths_a"], part["deaths_b"], part["deaths_civilians"] = side_a, side_b, 0
        part["deaths_unknown"], part["best"] = 0, side_a + side_b
        part["low"], part["high"] = part["best"], part["best"] + 1
        for at in (18, 19, 20, 22, 23, 25, 26):
            part[header[at]] = said
        yield part


def cost(what: str, path: Path) -> Cost:
    """Return what reading a file costs in a process of its own.

    Parameters
    ----------
    what : {"ours", "pandas"}
        One country with all checks, or all of it with ``pandas.read_csv``.
    path : pathlib.Path
        The file.

    Returns
    -------
    Cost
        Of the quickest time, and the least peak.

    Raises
    ------
    subprocess.CalledProcessError
        When it cannot be read.
    """
    words = [sys.executable, "-P", "-c", PROGRAM, what, str(path), COUNTRY]
    told = [
        subprocess.run(words, check=True, capture_output=True, text=True, cwd=paths.ROOT).stdout
        for _ in range(TIMES)
    ]
    figures = [[float(one) for one in line.split()] for line in told]
    return Cost(min(one[0] for one in figures), min(one[1] for one in figures) / 1000)


def measure(n_events: int = EVENTS) -> dict[str, Cost]:
    """Return what reading a full release costs, and one of ten times the events.

    Parameters
    ----------
    n_events : int
        Of the smaller of the two.

    Returns
    -------
    dict of str to Cost
        ``pandas``, ``ours`` and ``ten times``.

    Raises
    ------
    subprocess.CalledProcessError
        When one cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="bench-files-") as folder:
        path = Path(folder, "ged251.csv")
        release(path, n_events)
        found = {"pandas": cost("pandas", path), "ours": cost("ours", path)}
        release(path, 10 * n_events)
        return found | {"ten times": cost("ours", path)}

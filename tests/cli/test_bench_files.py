"""The file that is measured is a release that the reader takes."""

import pandas as pd

from helpers.cli.bench_files import COUNTRY, release
from helpers.ingest.ucdp_events import read_country


def test_the_measured_file_is_read_as_pandas_reads_it(tmp_path):
    path = tmp_path / "ged251.csv"
    release(path, 500)
    plain = pd.read_csv(path)
    plain = plain[plain["country"] == COUNTRY]
    ours = read_country([path], COUNTRY, None)
    assert len(ours) == len(plain) > 0 and ours["deaths_best"].sum() == plain["best"].sum()

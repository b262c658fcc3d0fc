"""Two built files that differ say where."""

import json

import pandas as pd
import pytest

from helpers.cli.differences import first_difference


@pytest.mark.parametrize(
    ("kind", "one", "two", "words"),
    [
        ("json", {"a": {"b": 1}}, {"a": {"b": 2}}, "key a/b: 1 and 2"),
        (
            "ipynb",
            {"cells": [{"id": "x", "source": "1"}]},
            {"cells": [{"id": "x", "source": "2"}]},
            "cell 1 (x), source: '1' and '2'",
        ),
    ],
)
def test_the_first_difference_is_named(tmp_path, kind, one, two, words):
    paths = [tmp_path / f"{name}.{kind}" for name in "ab"]
    for path, value in zip(paths, (one, two)):
        path.write_text(json.dumps(value))
    assert first_difference(*paths) == words
    assert first_difference(paths[0], paths[0]) is None


def test_tables_and_pages_name_row_and_line(tmp_path):
    for name, value in (("a", 1), ("b", 2)):
        pd.DataFrame({"x": [0, value]}).to_parquet(tmp_path / f"{name}.parquet")
        (tmp_path / f"{name}.html").write_text(f"<p>\n<b>{value}</b>")
    assert (
        first_difference(tmp_path / "a.parquet", tmp_path / "b.parquet")
        == "column 'x', row 1: np.int64(1) and np.int64(2)"
    )
    assert (
        first_difference(tmp_path / "a.html", tmp_path / "b.html")
        == "line 2, character 4: '1</b>' and '2</b>'"
    )

"""Two built files that differ say where."""

import json
from pathlib import Path

import pandas as pd

from helpers.cli.differences import differences, first_difference


def write(folder: Path, name: str, value: object) -> dict[str, Path]:
    """One built file of a project, by its name."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value))
    return {f"data/{name}": file}


def build(folder: Path, stage: dict, cells: list[str]) -> dict[str, Path]:
    book = {
        "cells": [
            {"id": f"c{n}", "execution_count": n, "source": s} for n, s in enumerate(cells, start=1)
        ]
    }
    return write(folder, "stages/03-trend.json", stage) | write(
        folder, "executed/03-trend.ipynb", book
    )


def test_a_result_is_named_with_its_notebook_and_cell_and_before_all_else(tmp_path):
    stage = {
        "results": {"trend.rise": {"value": 1.5, "n": 3}},
        "cells": {"trend.rise": {"number": 7}},
    }
    other = {
        "results": {"trend.rise": {"value": 1.6, "n": 3}},
        "cells": {"trend.rise": {"number": 7}},
    }
    left = build(tmp_path / "a", stage, ["1", "2"])
    assert differences(left, left) == []
    found = differences(left, build(tmp_path / "b", other, ["1", "3"]))
    assert [str(one) for one in found] == [
        "03-trend, cell [7], result trend.rise: 1.5 and 1.6 (data/stages/03-trend.json)",
        "03-trend, cell [2] (c2), source: '2' and '3' (data/executed/03-trend.ipynb)",
    ]


def test_a_file_of_one_build_alone_and_what_else_a_stage_lists_are_told(tmp_path):
    stage = {"results": {}, "cells": {}, "figures": ["rise"]}
    left = build(tmp_path / "a", stage, ["1"])
    right = build(tmp_path / "b", {**stage, "figures": ["fall"]}, ["1"])
    right |= write(tmp_path / "b", "new.json", {})
    assert [one.where for one in differences(left, right)] == [
        "03-trend, figures/0: 'rise' and 'fall'",
        "only one of the two builds has the file",
    ]


def test_a_key_of_other_json_is_named(tmp_path):
    one, two = (write(tmp_path / name, "x.json", {"a": {"b": name}}) for name in "ab")
    assert [found.where for found in differences(one, two)] == ["key a/b: 'a' and 'b'"]


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

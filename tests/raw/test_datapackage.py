"""The data package says of each raw table what its sidecar says."""

import json

import pandas as pd
from conftest import sidecar

from helpers.base import paths
from helpers.raw.datapackage import datapackage
from helpers.raw.put import put
from helpers.raw.sidecar import Column, read_sidecar, sidecar_path


def test_a_table_is_described_with_its_limits(tmp_path):
    columns = {
        "month": Column(type="month", meaning="when"),
        "deaths": Column(type="integer", meaning="killed", unit="deaths", minimum=0),
        "side": Column(type="string", meaning="who", allowed=["a", "b"], nullable=True),
    }
    table = tmp_path / "some_months.csv"
    frame = pd.DataFrame({"month": ["2024-01"], "deaths": [3], "side": [None]})
    put(frame, table, sidecar(columns, ["month"]))
    (one,) = datapackage([table])["resources"]
    assert (one["name"], one["path"]) == ("some-months", "some_months.csv")
    assert one["hash"] == f"sha256:{read_sidecar(table).sha256}"
    assert one["schema"]["primaryKey"] == ["month"]
    assert one["schema"]["fields"] == [
        {
            "name": "month",
            "type": "yearmonth",
            "description": "when",
            "constraints": {"required": True},
        },
        {
            "name": "deaths",
            "type": "integer",
            "description": "killed (deaths)",
            "constraints": {"required": True, "minimum": 0},
        },
        {
            "name": "side",
            "type": "string",
            "description": "who",
            "constraints": {"enum": ["a", "b"]},
        },
    ]


def test_every_raw_table_of_the_project_can_be_described():
    tables = [
        path
        for path in sorted(paths.RAW.iterdir())
        if path.is_file() and ".source." not in path.name and sidecar_path(path).exists()
    ]
    resources = json.loads(json.dumps(datapackage(tables)))["resources"]
    assert [one["path"] for one in resources] == [path.name for path in tables]
    assert all(one["hash"].startswith("sha256:") for one in resources)

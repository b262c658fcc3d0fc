"""What an archive would say of a bundle is what make archive says."""

import json
import subprocess
from datetime import UTC, datetime

import pandas as pd
import pytest
from conftest import sidecar

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli import archive
from helpers.cli.crate import crate
from helpers.raw.datapackage import datapackage
from helpers.raw.put import put
from helpers.raw.sidecar import Column

PYTHON = archive.VENV / "bin/python"


@pytest.fixture
def folder(tmp_path):
    """A folder that is described as a bundle is, with one table."""
    names = ("LICENSE", "CITATION.cff", "pyproject.toml", "requirements.lock", "src/helpers/a.py")
    files = {name: (paths.ROOT / name).read_bytes() for name in names if "src" not in name}
    files["src/helpers/a.py"] = b"a = 1\n"
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    count = Column(type="integer", meaning="made up", minimum=0)
    table = tmp_path / "deaths.csv"
    put(pd.DataFrame({"year": [2001, 2002], "deaths": [3, 4]}), table,
        sidecar({"year": count, "deaths": count}, ["year"]))  # fmt: skip
    (tmp_path / "datapackage.json").write_text(json.dumps(datapackage([table])))
    told = crate(files, "0" * 40, datetime(2026, 1, 2, tzinfo=UTC))
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(told))
    return tmp_path


def said(folder):
    """Return what the validators say is wrong."""
    words = [PYTHON, "-I", archive.VALIDATORS, folder, archive.CONTEXT]
    return json.loads(subprocess.check_output(words))["wrong"]


@pytest.mark.skipif(not PYTHON.exists(), reason="no .venv-archive; make archive installs it")
def test_validators_accept_what_is_whole_and_name_what_is_not(folder):
    assert said(folder) == []
    metadata, table = folder / "ro-crate-metadata.json", folder / "deaths.csv"
    told = json.loads(metadata.read_text())
    root = next(one for one in told["@graph"] if one["@id"] == "./")
    del root["datePublished"]
    root["inventedTerm"] = "x"
    metadata.write_text(json.dumps(told))
    (folder / "LICENSE").unlink()
    table.write_text(table.read_text().replace("4", "many"))
    wrong = "\n".join(said(folder))
    for word in ("datePublished", "inventedTerm", "LICENSE", "many"):
        assert word in wrong


def test_the_context_that_is_kept_is_the_one_a_bundle_names_and_free():
    kept = json.loads(archive.CONTEXT.read_text())
    assert kept["@id"] == "https://w3id.org/ro/crate/1.2/context"
    assert kept["license"]["@id"].startswith("https://creativecommons.org/publicdomain/zero/")


def test_what_is_no_bundle_and_an_environment_elsewhere_are_refused(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="is no file"):
        archive.archive(tmp_path / "none.zip")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/kept").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    monkeypatch.setattr(archive, "VENV", tmp_path / "link")
    (tmp_path / "a.zip").write_bytes(b"x")
    with pytest.raises(InputError, match="is a link"):
        archive.archive(tmp_path / "a.zip")
    assert (tmp_path / "other/kept").exists()

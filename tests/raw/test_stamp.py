"""Any change of what a sidecar says is refused, and so is a lost table or a lost sidecar."""

import random
import shutil
from pathlib import Path

import pytest
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli.ingest import stamp_table
from helpers.raw.contract import verify, verify_all
from helpers.raw.sidecar import sidecar_path

SOURCE = paths.RAW
SMALL = ["article", "groups", "places", "road_deaths", "documents", "mergers"]


def changed(value, draw):
    """Return another value in the place of one that is drawn from a tree."""
    if isinstance(value, dict) and value:
        name = draw.choice(sorted(value))
        return {**value, name: changed(value[name], draw)}
    if isinstance(value, list) and value:
        return value[1:] if draw.random() < 0.5 else [changed(value[0], draw), *value[1:]]
    return not value if isinstance(value, bool) else f"{value}7" if isinstance(value, str) else -5


@pytest.mark.parametrize("seed", range(60))
def test_any_change_of_a_sidecar_is_refused(tmp_path, seed):
    draw = random.Random(seed)
    table = tmp_path / f"{draw.choice(SMALL)}.csv"
    shutil.copy(paths.RAW / table.name, table)
    said = yaml.safe_load(sidecar_path(paths.RAW / table.name).read_text())
    sidecar_path(table).write_text(yaml.safe_dump(changed(said, draw), sort_keys=False))
    with pytest.raises(InputError, match=table.stem):
        verify(table)


def test_layout_of_a_sidecar_is_harmless(tmp_path):
    for stem in SMALL:
        table = tmp_path / f"{stem}.csv"
        shutil.copy(paths.RAW / table.name, table)
        said = yaml.safe_load(sidecar_path(paths.RAW / table.name).read_text())
        sidecar_path(table).write_text("# mine\n" + yaml.safe_dump(said, sort_keys=False, width=40))
        verify(table)


def test_a_table_or_a_sidecar_alone_is_refused(tmp_path):
    for path in (paths.RAW / "groups.csv", sidecar_path(paths.RAW / "groups.csv")):
        shutil.copy(path, tmp_path / path.name)
    verify_all(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        kept = path.read_bytes()
        path.unlink()
        with pytest.raises(InputError, match="groups"):
            verify_all(tmp_path)
        path.write_bytes(kept)


def test_a_table_below_is_held_to_its_sidecar_and_told_with_its_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RAW", tmp_path)
    below = tmp_path / "claims" / "freedonia.csv"
    below.parent.mkdir()
    (tmp_path / "ingest").mkdir()
    (tmp_path / "ingest" / "facts.yml").write_text("rules: of a publisher's file\n")
    table = Path(shutil.copy(SOURCE / "groups.csv", below))
    with pytest.raises(InputError, match="claims/freedonia.csv has no sidecar"):
        verify_all(tmp_path)
    shutil.copy(sidecar_path(SOURCE / "groups.csv"), sidecar_path(table))
    verify_all(tmp_path)
    rows = table.read_text().splitlines(keepends=True)
    table.write_text("".join(rows[:-1]))
    with pytest.raises(InputError, match=r"claims/freedonia.csv has .*stamp claims/freedonia.csv`"):
        verify_all(tmp_path)
    stamp_table("claims/freedonia.csv")
    verify_all(tmp_path)
    with pytest.raises(InputError, match="did you mean 'claims/freedonia.csv'"):
        stamp_table("claims/fredonia.csv")
    table.unlink()
    with pytest.raises(InputError, match=r"claims/freedonia.source.yml describes a table"):
        verify_all(tmp_path)

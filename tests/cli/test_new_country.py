"""A new country's parameters and tables: made whole or not at all, and valid as they stand."""

import shutil

import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import everything, sha256
from helpers.base.reading import read_yaml
from helpers.book.assemble import source_files
from helpers.claims.plan import parse
from helpers.cli.ingest import stamp_table
from helpers.cli.new_country import new_country
from helpers.raw.contract import load, verify_all
from helpers.raw.sidecar import read_sidecar
from helpers.run.run import open_run
from helpers.run.table import read_stages

MADE = {
    "params/nigeria.yml",
    *(f"data/raw/{one}/nigeria.source.yml" for one in ("chronology", "claims", "figures")),
    "data/raw/chronology/nigeria.csv",
    "data/raw/claims/nigeria.yml",
    "data/raw/figures/nigeria.csv",
}
LIKE = {"chronology": "chronology.csv", "figures": "published_figures.csv"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project with the raw tables and parameters of this one, to write into."""
    raw, params = tmp_path / "data" / "raw", tmp_path / "params"
    shutil.copytree(paths.RAW, raw)
    shutil.copytree(paths.PARAMS, params)
    shutil.copy(paths.ROOT / "pyproject.toml", tmp_path)
    for name, folder in (("ROOT", tmp_path), ("RAW", raw), ("PARAMS", params)):
        monkeypatch.setattr(paths, name, folder)
    return tmp_path


def held(folder):
    """Return the files of a folder and their hashes."""
    files = [one for one in everything(folder, deep=True) if one.is_file()]
    return {one.relative_to(folder).as_posix(): sha256(one) for one in files}


def test_all_is_made_and_passes_its_contract(project):
    before = held(project)
    told = new_country("nigeria")
    assert set(held(project)) - set(before) == MADE
    assert {name: held(project)[name] for name in before} == before
    assert "params/nigeria.yml" in told[0] and "ingest stamp data/raw/chronology" in told[1]
    verify_all(paths.RAW)
    for name, like in LIKE.items():
        table = load(paths.RAW / name / "nigeria.csv")
        assert list(table) == list(read_sidecar(paths.RAW / like).columns)
        assert "EXAMPLE" in table.to_string()
    published = read_yaml(paths.PARAMS / "pakistan.yml")
    assert read_yaml(paths.PARAMS / "nigeria.yml") == published | {"country": "Nigeria"}
    run = open_run(paths.PARAMS / "nigeria.yml")
    assert run.params.country == "Nigeria"
    assert "09-country-claims" in [one.name for one in run.table.stage]


def test_the_claims_compute_and_say_that_they_are_examples(project):
    assert "09-country-claims" in read_stages().of("Nigeria").left_out
    new_country("nigeria")
    claims = parse(read_yaml(paths.RAW / "claims" / "nigeria.yml"))
    assert {one.kind for one in claims} == {"checkable", "untestable"}
    assert all(one.statement.startswith("Replace me") for one in claims)
    assert "09-country-claims" not in read_stages().of("Nigeria").left_out


def test_the_book_is_built_anew_where_such_a_table_changes(project):
    new_country("nigeria")
    read = source_files()
    assert all(project / name in read for name in MADE if name.startswith("data"))


def test_what_is_said_of_the_new_tables_names_no_other_country(project):
    new_country("nigeria")
    text = "".join((project / name).read_text() for name in MADE if name.startswith("data"))
    for other in ("Pakistan", "PIPS", "CRSS", "SLUG", "COUNTRY"):
        assert other not in text


def test_a_meant_edit_is_stamped_and_any_other_refused(project, monkeypatch):
    new_country("nigeria")
    monkeypatch.chdir(project)
    claims = project / "data/raw/claims/nigeria.yml"
    claims.write_text(claims.read_text().replace("1.10", "1.25"))
    with pytest.raises(InputError, match="claims/nigeria.yml differs from its sidecar"):
        verify_all(paths.RAW)
    stamp_table("data/raw/claims/nigeria.yml")
    verify_all(paths.RAW)


@pytest.mark.parametrize("name", sorted(MADE))
def test_nothing_that_is_there_is_replaced(project, name):
    mine = project / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    before = held(project)
    with pytest.raises(InputError, match=f"{name} is there already"):
        new_country("Nigeria")
    assert held(project) == before


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Nigera", "is called 'Nigera'; did you mean 'Nigeria'?"),
        ("United", "' or 'United"),
        ("Grand Fenwick", "country_month.csv has them all"),
        ("", "country_month.csv has them all"),
        ("../params", "country_month.csv has them all"),
    ],
)
def test_a_name_that_is_none_or_two_is_refused(project, word, said):
    before = held(project)
    with pytest.raises(InputError, match=r"no country of release") as error:
        new_country(word)
    assert said in str(error.value)
    assert held(project) == before


def test_the_name_may_be_the_one_that_people_write(project):
    new_country("Burma")
    assert open_run(paths.PARAMS / "myanmar.yml").params.country == "Myanmar (Burma)"


@pytest.mark.parametrize("after", range(len(MADE)))
def test_a_disk_that_fails_leaves_nothing(project, monkeypatch, after):
    before = held(project)
    copies = iter(range(len(MADE)))
    copy = shutil.copyfile

    def fails(source, target):
        if next(copies) == after:
            raise OSError(28, "No space left on device")
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", fails)
    with pytest.raises(OSError, match="No space"):
        new_country("Nigeria")
    assert held(project) == before

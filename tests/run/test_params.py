"""Parameters: the same names everywhere, and one sentence for each way to get them wrong."""

import pytest
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.run.params import Params, read_params
from helpers.run.run import open_run
from helpers.run.table import read_stages

GOOD = yaml.safe_load((paths.PARAMS / "pakistan.yml").read_text())


def refused(tmp_path, **changes):
    content = {**GOOD, **changes}
    path = tmp_path / "other.yml"
    path.write_text(
        yaml.safe_dump({name: value for name, value in content.items() if value is not None})
    )
    with pytest.raises(InputError) as error:
        read_params(path, read_stages())
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_default_run_is_accepted():
    assert read_params(paths.PARAMS / "pakistan.yml", read_stages()).country == "Pakistan"


def test_file_and_model_have_the_same_names():
    assert set(GOOD) == set(Params.model_fields)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"countri": "Pakistan", "country": None},
            ["unknown parameter 'countri'", "did you mean 'country'"],
        ),
        ({"countri": "Pakistan"}, ["unknown parameter 'countri'", "did you mean 'country'"]),
        ({"first_month": "last spring"}, ["'first_month' is 'last spring'", "YYYY-MM"]),
        ({"last_month": "2024-13"}, ["'last_month'", "YYYY-MM"]),
        ({"country": "Pakistn"}, ["'Pakistn'", "did you mean 'Pakistan'"]),
        ({"country": "Paraguai"}, ["'Paraguai'", "did you mean 'Paraguay'"]),
        ({"country": "Atlantis"}, ["'Atlantis' is not in data/raw/country_month.csv"]),
        ({"sources": ["SATPP"]}, ["'SATPP'", "did you mean 'SATP'"]),
        ({"sources": []}, ["'sources'", "at least 1"]),
        ({"sources": "SATP"}, ["'sources' is 'SATP'", "valid list"]),
        ({"candidate": "yes please"}, ["'candidate' is 'yes please'", "valid boolean"]),
        ({"version": "26.2"}, ["version '26.2' is not in", "did you mean '26.1'"]),
        ({"version": "candidate"}, ["version 'candidate' is not in", "25.1, 26.1"]),
        ({"version": [1]}, ["'version'", "valid string"]),
        ({"version": "25.1"}, ["'25.1'", "leaves 'deaths_state_based' empty", "choose another"]),
        (
            {"version": "25.1", "candidate": False},
            ["'candidate' is false, with which 05-border cannot run; expected true"],
        ),
        ({"seed": -1}, ["'seed' is -1"]),
        ({"seed": "7"}, ["'seed' is '7'", "valid integer"]),
        ({"last_month": "2031-01"}, ["'last_month' is 2031-01", "reach from 1989-01 to 2026-05"]),
        (
            {"first_month": "2024-05", "last_month": "2024-01"},
            ["'first_month' 2024-05 comes after 'last_month' 2024-01"],
        ),
        ({"first_month": "2024-01"}, ["2024-01", "cannot run; expected 2004-01 or earlier"]),
        (
            {"first_month": "2010-01"},
            ["'first_month' is 2010-01, with which 04-groups", "expected 2004-01 or"],
        ),
        (
            {"last_month": "2025-12"},
            ["'last_month' is 2025-12, with which 05-border cannot run", "or later"],
        ),
        ({"candidate": False, "last_month": "2025-12"}, ["'candidate' is false"]),
        (
            {"sources": ["UCDP"]},
            ["'CRSS' is not among the sources, with which 03-trackers", "UCDP, CRSS, PICSS"],
        ),
        ({"sources": ["SATP", "PICSS"]}, ["'UCDP' is not among the sources, with which 03-trend"]),
        ({"candidate": False}, ["'candidate' is false, with which 05-border", "expected true"]),
        ({"seed": None}, ["parameter 'seed' is missing"]),
    ],
)
def test_wrong_parameters_are_refused_in_one_sentence(tmp_path, changes, words):
    sentence = refused(tmp_path, **changes)
    assert "other.yml" in sentence
    for word in words:
        assert word in sentence


@pytest.mark.parametrize("name", ["first_month", "last_month"])
@pytest.mark.parametrize(
    "spelt",
    [
        *("2024-02-30", "2024-13", "2024-00", "24-1", "2024-1", "2024", "2024.5", "202401"),
        *("2024-01-01", "2024-01-01 10:00:00", "2024-01-31T00:00:00Z", "'2024-01-01'"),
        *("2024/01", "01-2024", "Jan 2024", "-2024-01", "2024-01x", "' 2024-01'", '"2024-01\\n"'),
        *("\u0662\u0660\u0662\u0664-\u0660\u0661", "2024\u201301", "12:30", "0x10", "1_000"),
        *("~", "null", "true", "''", "[2024-01]", "{a: 2024-01}"),
    ],
)
def test_what_is_no_month_is_refused_as_it_was_read(tmp_path, name, spelt):
    lines = yaml.safe_dump({one: value for one, value in GOOD.items() if one != name})
    path = tmp_path / "other.yml"
    path.write_text(f"{lines}{name}: {spelt}\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"^other\.yml: parameter '{name}' is .*YYYY-MM") as error:
        read_params(path, read_stages())
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        *(("first_month", one) for one in ("0001-01", "1988-12")),
        *(("last_month", one) for one in ("2026-06", "9999-12")),
    ],
)
def test_a_month_that_no_table_holds_is_refused_with_the_reach(tmp_path, name, month):
    assert "reach from 1989-01 to 2026-05" in refused(tmp_path, **{name: month})


def test_a_release_that_was_written_as_a_number_is_a_name(tmp_path):
    path = tmp_path / "other.yml"
    path.write_text(yaml.safe_dump(GOOD | {"version": 26.1}))
    assert read_params(path, read_stages()).version == "26.1"


def test_a_file_that_is_not_there_names_the_nearest():
    with pytest.raises(InputError, match=r"did you mean|there are"):
        read_params(paths.PARAMS / "pakistn.yml", read_stages())


@pytest.mark.parametrize("text", ["just words", "a: [1", "- a\n- b\n"])
def test_what_is_no_mapping_is_refused(tmp_path, text):
    path = tmp_path / "other.yml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"other\.yml"):
        read_params(path, read_stages())


@pytest.mark.parametrize(
    "name",
    ["..yml", "...yml", ".hidden.yml", "-v.yml", "new\nline.yml", "a\x1b[31m.yml", "pakistan.txt"],
)
def test_a_name_that_is_no_folder_of_its_own_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_text((paths.PARAMS / "pakistan.yml").read_text())
    with pytest.raises(InputError) as refused:
        open_run(path)
    assert "\n" not in str(refused.value) and "\x1b" not in str(refused.value)

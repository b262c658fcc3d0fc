"""The stage table and the fingerprint of the code behind a notebook."""

import pytest

from helpers.base.errors import InputError
from helpers.run.fingerprint import fingerprint, modules
from helpers.run.table import raw_tables, read_stages

HEAD = '[window]\nfirst = "2018-01"\nlast = "2024-12"\n'


def stage(name, reads, writes):
    return f'[[stage]]\nname = "{name}"\nreads = {reads}\nwrites = {writes}\n'


def table(tmp_path, *stages):
    path = tmp_path / "stages.toml"
    path.write_text(HEAD + "".join(stages))
    return path


def test_the_projects_own_table_is_sound():
    found = read_stages()
    assert [entry.name for entry in found.stage][:3] == ["01-clean", "02-landscape", "03-trend"]
    assert all(path.exists() for path in raw_tables(found))


def test_reading_what_nobody_writes_is_refused(tmp_path):
    path = table(tmp_path, stage("01-a", [], ["months"]), stage("02-b", ["month"], []))
    with pytest.raises(
        InputError, match="stage '02-b': no earlier stage writes 'month'; did you mean 'months'"
    ):
        read_stages(path)


def test_two_writers_of_one_table_are_refused(tmp_path):
    path = table(tmp_path, stage("01-a", [], ["months"]), stage("02-b", [], ["months"]))
    with pytest.raises(InputError, match="both '01-a' and '02-b' write 'months'"):
        read_stages(path)


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ([("01-a", [], []), ("01-a", [], [])], "two stages are named '01-a'"),
        ([("01-a", ["a.csv", "a.csv"], [])], "'a.csv' stands there twice"),
        ([("01-a", [], ["x", "x"])], "'x' stands there twice"),
        ([("01-a", ["../raw/a.csv"], [])], "entry 'stage.0.reads.0' is '../raw/a.csv'"),
        ([("01-a", ["/etc/a.csv"], [])], "entry 'stage.0.reads.0'"),
        ([("01-a", ["sub/a.csv"], [])], "entry 'stage.0.reads.0'"),
        ([("01-a", ["a.CSV"], [])], "entry 'stage.0.reads.0'"),
        ([("01-a", [], ["/tmp/x"])], "entry 'stage.0.writes.0'"),
        ([("01-a", [], ["x.parquet"])], "entry 'stage.0.writes.0'"),
        ([("01-A", [], [])], "entry 'stage.0.name' is '01-A'"),
        ([], "entry 'stage' is missing"),
    ],
)
def test_a_table_that_says_what_cannot_be_is_refused_in_one_sentence(tmp_path, stages, said):
    with pytest.raises(InputError) as caught:
        read_stages(table(tmp_path, *(stage(*one) for one in stages)))
    assert said in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2024-12", "2018-01", "'first' 2024-12 comes after 'last' 2018-01"),
        ("2018-13", "2024-12", "window.first"),
        ("2018-00", "2024-12", "window.first"),
        ("2018", "2024-12", "window.first"),
    ],
)
def test_a_window_is_two_months_in_order(tmp_path, first, last, said):
    path = tmp_path / "stages.toml"
    path.write_text(f'[window]\nfirst = "{first}"\nlast = "{last}"\n{stage("01-a", [], [])}')
    with pytest.raises(InputError, match=said):
        read_stages(path)


def test_results_are_read_of_all_stages_before_and_written_by_none(tmp_path):
    found = read_stages(
        table(
            tmp_path,
            stage("01-a", [], ["x"]),
            stage("02-b", ["x"], []),
            stage("03-c", ["results"], []),
        )
    )
    assert [one.name for one in found.before(found["03-c"])] == ["01-a", "02-b"]
    assert found.before(found["02-b"]) == [] and found["03-c"].processed == []
    with pytest.raises(InputError, match="'results' is what stages record, no table to write"):
        read_stages(table(tmp_path, stage("01-a", [], ["results"])))


def test_an_unknown_stage_names_the_nearest():
    with pytest.raises(InputError, match="did you mean '03-trend'"):
        read_stages()["03-trends"]


def test_a_fingerprint_follows_imports_through_modules():
    names = {path.name for path in modules(["from helpers.run.stage import Stage"])}
    assert {"stage.py", "contract.py", "checksums.py", "estimate.py"} <= names
    assert "report.py" not in names
    assert fingerprint(["import helpers.base.files"]) != fingerprint(["import helpers.base.paths"])

"""The stage table and the fingerprint of the code behind a notebook."""

import numpy as np
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.run.fingerprint import fingerprint, modules
from helpers.run.run import published_country
from helpers.run.table import StageEntry, StageTable, Window, raw_tables, read_stages

HEAD = '[window]\nfirst = "2018-01"\nlast = "2024-12"\n'


def stage(name, reads, writes):
    return f'[[stage]]\nname = "{name}"\nreads = {reads}\nwrites = {writes}\n'


def table(tmp_path, *stages):
    path = tmp_path / "stages.toml"
    path.write_text(HEAD + "".join(stages))
    return path


def test_the_projects_own_table_is_sound():
    found = read_stages().of(published_country())
    assert [entry.name for entry in found.stage][:3] == ["01-clean", "02-landscape", "03-trend"]
    assert all(path.exists() for path in raw_tables(found))
    assert not any(entry.kind != "own" for entry in found.stage)


def random_table(generator):
    """A table of three countries' worth of stages that read each other at random."""
    about = {"Freedonia": ["hills.csv", "towns.csv"], "Sylvania": ["lakes.csv"]}
    catalogue = {"country_events.csv": "{country}_events.csv", "notes.yml": "notes/{country}.yml"}
    raw = ["world.csv", "hills.csv", "towns.csv", "lakes.csv", *catalogue]
    entries, written = [], []
    for number in range(12):
        kind = "general" if generator.random() < 0.3 else "own"
        pool = raw[:1] if kind == "general" else raw
        reads = set(generator.choice(pool, min(len(pool), int(generator.integers(0, 3))), False))
        own = [name for name, of in written if of == kind]
        reads |= set(generator.choice(own, min(len(own), int(generator.integers(0, 2))), False))
        writes = [f"t{number}"]
        written.append((writes[0], kind))
        name = f"{number:02d}-stage"
        entries.append(
            StageEntry(name=name, reads=sorted(map(str, reads)), writes=writes, kind=kind)
        )
    window = Window(first="2018-01", last="2024-12")
    return StageTable(window=window, catalogue=catalogue, about=about, stage=entries)


@pytest.mark.parametrize("seed", range(40))
def test_a_country_gets_the_chapters_whose_tables_are_about_it(seed, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RAW", tmp_path)
    (tmp_path / "tomainia_events.csv").touch()
    table = random_table(np.random.default_rng(seed))
    has = {  # by hand: what each country has
        "Freedonia": {"world.csv", "hills.csv", "towns.csv", "country_events.csv", "notes.yml"},
        "Sylvania": {"world.csv", "lakes.csv", "country_events.csv", "notes.yml"},
        "Tomainia": {"world.csv", "country_events.csv"},
        "Grand Fenwick": {"world.csv"},
    }
    for country, there in has.items():
        can: set[str] = set()
        for entry in table.stage:
            if set(entry.reads) <= there | {f"t{name[:2].lstrip('0') or 0}" for name in can}:
                can.add(entry.name)
        own = {one.name for one in table.stage if one.name in can and one.kind == "own"}
        general = {one.name for one in table.stage if one.name in can and one.kind == "general"}
        found = table.of(country)
        assert {one.name for one in found.stage} == (own or general)
        assert set(found.left_out) == {
            one.name
            for one in table.stage
            if one.name not in can and (one.kind == "own" or not own)
        }
        assert {one.name for one in table.of(country, kind="general").stage} == general


def test_a_chapter_of_any_book_stands_in_both():
    window = Window(first="2018-01", last="2024-12")
    parts = {"own": ["towns.csv"], "general": [], "any": ["own_month.csv"]}
    entries = [
        StageEntry(name=f"0{at}-{kind}", reads=reads, writes=[], kind=kind)
        for at, (kind, reads) in enumerate(parts.items())
    ]
    entries.append(StageEntry(name="05-shared", reads=[], writes=[], kind="any"))
    table = StageTable(window=window, about={"Freedonia": ["towns.csv"]}, stage=entries)
    assert [one.name for one in table.of("Freedonia").stage] == ["00-own", "05-shared"]
    assert [one.name for one in table.of("Sylvania").stage] == ["01-general", "05-shared"]
    assert table.of("Freedonia").left_out == {"02-any": "own_month.csv"}


def test_a_country_has_its_own_files(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RAW", tmp_path)
    monkeypatch.setattr(paths, "OWN", tmp_path / "own")
    window = Window(first="2018-01", last="2024-12")
    catalogue = {"country_events.csv": "{country}_events.csv"}
    entry = StageEntry(
        name="01-any",
        reads=["world.csv"],
        may_read=["country_events.csv", "own_month.csv"],
        writes=[],
        kind="general",
    )
    table = StageTable(window=window, catalogue=catalogue, stage=[entry])
    assert table.of("Ruritania (Old)").stage[0].reads == ["world.csv"]
    (tmp_path / "ruritania_events.csv").touch()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "own_month.csv").touch()
    found = table.of("Ruritania (Old)").stage[0]
    assert found.reads == ["world.csv", "country_events.csv", "own_month.csv"]
    assert [path.relative_to(tmp_path).as_posix() for path in found.raw] == [
        "world.csv",
        "ruritania_events.csv",
        "own/own_month.csv",
    ]
    assert table.of("Tomainia").stage[0].reads == ["world.csv", "own_month.csv"]


def test_a_missing_table_of_the_published_country_is_no_reason_to_leave_a_chapter_out(
    tmp_path, monkeypatch
):
    published = published_country()
    whole = read_stages().of(published)
    monkeypatch.setattr(paths, "RAW", tmp_path)  # an empty folder
    assert [one.name for one in read_stages().of(published).stage] == [
        one.name for one in whole.stage
    ]


def test_what_is_no_raw_table_may_not_be_read_where_it_is_there(tmp_path):
    entry = stage("01-a", ["a.csv"], []) + 'may_read = ["months"]\n'
    with pytest.raises(InputError, match="'may_read': expected raw tables with their ending"):
        read_stages(table(tmp_path, entry))
    entry = stage("01-a", ["a.csv"], []) + 'may_read = ["a.csv"]\n'
    with pytest.raises(InputError, match="'a.csv' stands in 'reads' already"):
        read_stages(table(tmp_path, entry))


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
    for name in ("results", "forecasts", "profiles"):
        with pytest.raises(InputError, match=f"'{name}' is what stages record or a person freezes"):
            read_stages(table(tmp_path, stage("01-a", [], [name])))


def test_an_unknown_stage_names_the_nearest():
    with pytest.raises(InputError, match="did you mean '03-trend'"):
        read_stages()["03-trends"]


def test_a_fingerprint_follows_imports_through_modules():
    names = {path.name for path in modules(["from helpers.run.stage import Stage"])}
    assert {"stage.py", "contract.py", "checksums.py", "estimate.py"} <= names
    assert "report.py" not in names
    assert fingerprint(["import helpers.base.files"]) != fingerprint(["import helpers.base.paths"])

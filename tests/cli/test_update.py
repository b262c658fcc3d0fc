"""``make update``: a newer file into the tables, or nothing, and what it replaces is kept."""

import json
import re
import shutil

import pandas as pd
import publishers
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed
from helpers.cli import grade as grading
from helpers.cli import update as verb
from helpers.raw.contract import load, verify_all
from helpers.raw.put import put
from helpers.raw.sidecar import read_sidecar
from helpers.run import frozen
from helpers.run.declared import declared

COUNTRY = publishers.COUNTRY
KIND = "ucdp-candidate"
REGIONS = {
    COUNTRY: ("770", "Asia"),
    "Chad": ("483", "Africa"),
    "Peru": ("135", "Americas"),
    "Spain": ("230", "Europe"),
    "Iran": ("630", "Middle East"),
}


LARGE = ("country_month", "province_month", "group_month", "country_year")


@pytest.fixture(scope="module")
def recent(tmp_path_factory):
    """The raw tables, of the largest only the last years: a check of all rows takes seconds."""
    raw = tmp_path_factory.mktemp("recent") / "raw"
    shutil.copytree(paths.RAW, raw)
    for name in LARGE:
        path = raw / f"{name}.csv"
        table = load(path)
        told = read_sidecar(path)
        # What is unlike all others of twenty years need not be unlike those of two.
        rules = [rule for rule in told.rules if rule.rule != "steady"]
        recent = table[table["year"] >= table["year"].max() - 1]
        put(recent, path, told.model_copy(update={"rules": rules}))
    return raw


@pytest.fixture
def project(recent, tmp_path, monkeypatch):
    """A copy of tables, parameters, notebooks and frozen forecasts."""
    shutil.copytree(recent, tmp_path / "data" / "raw")
    monkeypatch.setattr(paths, "RAW", tmp_path / "data" / "raw")
    for folder in ("FORECASTS", "PARAMS", "NOTEBOOKS"):
        path = getattr(paths, folder)
        copy = tmp_path / path.relative_to(paths.ROOT)
        shutil.copytree(path, copy)
        monkeypatch.setattr(paths, folder, copy)
    monkeypatch.setattr(paths, "OWN", tmp_path / "data" / "own")
    params = tmp_path / "params" / verb.default_params().name
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(verb, "default_params", lambda: params)
    return tmp_path


def held(project):
    return {
        path.relative_to(project): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and path.suffix != ".part" and "given" not in path.parts
    }


def next_month():
    return pd.Period(load(paths.RAW / "updates.csv")["last_month"].max(), "M") + 1


def dyad():
    groups = load(paths.RAW / "groups.csv")
    militants = groups["kind"].eq("militants") & groups["inside"].eq("mostly inside the country")
    return groups.loc[militants, "dyad_id"].iloc[0]


def events(first, last, *, deaths=6, rows=40):
    """Return candidate events of a world of five countries, as a release has them."""
    months = pd.period_range(first, last, freq="M")
    names = list(REGIONS)
    frame = pd.concat([publishers.events()] * (rows // 24 + 1), ignore_index=True).head(rows)
    frame["country"] = [names[at % 5] for at in range(rows)]
    frame["country_id"] = [REGIONS[name][0] for name in frame["country"]]
    frame["region"] = [REGIONS[name][1] for name in frame["country"]]
    frame["id"] = [str(500_000 + at) for at in range(rows)]
    frame["dyad_new_id"] = str(dyad())
    frame["type_of_violence"] = "1"
    days = [f"{months[at // 5 % len(months)]}-{at % 27 + 1:02}" for at in range(rows)]
    frame["date_start"] = frame["date_end"] = days
    frame["year"] = [day[:4] for day in days]
    frame["deaths_unknown"] = str(deaths - 6)
    frame["best"], frame["high"] = str(deaths), str(deaths + 3)
    return frame


def released(project, first, last=None, number=None, **changes):
    """Write a release as its publisher names it."""
    begin, end = pd.Period(first, "M"), pd.Period(last or first, "M")
    number = number or (
        f"{begin.year - 2000}.0.{begin.month}"
        if begin == end
        else f"{begin:%y}.{begin:%m}.{end:%y}.{end:%m}"
    )
    folder = project / "given"
    folder.mkdir(exist_ok=True)
    path = folder / f"GEDEvent_v{number.replace('.', '_')}.csv"
    events(begin, end, **changes).to_csv(path, index=False)
    return path


def months(country=COUNTRY, version="candidate"):
    table = load(paths.RAW / "country_month.csv")
    ours = table[(table["country"] == country) & (table["version"] == version)]
    label = ours["year"].astype(str) + "-" + ours["month"].astype(str).str.zfill(2)
    return dict(zip(label, ours["deaths_best"]))


def test_a_month_comes_in_one_command_and_twice_changes_nothing(project):
    month = next_month()
    path, before = released(project, month), months()
    lines = verb.update(KIND, path)
    assert months() == before | {str(month): 48}
    assert f"last_month is {month} now" in lines
    assert any(f"added: {COUNTRY}, {month}: deaths none -> 48" in line for line in lines)
    said = verb.default_params().read_text(encoding="utf-8")
    assert re.search(rf"^last_month: {month}  +# last month of the series", said, re.MULTILINE)
    verify_all(paths.RAW)
    assert not listed(paths.RAW, "*_before.csv")
    once = held(project)
    assert verb.update(KIND, path)[-1] == "nothing new: the tables hold all of it already"
    assert held(project) == once


def test_a_table_that_the_file_cannot_renew_is_said_and_stays(project):
    names = ("province_month", "country_year", f"{COUNTRY.lower()}_events")
    before = {name: (paths.RAW / f"{name}.csv").read_bytes() for name in names}
    lines = verb.update(KIND, released(project, next_month()))
    left = lines[lines.index("left as they are:") :]
    for name, content in before.items():
        assert (paths.RAW / f"{name}.csv").read_bytes() == content
        assert any(line.startswith(f"  {name}.csv: ") for line in left)


def test_notebooks_follow_the_parameters(project):
    month = next_month()
    verb.update(KIND, released(project, month))
    found = {
        path.name: declared(json.loads(path.read_text(encoding="utf-8")), path.name)
        for path in listed(paths.NOTEBOOKS, "*.ipynb")
    }
    told = {one["last_month"] for one in found.values() if "last_month" in one}
    assert told == {str(month)}


def test_only_the_parameters_of_notebooks_move(project):
    before = held(project)
    verb.update(KIND, released(project, next_month()))
    for name, content in held(project).items():
        if name.suffix == ".ipynb" and content != before[name]:
            lines = zip(before[name].splitlines(), content.splitlines(), strict=True)
            assert [b"last_month = " in new for old, new in lines if old != new] == [True], name


def test_sidecars_are_renewed_with_the_tables(project):
    path = released(project, next_month())
    verb.update(KIND, path)
    for name in ("country_month", "group_month"):
        told = read_sidecar(paths.RAW / f"{name}.csv")
        assert sum("updates.csv names the files" in note for note in told.notes) == 1
    ledger = load(paths.RAW / "updates.csv")
    assert ledger["file"].iloc[-1] == path.name and len(ledger["sha256"].iloc[-1]) == 64


def test_what_a_revision_replaces_is_kept_and_both_are_graded(project):
    origin = frozen.origins()[-1]
    month = pd.Period(origin, "M") + 1
    if next_month() > month:
        pytest.skip("the month after the last frozen forecast is in the tables already")
    files = {path: path.read_bytes() for path in frozen.files()}
    assert any("no month has come" in line for line in grading.grade())
    verb.update(KIND, released(project, month))
    first = [line for line in grading.grade() if f" {month} " in line]
    assert len(first) == 2 and all("candidate" in line for line in first)  # a row a target
    revised = released(project, month, month + 1, deaths=9, rows=50)
    lines = verb.update(KIND, revised)
    assert any(f"revised: {COUNTRY}, {month}: deaths 48 -> 45" in line for line in lines)
    both = [line for line in grading.grade() if f"all deaths {month} " in line]
    assert [re.findall(r"\b(48|45)\b", line) for line in both] == [["45"], ["48"]]
    release = read_release(revised)
    assert release in both[1] and release not in both[0]
    assert {path: path.read_bytes() for path in frozen.files()} == files
    kept = load(paths.RAW / "country_month_before.csv")
    assert set(kept["replaced_by"]) == {release} and set(kept["month"]) == {month.month}
    verify_all(paths.RAW)
    again = held(project)
    assert verb.update(KIND, revised)[-1].startswith("nothing new")
    assert held(project) == again


def read_release(path):
    return path.stem.removeprefix("GEDEvent_v").replace("_", ".")


def test_a_final_release_stands_beside_the_provisional_months(project):
    month = pd.Period(frozen.origins()[-1], "M") + 1
    if next_month() > month:
        pytest.skip("the month after the last frozen forecast is in the tables already")
    verb.update(KIND, released(project, month))
    params = verb.default_params().read_bytes()
    year = month.year
    number = f"{year - 1999}.1"
    lines = verb.update("ucdp-ged", released(project, f"{year}-01", f"{year}-12", number, rows=120))
    assert months()[str(month)] == 48 and months(version=number)[str(month)] == 12
    assert verb.default_params().read_bytes() == params
    assert any("still reads release" in line for line in lines)
    both = [line for line in grading.grade() if f"all deaths {month} " in line]
    assert len(both) == 2 and number in both[1]


BAD = {
    "a gap": lambda project, month: released(project, month + 1),
    "one country": lambda project, month: only(project, month, country=COUNTRY),
    "no release": lambda project, month: renamed(project, month, "events.csv"),
    "a damaged count": lambda project, month: only(project, month, best="many"),
    "a day of another month": lambda project, month: only(
        project, month, date_start="2031-01-01", date_end="2031-01-01"
    ),
    "nothing": lambda project, month: project / "given" / "nowhere.csv",
    "no events": lambda project, month: plain(project),
}


def only(project, month, **changes):
    path = released(project, month)
    frame = pd.read_csv(path, dtype=str)
    if "country" in changes:
        frame = frame[frame["country"] == changes["country"]]
    else:
        frame.loc[3, list(changes)] = list(changes.values())
    frame.to_csv(path, index=False)
    return path


def renamed(project, month, name):
    path = released(project, month)
    return path.rename(path.with_name(name))


def plain(project):
    (project / "given").mkdir()
    path = project / "given" / "GEDEvent_v26_0_6.csv"
    path.write_text("a,b\n1,2\n")
    return path


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_refused_in_one_sentence_and_changes_nothing(project, fault):
    path, before = BAD[fault](project, next_month()), held(project)
    with pytest.raises(InputError) as refused:
        verb.update(KIND, path)
    assert held(project) == before
    assert path.name in str(refused.value) and "\n" not in str(refused.value)


def test_an_older_release_does_not_take_the_place_of_a_newer_one(project):
    month = next_month()
    older, newer = released(project, month), released(project, month, month + 1)
    verb.update(KIND, newer)
    before = held(project)
    with pytest.raises(InputError, match="which is newer, has told"):
        verb.update(KIND, older)
    assert held(project) == before


def test_events_that_ran_on_from_an_earlier_month_leave_it_as_it_is(project):
    month, before = next_month(), months()
    path = released(project, month)
    frame = pd.read_csv(path, dtype=str)
    frame.loc[0, "date_start"] = f"{month - 1}-28"
    frame.to_csv(path, index=False)
    lines = verb.update(KIND, path)
    assert {name: one for name, one in months().items() if name < str(month)} == before
    assert any("1 events start before these months" in line for line in lines)


def test_a_move_that_fails_half_way_leaves_all_as_it_was(project, monkeypatch):
    path, before = released(project, next_month()), held(project)
    copy, copied = shutil.copyfile, []

    def breaks(source, target, **options):
        if "data-" in str(source) and "data-" not in str(target):
            copied.append(target)
            if len(copied) == 4:
                raise OSError("the disk is full")
        return copy(source, target, **options)

    monkeypatch.setattr(shutil, "copyfile", breaks)
    with pytest.raises(OSError, match="full"):
        verb.update(KIND, path)
    assert len(copied) == 4 and held(project) == before


@pytest.mark.parametrize(
    ("source", "said"),
    [("vdem", "helpers.cli ingest vdem FILE"), ("ucdp-candidat", "did you mean 'ucdp-candidate'")],
)
def test_a_source_that_is_no_kind_is_told_what_there_is(source, said):
    with pytest.raises(InputError, match=said):
        verb.update(source, None)


def test_without_a_file_the_one_whose_turn_it_is_is_fetched(project, monkeypatch):
    asked = []

    def fetched(entry, folder):
        asked.append(entry.url)
        return released(project, "2026-01", "2026-06", rows=150)

    monkeypatch.setattr(verb, "fetch", fetched)
    if next_month() != pd.Period("2026-06", "M"):
        pytest.skip("the catalogue of downloads begins with June 2026")
    verb.update(KIND, None)
    assert asked == [verb.named("candidate-26.01.26.06").url]
    assert next_month() == pd.Period("2026-07", "M")


def test_every_kind_leaves_only_tables_that_are_there():
    facts = verb.read_facts(verb.facts_path("updates"), verb.Updates)
    for kind in facts.kinds.values():
        for names in kind.leaves:
            for name in names.format(country=COUNTRY.lower()).split(", "):
                assert (paths.RAW / name).exists(), name

"""Facts of a country: read and checked from YAML, and enough to build another country's tables."""

import pandas as pd
import pytest
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.book.pages import raw_files
from helpers.cli.ingest import COMMANDS, main
from helpers.ingest.facts import Facts, facts_path, read_facts
from helpers.ingest.places_facts import PlaceFacts
from helpers.ingest.places_rows import district_name, district_rows
from helpers.ingest.published_facts import PublishedFacts
from helpers.ingest.ucdp_facts import UcdpFacts
from helpers.ingest.ucdp_header import NAMES


def written(folder, command, **changes):
    """Write the facts of ``command`` with some top-level entries changed."""
    facts = yaml.safe_load(facts_path(command).read_text(encoding="utf-8")) | changes
    path = folder / f"{command}.yml"
    path.write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
    return path


def test_every_command_has_its_facts_and_they_are_no_tables_of_the_book():
    # Beside those: where open files stand, what a newer one renews, and which nobody may pass on.
    known = {*COMMANDS, "downloads", "updates", "restricted"}
    assert {path.stem for path in facts_path("any").parent.glob("*")} == known
    assert facts_path("any").parent.parent == paths.RAW
    assert all(path.parent == paths.RAW and path.is_file() for path in raw_files())


@pytest.mark.parametrize(
    ("command", "kind", "changes", "said"),
    [
        (
            "external-support",
            Facts,
            {"table": 3},
            "external-support.yml: entry 'table' is 3, expected a valid string",
        ),
        (
            "external-support",
            Facts,
            {"tabel": "x"},
            "external-support.yml: unknown entry 'tabel'; did you mean 'table'?",
        ),
        (
            "external-support",
            Facts,
            {"about": {}},
            "external-support.yml: entry 'about.producer' is missing",
        ),
        (
            "published",
            PublishedFacts,
            {"rules": [{"pattern": "(", "scope": "group"}]},
            "published.yml: entry 'rules.0.pattern': '(' is no regular expression: "
            "missing ), unterminated subpattern at position 0",
        ),
        (
            "published",
            PublishedFacts,
            {"rules": [{"pattern": "by (.+)", "scope": "group", "series": r"\1 and \2"}]},
            "published.yml: entry 'rules.0': expected a pattern with 2 groups, found 'by (.+)'",
        ),
        (
            "published",
            PublishedFacts,
            {"rules": [{"pattern": "by", "scope": "gruop"}]},
            "published.yml: scope 'gruop' is not in scopes; did you mean 'group'?",
        ),
        (
            "published",
            PublishedFacts,
            {"metrics": {"dead": "kiled"}},
            "published.yml: metric 'kiled' is not in vocabulary; did you mean 'killed'?",
        ),
    ],
)
def test_a_fault_names_the_file_the_entry_and_what_was_expected(
    tmp_path, command, kind, changes, said
):
    with pytest.raises(InputError) as caught:
        read_facts(written(tmp_path, command, **changes), kind)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "bad.yml is not readable YAML: "),
        ("", "bad.yml: found None, expected a valid dictionary"),
        ("- a", "bad.yml: found ['a'], expected a valid dictionary"),
    ],
)
def test_a_file_that_holds_no_facts_is_one_sentence(tmp_path, text, said):
    path = tmp_path / "bad.yml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_facts(path, Facts)
    assert str(caught.value).startswith(said) and "\n" not in str(caught.value)


def test_words_that_name_what_is_not_computed_are_refused():
    facts = read_facts(facts_path("ucdp-country-year"), UcdpFacts)
    with pytest.raises(InputError, match=r"facts of country_year\.csv, entry 'about\.notes'.*odd"):
        facts.sidecar([], {}, version="25.1")


def events_of(folder, *rows):
    """Write GED events: country and deaths of each."""
    spelt = [names[0] for names in NAMES.values()]
    event = dict.fromkeys(spelt, 1) | {"year": 2009, "dyad_name": "A - B", "type_of_violence": 3}
    event |= {"date_start": "2009-01-01", "date_end": "2009-01-09"}
    path = folder / "ged221.csv"
    pd.DataFrame(
        [
            event
            | dict.fromkeys(("low", "best", "high"), best)
            | {"id": at, "country": name, "deaths_civilians": best - 3}
            for at, (name, best) in enumerate(rows, start=1)
        ]
    ).to_csv(path, index=False)
    return path


def test_another_countrys_facts_build_another_countrys_table(tmp_path):
    ged = events_of(tmp_path, ("Chad", 5), ("Mali", 7), ("Chad", 3))
    for command, column in (("ucdp-events", "deaths_best"), ("ucdp-severity", "events")):
        facts = written(tmp_path, command, table=f"chad_{command}.csv", country="Chad")
        assert main([command, str(ged), "--facts", str(facts), "--out", str(tmp_path)]) == 0
        table = pd.read_csv(tmp_path / f"chad_{command}.csv")
        assert table[column].sum() == {"deaths_best": 8, "events": 2}[column]


def test_a_file_without_the_country_of_the_facts_is_refused(tmp_path, capsys):
    ged = events_of(tmp_path, ("Chad", 5))
    facts = written(tmp_path, "ucdp-events", table="t.csv", country="Chat")
    assert main(["ucdp-events", str(ged), "--facts", str(facts), "--out", str(tmp_path)]) == 2
    assert "ged221.csv has no row with 'Chat' in column 'country'; did you mean 'Chad'?" in (
        capsys.readouterr().err
    )
    assert not (tmp_path / "t.csv").exists()


def test_a_country_without_ended_units_and_slips_needs_no_such_facts(tmp_path):
    path = written(tmp_path, "places", country="Chad", provinces={"North": {"UCDP": ["N."]}})
    facts = yaml.safe_load(path.read_text())
    for entry in ("ended", "districts", "splits"):
        del facts[entry]
    path.write_text(yaml.safe_dump(facts))
    told = read_facts(path, PlaceFacts)
    assert district_name("West district", told.districts) == "West district"
    events = pd.DataFrame(
        {"adm_1": ["N.", "Nn"], "adm_2": "W", "where_prec": "5", "latitude": 1.0, "longitude": 2.0}
    )
    [row] = district_rows(events.head(1), told)
    assert row["province"] == "North" and "latitude" not in row  # located too coarsely
    with pytest.raises(InputError, match="first-level unit 'Nn', which is not in the facts; did"):
        district_rows(events, told)


def test_the_facts_beside_the_tables_are_of_one_country():
    told = [yaml.safe_load(facts_path(command).read_text(encoding="utf-8")) for command in COMMANDS]
    countries = [facts["country"] for facts in told if "country" in facts]
    assert len(countries) >= 4 and len(set(countries)) == 1

"""The chapters of a sweep run for countries at war and at peace, and say nothing false of them."""

import json
import re
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from countries import cells_of, solved, words_of

from helpers.base import paths
from helpers.base.names import as_slug
from helpers.base.reading import read_yaml
from helpers.book.quoting import plain
from helpers.run.params import Params
from helpers.run.run import default_params
from helpers.run.stage import COUNTRY, IN, OUT, SHARED

COUNTRIES = ["Nigeria", "Mexico", "Syria", "Chad", "Iraq", "Colombia", "Paraguay", "Jamaica"]
AT_PEACE = "Paraguay"


def executed(name, country, out, shared, monkeypatch):
    """Run the cells of a stage and its solutions; return what it recorded."""
    for variable, value in ((IN, out), (OUT, out), (SHARED, shared), (COUNTRY, country)):
        monkeypatch.setenv(variable, str(value))
    names = Params(**{**read_yaml(default_params()), "country": country}).model_dump()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for place, code in enumerate([*cells_of(name), *solved(name)]):
            exec(compile(code, f"{name}, cell {place}, {country}", "exec"), names)
    plt.close("all")
    manifest = json.loads((out / "stages" / f"{name}.json").read_text(encoding="utf-8"))
    return {key: {**one, "cell": ""} for key, one in manifest["results"].items()}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    mpl.use("agg")
    out, found = tmp_path_factory.mktemp("sweep"), {}
    with pytest.MonkeyPatch.context() as patch:
        found["20-world"] = executed("20-world", COUNTRIES[0], out, out, patch)
        for country in COUNTRIES:
            own = out / as_slug(country)
            found[country] = executed("21-profile", country, own, out, patch)
        found["22-comparison"] = executed("22-comparison", COUNTRIES[0], out, out, patch)
    return found


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_profile_speaks_of_its_country_alone(swept, country):
    text = words_of("21-profile", swept[country])
    assert swept[country]["profile.name"]["value"] == country
    assert "{num}" not in text and "{says}" not in text
    assert not re.search(r"\b(nan|inf)\b", text)
    assert not [other for other in COUNTRIES if other != country and other in text]


def test_a_country_at_peace_gets_no_test(swept):
    words = words_of("21-profile", swept[AT_PEACE])
    assert "too few deaths for a forecast" in words and "no break is looked for" in words
    lost = {"profile.change", "profile.break_p", "profile.skill", "profile.next_year"}
    assert not lost & set(swept[AT_PEACE]) and lost <= set(swept["Nigeria"])


def test_the_comparison_counts_what_the_profiles_recorded(swept):
    found, profiles = swept["22-comparison"], [swept[country] for country in COUNTRIES]
    assert found["sweep.countries"]["value"] == len(COUNTRIES)
    deaths = [one["profile.deaths"]["value"] for one in profiles]
    assert found["sweep.with_deaths"]["value"] == sum(one > 0 for one in deaths)
    assert found["sweep.first"]["value"] == COUNTRIES[deaths.index(max(deaths))]
    assert found["sweep.place"]["value"] == 1 + sum(one > deaths[0] for one in deaths)
    logs = [one["profile.log_change"]["value"] for one in profiles if "profile.log_change" in one]
    assert found["sweep.rose"]["value"] == sum(one > 0 for one in logs)
    assert found["sweep.changes"]["value"] == len(logs)


def test_the_first_page_of_the_sweep_can_be_said(swept):
    results = swept["20-world"] | swept["22-comparison"]
    for name in ("20-world", "22-comparison"):
        assert "{num}" not in words_of(name, results)
    page = plain((paths.BOOK / "sweep" / "index.md").read_text(encoding="utf-8"), results)
    assert "{num}" not in page and not re.search(r"\bnan\b", page)

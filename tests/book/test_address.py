"""One setting lights every link to the project; without it there is none."""

import pytest
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.book import address, build, edition, pages
from helpers.book.links import led
from helpers.run.run import default_params, open_run

SET = "https://github.com/Some-One/atlas"


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    monkeypatch.delenv(address.GIVEN, raising=False)


def test_without_an_address_the_settings_stay():
    run = open_run(default_params())
    text = (paths.BOOK / "_config.yml").read_text(encoding="utf-8")
    if not address.repository():
        assert edition.config(run) == text


def test_one_setting_lights_them_all(monkeypatch):
    before = build.state(open_run(default_params()))
    monkeypatch.setenv(address.GIVEN, f"{SET}.git/")
    assert address.repository() == SET
    told = yaml.safe_load(edition.config(open_run(default_params())))
    assert told["repository"] == {"branch": "main", "url": SET}
    assert all(told["html"][name] for name in address.BUTTONS)
    assert told["html"]["baseurl"] == "https://some-one.github.io/atlas"
    assert told["launch_buttons"]["binderhub_url"] == address.BINDER
    monkeypatch.setattr(pages, "commit", lambda: "abc123")
    assert f"({SET}/blob/abc123/notebooks/01-x.ipynb)" in pages.built_at("notebooks/01-x.ipynb")
    assert build.state(open_run(default_params())) != before


@pytest.mark.parametrize(
    "given", ["x", "http://", "javascript:alert(1)", "https://a.org", "https://a.org/b c", "-x"]
)
def test_what_is_no_address_is_refused(monkeypatch, given):
    monkeypatch.setenv(address.GIVEN, given)
    with pytest.raises(InputError, match="is no address of a repository"):
        address.repository()


def test_the_file_of_the_project_says_it_too(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{SET}/"\n')
    assert address.repository() == SET
    monkeypatch.setenv(address.GIVEN, "https://gitlab.com/other/atlas")
    assert address.repository() == "https://gitlab.com/other/atlas"


@pytest.mark.parametrize(
    ("repository", "published"),
    [
        (SET, "https://some-one.github.io/atlas"),
        ("https://github.com/one/One.github.io", "https://one.github.io"),
        ("https://gitlab.com/one/atlas", "https://one.gitlab.io/atlas"),
        ("https://git.example.org/one/atlas", ""),
    ],
)
def test_pages_stand_where_their_host_puts_them(repository, published):
    assert address.pages_of(repository) == published
    lit = address.lit({"html": {"baseurl": "https://own.example.org"}}, repository)
    assert lit["html"]["baseurl"] == "https://own.example.org"


def test_links_lead_to_the_file_that_a_page_was_made_of():
    edit = {"label": "source-edit-button", "url": f"{SET}/edit/main/notebooks/03-a.ipynb"}
    binder = {"url": "https://mybinder.org/v2/gh/a/b/main?urlpath=lab/tree/notebooks/03-a.ipynb"}
    group = [{"label": "launch", "buttons": [binder]}, {"label": "source", "buttons": [edit]}]
    found = led(group, "notebooks/03-a", "notebooks/03-a.ipynb")
    assert found[0]["buttons"][0]["url"].endswith("?urlpath=lab/tree/work/03-a.ipynb")
    assert found[1]["buttons"][0]["url"] == edit["url"]
    assert led(group, "data", "") == []
    other = {"label": "source-repository-button", "url": SET}
    assert led([other], "data", "") == [other]


def test_every_source_is_there():
    told = edition.sources(open_run(default_params()))
    assert told["index"] == "book/index.md"
    assert told["notebooks/03-trend"] == "notebooks/03-trend.ipynb"
    assert all((paths.ROOT / one).is_file() for one in told.values())

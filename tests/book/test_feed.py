"""The feed of changes: every change is told, as Atom that a reader can parse."""

import xml.etree.ElementTree as xml

import pytest

from helpers.base import paths
from helpers.book import feed

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("address", ["", "https://example.org/a&b"])
def test_every_change_of_the_project_is_told_once(address):
    changes = (paths.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    told = feed.feed(changes, "A & <b>", "We", day="2026-01-02", address=address)
    root = xml.fromstring(told.encode())
    assert root.find(f"{ATOM}title").text == "A & <b>: changes"
    content = [one.find(f"{ATOM}content").text for one in root.findall(f"{ATOM}entry")]
    assert sum(text.count("<li>") for text in content) == sum(
        line.startswith("- ") for line in changes.splitlines()
    )
    ids = [one.text for one in root.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids) == 1 + len(content)
    links = [one.get("href") for one in root.iter(f"{ATOM}link")]
    assert all(one.startswith(address) for one in links) and bool(links) == bool(address)


def test_the_newest_day_is_that_of_the_feed():
    text = "# C\n\n## Unreleased\n\n- a <i>\n\n## [1.1] - 2026-05-06\n\n- b\n\n## 1.0\n"
    assert feed.entries(text) == [
        ("Unreleased", "", ["a <i>"]),
        ("1.1", "2026-05-06", ["b"]),
        ("1.0", "", []),
    ]
    root = xml.fromstring(feed.feed(text, "T", "We", day="2026-01-02", address="").encode())
    assert root.find(f"{ATOM}updated").text == "2026-05-06T00:00:00Z"
    days = [one.find(f"{ATOM}updated").text[:10] for one in root.findall(f"{ATOM}entry")]
    assert days == ["2026-01-02", "2026-05-06", "2026-01-02"]


def test_pages_name_the_feed_that_is_there(html, pages):
    for path in pages:
        page = path.read_text(encoding="utf-8")
        if "application/atom+xml" in page:
            assert (html / feed.FILE).exists()
    assert ("application/atom+xml" in page) == (html / feed.FILE).exists()

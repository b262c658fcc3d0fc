"""What each page says of itself: one title, a description, a picture, and where it stands."""

import re

import pytest

from helpers.book import card, head


def content(page, name):
    return re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', page)


def test_each_page_has_one_title_viewport_icon_and_picture(html, pages):
    titles = {}
    for path in pages:
        page = path.read_text(encoding="utf-8")
        top = page.partition("</head>")[0]
        assert top.count("<title>") == 1 and top.count('name="viewport"') == 1, path.name
        titles.setdefault(re.search("<title>(.*)</title>", top)[1], []).append(path.name)
        for pattern in (
            r'<link rel="icon" href="([^"]+)"',
            r'property="og:image" content="([^"]+)"',
        ):
            assert (path.parent / re.search(pattern, top)[1]).resolve().exists(), path.name
        assert re.search(r'<html [^>]*lang="en"', page), path.name
        assert len(content(top, "og:title")) == 1, path.name
        said = content(top, "description")
        assert len(said) <= 1 and all(0 < len(one) <= 300 for one in said), path.name
        assert "canonical" not in top or 'href="http' in top  # only with an address
    assert [names for names in titles.values() if len(names) > 1] == []
    assert "index.html" in {path.name for path in pages} and (html / "404.html").exists()
    first = (html / "index.html").read_text(encoding="utf-8")
    assert content(first, "description")
    own = re.search("<title>(.*)</title>", first)[1].replace("’", "&#39;").split(" &#8212; ")
    assert len(set(own)) == len(own)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Short.", "Short."),
        ("One. Two. " + "x" * 300, "One. Two."),
        ("word " * 60, "word word"),
        ("", ""),
    ],
)
def test_a_description_is_the_beginning_of_the_page(text, begins):
    said = head.shortened(text)
    assert said.startswith(begins) and len(said) <= head.LONGEST
    assert text.startswith(said.rstrip("…").rstrip())


def test_a_hostile_title_stays_words():
    told = head.tags('"><script>x</script>', "b", "<i>", address="", up="", page="index.html")
    assert "<script" not in told and "<i>" not in told
    assert 'content="website"' in told


def test_with_an_address_each_page_and_the_picture_are_named_in_full():
    told = head.tags("a", "b", "c", address="https://example.org/x/", up="../", page="n/a.html")
    assert content(told, "og:url") == ["https://example.org/x/n/a.html"]
    assert content(told, "og:image") == ["https://example.org/x/_static/card.png"]


def test_the_picture_is_drawn_alike_and_follows_the_verdicts(tmp_path):
    found = {f"claims.c{n}.verdict": {"value": "Supported"} for n in range(3)}
    country = {
        "deaths_total": 5,
        "events_total": 1,
        "first_month": "1989-01",
        "last_final": "2025-12",
    }
    drawn = []
    for name, results in {
        "a": found,
        "b": dict(reversed(found.items())),
        "c": found | {"claims.c1.verdict": {"value": "Partly"}},
        "d": {f"country.{key}": {"value": one} for key, one in country.items()},
        "e": {},
    }.items():
        card.write(
            "A title of $more$ words than fit on one line", results, tmp_path / f"{name}.png"
        )
        drawn.append((tmp_path / f"{name}.png").read_bytes())
    assert drawn[0] == drawn[1] and len(set(drawn)) == 4
    assert drawn[0].startswith(b"\x89PNG") and int.from_bytes(drawn[0][16:20], "big") == 1200
    assert card.figures({}) == "" and card.verdicts({}) == {}

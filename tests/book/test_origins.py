"""A line rests on the tables whose values its names hold, however the code hands them on."""

import pytest

from helpers.book.origins import origins
from helpers.book.rows import page_names, pages
from helpers.raw.sidecar import Column, Licence, Sidecar

READ = 'a = stage.read("a")\nb = stage.read("b")'


def rests(code: str) -> set[str]:
    """The tables of the line that records."""
    lines = code.splitlines()
    return set(
        origins([READ, code])[1].lines[
            next(at for at, one in enumerate(lines, 1) if "record" in one)
        ]
    )


@pytest.mark.parametrize(
    ("code", "tables"),
    [
        ('stage.record("x.y", 1)', set()),
        ('stage.record("x.y", len(a))', {"a"}),
        ('c = f(a)\nd = c["x"]\nstage.record("x.y", d)', {"a"}),
        ('c, d = g(a), 1\nstage.record("x.y", d)', {"a"}),
        ('for one in a:\n    stage.record("x.y", one)', {"a"}),
        ('if len(b):\n    stage.record("x.y", 1)', {"b"}),
        ('c = []\nc.append(b)\nstage.record("x.y", c)', {"b"}),
        ('c = {}\nc["k"] = a\nc["l"] = b\nstage.record("x.y", c)', {"a", "b"}),
        ('def f(x):\n    return x + len(b)\nstage.record("x.y", f(1))', {"b"}),
        ('with open(a) as c:\n    d = c\nstage.record("x.y", d)', {"a"}),
        ('try:\n    c = a\nexcept E:\n    c = b\nstage.record("x.y", c)', {"a", "b"}),
        ('if z:\n    c = a\nelse:\n    c = b\nstage.record("x.y", c)', {"a", "b"}),
        ('c = 0\nc += len(a)\nc += 1\nstage.record("x.y", c)', {"a"}),
        ('stage.record("x.y", [c for c in a if c])', {"a"}),
        ('a = 1\nstage.record("x.y", a)', set()),
        ('stage.record("x.y", stage.read("c")["v"])', {"c"}),
        ('for i in z:\n    stage.record("x.y", d)\n    d = a', {"a"}),
    ],
)
def test_a_line_rests_on_what_its_names_were_made_of(code, tables):
    assert rests(code) == tables


def test_what_is_written_knows_what_it_is_made_of():
    found = origins([READ, 'stage.write("c", a.merge(b))\nstage.write("d", stage.kept("e", f))'])
    assert {name: set(of) for name, of in found[1].writes.items()} == {"c": {"a", "b"}, "d": {"e"}}
    assert found[1].reads == ("e",)


def test_a_cell_that_is_no_python_rests_on_nothing():
    assert origins(["if", READ])[1].reads == ("a", "b")


def described(rows: int, kind: str, redistribution: str = "allowed") -> Sidecar:
    return Sidecar(
        producer="nobody",
        title="made up",
        description="made up",
        citation_full="made up",
        version="1",
        url="https://example.org",
        date_accessed="2026-01-01",
        licence=Licence(name="CC0", url="https://example.org"),
        redistribution=redistribution,
        built_by="tests",
        columns={"where": Column(type=kind, meaning="made up")},
        rows=rows,
    )


@pytest.mark.parametrize(
    ("rows", "kind", "redistribution", "count"),
    [
        (400, "string", "allowed", 1),
        (401, "string", "allowed", 0),
        (401, "url", "allowed", 2),
        (3, "url", "forbidden", 0),
    ],
)
def test_rows_stand_in_the_book_where_they_are_few_or_name_addresses(
    tmp_path, rows, kind, redistribution, count
):
    table = tmp_path / "some_places.csv"
    sidecar = described(rows, kind, redistribution)
    assert len(page_names(table, sidecar)) == count


def test_every_row_has_an_anchor_and_what_it_says_stays_text(tmp_path):
    table = tmp_path / "some_places.csv"
    cells = ["https://example.org/?a=1&b", "<b>", "javascript:alert(1)//://", *["x"] * 398]
    table.write_text("where\n" + "\n".join(cells) + "\n")
    found = pages({table: described(401, "url")})
    assert list(found) == [
        "rows.md",
        *(f"rows/some-places-{part}.{end}" for part in (1, 2) for end in ("md", "html")),
    ]
    html = found["rows/some-places-1.html"] + found["rows/some-places-2.html"]
    assert all(f'id="row-some_places-{number}"' in html for number in range(1, 402))
    assert '<a href="https://example.org/?a=1&amp;b">' in html
    assert "&lt;b&gt;" in html and "<b>" not in html and 'href="javascript' not in html

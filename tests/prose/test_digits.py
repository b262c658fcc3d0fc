"""Every digit in prose is bound to a result or allowed by name; one that is neither is found."""

import json

import pytest
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.prose import digits

PATTERNS = digits.allowed()


def numbers(markdown):
    return [number for _, number in digits.unbound(digits.prose(markdown), PATTERNS)]


def test_the_book_has_no_unbound_digit():
    assert [str(one) for one in digits.findings()] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Deaths rose by 36 percent.", ["36"]),
        ("In 2113 cases", ["2113"]),
        ("1,985 deaths, a ratio of 1.60.", ["1,985", "1.60"]),
        ("p < 0.05 and n > 3", ["0.05", "3"]),
        ("a rise of 95 %", ["95"]),
        ("it holds 2024.5 deaths", ["2024.5"]),
        ("**39.66** %", ["39.66"]),
        ("| UCDP | 12 |", ["12"]),
        ("[12 cases](data.md)", ["12"]),
        ("a 5 % rise", ["5"]),
        ("it costs $12 and $15 more", ["12", "15"]),
        ("![a picture of 12](x.svg)", ["12"]),
        ("term 12\n: meaning 13", ["12", "13"]),
        ("> quoted 12", ["12"]),
        ("| a | b 12 |\n|---|---|\n| 13 | {num}`x` |", ["12", "13"]),
        ("<p>in a 12 tag</p>", ["12"]),
        ("{says}`a.b > 1|the 12 attacks`", ["12"]),
        (":::{caption} trend\n:alt: Up by 12.\nIt rises by 13.\n:::", ["12", "13"]),
    ],
)
def test_a_number_that_was_typed_is_found(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "In 2024 and the 1990s.",
        "On 9 December 2024",
        "months from 2018-01 on",
        "{num}`trend.ratio_2024:.2f:interval` of {num}`a.b` %",
        "{cite}`turner2021,basit`",
        "{says}`a.b12 > 12|Most` died",
        "`seed = 20241231`",
        "``a `1` b``",
        "[here](page-12.md#part-3)",
        "<https://example.org/12>",
        "see Figure 3",
        "95 % intervals",
        "at a level of 95 percent",
        "80 and 95 %\nintervals",
        "UCDP GED 22.1",
        "Herof 2.0",
        "NB2 and AR(1)",
        "1. first\n2. second",
        "(cell-03-x-2)=\n# Title",
        "<!-- 12 -->\ntext",
        '<div class="w-12">text</div>',
        "% 12 in a comment",
        "three of twelve",
        "$x_3 = 12$ and $\\beta_0$",
        "$$\ny = 12\n$$",
        "see https://example.org/12 there",
        "- a\n- `12`\n  {num}`b.c12`",
        ":::{caption} trend-12\nWords.\n:::",
        "---\ntitle: 12\n---\ntext",
    ],
)
def test_what_is_bound_or_a_name_passes(text):
    assert numbers(text) == []


def test_lines_are_counted_through_directives_and_code():
    page = """# Title

```{figure} figures/a-12.svg
:width: 100%
:alt: It rises by 12.

A caption with 13.
```

```python
x = 14
```

:::{admonition} A title with 15
:class: tip-16

````{raw} html
<p>17</p>
````

Inside 18.
:::

After 19.
"""
    assert list(digits.unbound(digits.prose(page), PATTERNS)) == [
        (5, "12"),
        (7, "13"),
        (14, "15"),
        (21, "18"),
        (24, "19"),
    ]


def test_captions_and_text_alternatives_are_prose_and_computed_text_is_not(tmp_path):
    code = [
        "x = 3\n",
        'stage.figure(fig, "a-4", data=d[:5], caption="Five and "\n',
        '             "6.", alt=f"Up by {x:.2f} in {y[7]}, or 8.")',
    ]
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "\n", "Text with 9."]},
        {"cell_type": "code", "source": code},
    ]
    path = tmp_path / "05-x.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    found = [(one.place, one.number) for one in digits.in_notebook(path, PATTERNS)]
    assert found == [
        ("05-x.ipynb, cell 1, line 3", "9"),
        ("05-x.ipynb, cell 2, line 2", "6"),
        ("05-x.ipynb, cell 2, line 3", "8"),
    ]


def test_an_entry_without_reason_or_with_a_wrong_example_is_refused(tmp_path):
    path = tmp_path / "allowed-digits.yml"
    good = next(
        one
        for one in yaml.safe_load((paths.BOOK / "allowed-digits.yml").read_text())
        if one["name"] == "year"
    )
    for change in ({"reason": ""}, {"examples": ["36"]}, {"examples": []}):
        path.write_text(yaml.safe_dump([good | change]))
        with pytest.raises(InputError, match="'year' needs a reason, and examples"):
            digits.allowed(path)


def test_a_planted_digit_stops_the_report_and_fails_the_audit(built):
    page = built.root / "book/index.md"
    page.write_text(page.read_text() + "\nIt is 36 %.\n")
    run = built.report()
    assert run.returncode == 2
    assert "index.md, line 5: '36' is neither bound" in run.stderr.splitlines()[-1]
    run = built.python("helpers.cli", "audit")
    assert run.returncode == 1 and run.stdout.splitlines()[-1].startswith(
        "1 unbound digits, 0 typed ends and 0 unbound words in 4 pages"
    )
    page.write_text(page.read_text().replace("36 %", "for most of the dead"))
    run = built.python("helpers.cli", "audit")
    assert run.returncode == 1 and "index.md, line 5: 'most' is neither bound" in run.stdout
    page.write_text(page.read_text().replace("most", "{says}`clean.deaths < 0|most`"))
    run = built.report()
    assert run.returncode == 2
    assert "'most' rests on 'clean.deaths < 0', which does not hold: clean.deaths is" in run.stderr
    page.write_text(page.read_text().replace("clean.deaths <", "clean.deaths >"))
    assert built.report().returncode == 0
    assert ">most</a>" in (built.root / "book/_build/html/index.html").read_text()
    run = built.python("helpers.cli", "audit")
    assert (
        run.returncode == 0
        and run.stdout
        == "0 unbound digits, 0 typed ends and 0 unbound words in 4 pages and notebooks\n"
    )


@pytest.mark.parametrize("symbol", [r"\beta", r"\hat", "x", "Y"])
@pytest.mark.parametrize("index", ["0", "7", "{10}", "{i,2}"])
@pytest.mark.parametrize("form", ["${}$", "$ {} $", "$${}$$", "({})"])
def test_the_index_of_a_symbol_is_no_figure(symbol, index, form):
    said = form.format(f"{symbol}_{index}")
    assert list(digits.unbound(digits.prose(f"The slope {said} is small."), [])) == []
    found = list(digits.unbound(digits.prose(f"The slope {said} rose by 8."), []))
    assert found == [(1, "8")]

"""Fewer letters of a drawing: the same places, and the same picture."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.book.compact import steps
from helpers.book.inline import Looks, inline
from helpers.figures.style import svg, use_style

NUMBER = r"-?(?:\d+\.?\d*|\.\d+)"
ALONG = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "q": 4}


def places(path):
    """Every point of a path, in order, as a browser reads it."""
    found, here, start = [], np.zeros(2), np.zeros(2)
    for command, words in re.findall(rf"([A-Za-z])((?:[\s,]*{NUMBER})*)", path):
        if command in "zZ":
            here = start
            found.append(tuple(here))
            continue
        numbers = [float(one) for one in re.findall(NUMBER, words)]
        count, relative = ALONG[command.lower()], command.islower()
        for at in range(0, len(numbers), count):
            some = numbers[at : at + count]
            if command in "hv":
                some = [some[0], 0.0] if command == "h" else [0.0, some[0]]
            pairs = np.reshape(some, (-1, 2)) + (here if relative else 0)
            found += [tuple(pair) for pair in pairs]
            here = pairs[-1]
            start = here if command in "mM" and at == 0 else start
    return np.round(found, 2)


hundredths = st.integers(-99_999, 99_999).map(lambda one: f"{one / 100:g}")
commands = st.one_of(
    *(
        st.lists(hundredths, min_size=many, max_size=many).map(
            lambda words, letter=letter: letter + " ".join(words)
        )
        for letter, many in (("M", 2), ("L", 2), ("C", 6), ("Q", 4))
    ),
    st.just("z"),
)


@given(st.lists(commands, max_size=12))
@settings(max_examples=300, deadline=None)
def test_steps_lead_to_the_places_to_the_hundredth(parts):
    path = "M1.5 -2" + "".join(parts)
    short = steps(path)
    assert places(short) == pytest.approx(places(path), abs=0.006)
    assert len(short) <= len(path)


def test_a_path_of_other_commands_stays():
    for path in ("M0 0A5 5 0 0 1 3 4", "M0 0H7", "m1 1l2 2", "M0 0 1 1"):
        assert steps(path) == path


def crowded():
    made, panels = plt.subplots(1, 3, figsize=(9, 3))
    rng = np.random.default_rng(7)
    x = np.arange(80)
    panels[0].errorbar(x, np.cumsum(rng.normal(size=80)), yerr=3, fmt="o", ms=5, alpha=0.6)
    panels[0].set_ylim(-4, 4)  # so that the panel cuts some
    panels[1].bar(x[:20], rng.poisson(9, 20), label="a", alpha=0.5)
    panels[1].bar(x[:20], -rng.poisson(9, 20), label="b", edgecolor="white")
    panels[1].legend()
    panels[2].scatter(rng.normal(size=99), rng.normal(size=99), c=x.repeat(2)[:99], alpha=0.7)
    panels[2].fill_between([-2, 2], [0, 1], [2, 2], alpha=0.3)
    panels[2].set(xscale="symlog", title="Dots")
    return made


def test_the_picture_is_the_same_and_the_letters_are_far_fewer(browser):
    from PIL import Image

    use_style()
    made = crowded()
    whole = svg(made)
    plt.close(made)
    looks = Looks()
    short = inline(whole, "d1w", "wide", "", looks)
    assert len(short) < 0.35 * len(whole)
    box = 'style="position:absolute;left:0;top:0;width:900px;height:300px;fill:#000"'
    shots = []
    for part in (whole[whole.index("<svg") :], short):
        page = browser.new_page(viewport={"width": 900, "height": 320})
        page.set_content(
            "<style>:root { --drawn: 'DejaVu Sans' }"
            ".wide { stroke-linejoin: round; font-family: var(--drawn) }"
            f"{looks.sheet()}</style>" + part.replace("<svg ", f"<svg {box} ", 1)
        )
        shots.append(np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("L"), int))
        page.close()
    assert shots[0].std() > 20  # something is drawn
    apart = np.abs(shots[0] - shots[1]) > 12
    assert apart.sum() < 60  # edges that a browser rounds to the next pixel, of 288,000

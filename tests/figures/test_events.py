"""Events on a chart of months: each line is where it is dated, each word whole and by its line."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from matplotlib.dates import date2num

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.figures.drawn import drawings
from helpers.figures.events import MARK, MOST, mark_events, spread_events
from helpers.figures.fit import misfits
from helpers.figures.narrow import make_narrow
from helpers.figures.plots import few_dates
from helpers.figures.style import use_style
from helpers.raw.contract import load

DAYS = st.lists(st.integers(0, 1400), min_size=1, max_size=MOST, unique=True)
LETTERS = st.lists(st.integers(2, 14), min_size=MOST, max_size=MOST)


def chronology(*dates, short=("a policy", "a war", "an end")):
    events = [f"{n}: it happened" for n in range(len(dates))]
    return pd.DataFrame({"date": dates, "event": events, "short": short[: len(dates)]})


@pytest.fixture
def axes():
    use_style()
    figure, axes = plt.subplots()
    months = pd.date_range("2022-01-01", periods=48, freq="MS")
    axes.plot(months, range(48))
    axes.set_title("A title of its own")
    few_dates(axes)
    yield axes
    plt.close(figure)


def texts(axes):
    return [text for text in axes.texts if text.get_gid() == MARK]


def crossed(axes):
    """Words that the line of another event runs through on the way to its own word."""
    figure = axes.figure
    figure.draw_without_rendering()
    renderer, found = figure._get_renderer(), []
    boxes = [(text, plt.Text.get_window_extent(text, renderer)) for text in texts(axes)]
    for text, box in boxes:
        place = axes.transData.transform((text.xy[0], 0))[0]
        for other, around in boxes:
            if other is not text and around.x0 < place < around.x1 and around.y0 < box.y0:
                found.append((text.get_text(), other.get_text()))
    return found


def test_a_line_stands_at_the_day_or_at_the_first_of_a_month(axes):
    mark_events(axes, chronology("2024-06-22", "2025-05"), ["0", "1"])
    lines = [line.get_xdata()[0] for line in axes.lines[1:]]
    assert lines == [date2num(pd.Timestamp(day)) for day in ("2024-06-22", "2025-05-01")]
    assert [text.get_text() for text in texts(axes)] == ["a policy", "a war"]


def test_the_months_that_are_shown_stay_as_they_were(axes):
    before = axes.get_xlim()
    mark_events(axes, chronology("2025-12-01"), ["0"])
    assert axes.get_xlim() == before


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@example([213, 226], [2] * MOST)
@example([213, 214, 215], [9] * MOST)
@given(DAYS, LETTERS)
def test_no_word_is_cut_or_crossed_on_a_page_or_on_a_phone(days, letters):
    use_style()
    figure, axes = plt.subplots(figsize=(7.2, 3))
    months = pd.date_range("2022-01-01", periods=48, freq="MS")
    axes.plot(months, range(48))
    axes.set_title("A title of its own")
    few_dates(axes)
    dates = [str((months[0] + pd.Timedelta(days=day)).date()) for day in days]
    words = ["w" * letters[n] for n in range(len(days))]
    mark_events(axes, chronology(*dates, short=words), [f"{n}:" for n in range(len(days))])
    figure.draw_without_rendering()
    spread_events(figure)
    assert (misfits(figure), crossed(axes)) == ([], [])
    make_narrow(figure)
    assert (misfits(figure), crossed(axes)) == ([], [])
    plt.close(figure)


def test_two_events_of_one_day_are_both_legible(axes):
    mark_events(axes, chronology("2024-06-22", "2024-06-22"), ["0", "1"])
    assert misfits(axes.figure) == []


def test_lines_of_events_are_no_marks_of_the_figure(axes):
    mark_events(axes, chronology("2024-06-22"), ["0"])
    assert len(drawings(axes.figure).marks["marks"]) == 48


def test_no_line_runs_through_the_legend(axes):
    axes.lines[0].set_label("attacks")
    axes.legend()
    mark_events(axes, chronology("2022-02-01"), ["0"])
    frame = axes.get_legend().get_frame()
    assert frame.get_visible() and frame.get_facecolor() == (1, 1, 1, 1)
    assert axes.get_legend().get_zorder() > axes.lines[-1].get_zorder()


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (["5"], "0 rows of the chronology begin with '5'"),
        ([""], "4 rows of the chronology begin with ''"),
        (["2"], "lies beside the months"),
        (["3"], "has nothing in column 'short'"),
        (list("abcdefg"), "expected at most 6"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(axes, events, said):
    table = chronology(
        "2024-06-22", "2025-05", "2012-01", "2024-01", short=["one", "two", "three", None]
    )
    with pytest.raises(InputError, match="^[^\n]*$") as refused:
        mark_events(axes, table, events)
    assert said in str(refused.value)


def test_the_months_of_two_wars_are_in_the_chronology_of_the_book(axes):
    table = load(paths.RAW / "chronology.csv")
    mark_events(axes, table, ["India and Pakistan fight", "Afghanistan and Pakistan fight"])
    lines = [line.get_xdata()[0] for line in axes.lines[1:]]
    assert lines == [date2num(pd.Timestamp(f"2025-{month}-01")) for month in ("05", "10")]

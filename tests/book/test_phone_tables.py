"""A long table of cards shows some rows on a phone, and all of them when it is asked to."""

import pandas as pd
import pytest

from helpers.base import paths
from helpers.figures.tables import html_table

STATIC = paths.BOOK / "_static"


def opened(browser, table, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    css, script = ((STATIC / f"tables.{one}").read_text(encoding="utf-8") for one in ("css", "js"))
    page.set_content(
        f"<!doctype html><title>x</title><style>{css}</style><script>{script}</script>"
        f'<div class="scroll">{html_table(table, "Rows.", {})}</div>'
    )
    return page


def rows(page):
    return page.locator("tbody tr:visible").count()


@pytest.mark.parametrize(("count", "shown"), [(8, 8), (10, 10), (11, 8), (40, 8)])
def test_a_phone_shows_some_rows_until_all_are_asked_for(browser, count, shown):
    names = [f"column {at}" for at in range(8)]
    table = pd.DataFrame([[f"a long name {at}", *range(7)] for at in range(count)], columns=names)
    page = opened(browser, table, 390)
    assert rows(page) == shown
    if shown < count:
        page.get_by_role("button", name=f"Show all {count} rows").click()
        assert rows(page) == count and page.locator("button").count() == 0
        focused = page.evaluate("document.activeElement.closest('tr').rowIndex")
        assert focused == shown + 1  # the heading is a row as well
    page.close()
    wide = opened(browser, table, 1400)
    assert rows(wide) == count and not wide.locator("button").is_visible()
    wide.close()


def test_a_card_leaves_out_what_is_missing(browser):
    names = [f"column {at}" for at in range(8)]
    table = pd.DataFrame([["a long name", *[None, 1.5] * 3, 2]] * 9, columns=names)
    for width, shown in ((390, 4), (1400, 7)):
        page = opened(browser, table, width)
        assert page.locator("tbody tr").first.locator("td:visible").count() == shown
        page.close()

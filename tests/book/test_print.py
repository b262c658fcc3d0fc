"""The book on paper: contents, open folds, no dead links; one sentence without Chromium."""

import re
import shutil
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup

from helpers.book import print as pdf
from helpers.cli.fresh import environment

PAGE = """<html><head><title>A book</title></head><body><aside>search</aside>
<article class="bd-article">
<section id="root"><h1>A book</h1></section>
<span id="document-one"></span><section id="one"><h2>Chapter &amp; one</h2>
<section id="s"><h3>First</h3>
<p><a class="num" href="#cell-1" title="value: 2">2.0</a> <a href="#document-one">up</a>
<a href="index.html#s">term</a> <a href="#gone">gone</a>
<a href="x.csv">data</a> <a href="https://example.org/">out</a></p>
<div class="cell" id="cell-1"><details class="hide">code</details></div>
<div class="cell"><details class="hide">code</details><div class="cell_output">7</div></div>
<details class="sd-dropdown"><summary>Columns</summary>
<table><tr><td>https://example.org/a-very-long/address</td></tr></table></details>
</section></section></article></body></html>"""


def test_the_document_has_contents_and_only_links_that_work():
    soup = BeautifulSoup(pdf.printable(PAGE, "Commit abc"), "lxml")
    assert (
        soup.select_one(".front p").get_text() == "Commit abc" and "search" not in soup.get_text()
    )
    entry = soup.select_one(".contents li")
    assert (
        entry.a["href"] == "#document-one"
        and entry.a.get_text() == "Chapter & one"
        and entry.p.get_text() == "First"
    )
    assert [link["href"] for link in soup.select("main a")] == [
        "#document-one",
        "#s",
        "https://example.org/",
    ]
    assert (
        "2.0" in soup.main.get_text()
        and "7" in soup.main.get_text()
        and "code" not in soup.main.get_text()
    )
    assert soup.select_one("details.sd-dropdown").has_attr("open")
    assert (
        "long/\u200baddress" in soup.td.get_text()
        and soup.select_one("section.chapter")["id"] == "one"
    )


def test_without_chromium_it_is_one_sentence(built, tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "helpers.cli", "pdf"],
        cwd=built.root,
        capture_output=True,
        text=True,
        env=environment(built.root) | {"PATH": str(tmp_path)},
    )
    assert run.returncode == 2
    assert (
        run.stderr.startswith("error: a PDF needs Chromium, which was not found; install it")
        and run.stderr.count("\n") == 1
    )


@pytest.mark.skipif(
    not any(map(shutil.which, pdf.BROWSERS)),
    reason="no Chromium on this machine (apt-get install chromium)",
)
def test_the_book_is_printed_whole(built):
    run = built.python("helpers.cli", "pdf")
    assert run.returncode == 0, run.stderr
    assert run.stdout == "the PDF is book/_build/book.pdf\n"
    data = (built.root / "book/_build/book.pdf").read_bytes()
    # Front page, contents, first page, three notebooks, data, colophon.
    assert data.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", data)) >= 8
    assert len(re.findall(rb"/Subtype\s*/Link", data)) >= 5
    shutil.rmtree(built.root / "data/processed")
    run = built.python("helpers.cli", "pdf")
    assert run.returncode == 2 and "run make report first" in run.stderr

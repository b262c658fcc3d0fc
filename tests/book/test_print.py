"""The book on paper: contents with pages, notes, no dead links; one sentence without Chromium."""

import re
import shutil
import subprocess
import sys
import time

import pytest
from bs4 import BeautifulSoup

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.book import endnotes, paper
from helpers.book import print as pdf
from helpers.book.builder import ENVIRONMENT
from helpers.book.leaves import leaves
from helpers.cli.fresh import environment

with_chromium = pytest.mark.skipif(
    not any(map(shutil.which, pdf.BROWSERS)),
    reason="no Chromium on this machine (apt-get install chromium)",
)
EPOCH = int(ENVIRONMENT["SOURCE_DATE_EPOCH"])  # seconds
RATIO = (
    "value: 2.0 times · interval: 1.5 to 2.5 · n: 24 · source: a & b · notebook: 01-x · key: a.b"
)
PAGE = f"""<html><head><title>A book</title></head><body><aside>search</aside>
<article class="bd-article">
<section id="root"><h1>A book</h1>
<p><a class="num" href="#cell-01-x-keys-line-3" title="{RATIO}">2.0</a></p></section>
<span id="document-one"></span><section id="one"><h2>Chapter &amp; "one" </style></h2>
<section id="s"><h3>First</h3>
<p><a class="num" href="#cell-01-x-keys-line-3" title="{RATIO}">2.0</a>
<a class="num" href="#cell-01-x-keys-line-3" title="{RATIO}">1.5</a>
<a class="num" href="#cell-01-x-more" title="says: a.b &gt; 1 · a.b: 2.0">It rose</a>
<a href="#document-one">up</a>
<a href="index.html#s">term</a> <a href="#gone">gone</a>
<a href="x.csv">data</a> <a href="https://example.org/">out</a></p>
<div class="cell" id="cell-1"><details class="hide">code</details></div>
<div class="cell"><details class="hide">code</details><div class="cell_output">7</div></div>
<div class="drawn"><style>.a-very-long-name-of-a-style.b{{fill:red}}</style>
<svg class="wide"></svg><svg class="narrow"></svg></div>
<div class="claim-card"><div class="claim-strip">no effect</div><dl class="claim-told"><dt>Cell</dt>
<dd><a href="#cell-01-x-keys">open the cell</a></dd></dl></div>
<section id="on-paper"><h4>On paper</h4><div class="on-paper">make pdf</div></section>
<details class="sd-dropdown"><summary>Columns</summary>
<table><tr><td>https://example.org/a-very-long/address</td></tr></table></details>
</section></section></article></body></html>"""


@pytest.fixture(scope="module")
def document():
    return paper.printable(PAGE, "Commit abc")


@pytest.fixture
def soup(document):
    return BeautifulSoup(document, "lxml")


def test_the_document_has_contents_and_only_links_that_work(soup):
    assert (
        soup.select_one(".front p").get_text() == "Commit abc" and "search" not in soup.get_text()
    )
    entry = soup.select_one(".contents li")
    assert soup.find(id=entry.a["href"][1:]).name == "h2"
    assert entry.a.contents[0].strip() == 'Chapter & "one"'
    assert soup.find(id=entry.p.a["href"][1:]).get_text() == "First"
    links = [link["href"] for link in soup.select("main section:not(.notes) a:not(sup a)")]
    assert links == ["#document-one", "#s", "https://example.org/"]
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
    # A link to a chapter leads to its own first page, not to the end of the one before.
    assert soup.find(id="document-one").parent["id"] == "one"


def test_what_a_screen_alone_can_show_is_left_out(soup):
    assert soup.select_one("svg.wide") and not soup.select("svg.narrow, .claim-strip, #on-paper")
    assert ".a-very-long-name-of-a-style.b" in soup.select_one(".drawn style").get_text()
    assert soup.select_one(".claim-told dd").get_text() == "01-x-keys"


def test_the_title_of_a_chapter_ends_no_style_sheet(soup):
    rules = soup.head.style.get_text()
    assert r"content: " '"' r"Chapter & \22 one\22 " '"' in rules and "<" not in rules
    named = soup.select_one("#one")["style"].removeprefix("page: ")
    assert f"@page {named} {{" in rules


def test_each_result_has_one_note_and_each_chapter_one_reference(soup):
    marks = [mark.get_text() for mark in soup.select("sup.note")]
    assert marks == ["[1]", "[1]", "[2]"]  # the first page; the chapter, once a result
    for link in soup.select("sup.note a"):
        assert soup.find(id=link["href"][1:]) in soup.select(".notes p")
    notes = [one.get_text() for one in soup.select(".notes p[id]")]
    assert notes == [
        "1 a.b 2.0 times (1.5 to 2.5); n 24; a & b; 01-x-keys, line 3",
        "2 while a.b > 1; a.b: 2.0; 01-x-more",
    ]
    assert [one.get_text().strip() for one in soup.select(".notes h3")] == [
        "The first page",
        'Chapter & "one"',
    ]
    last = soup.select(".contents li > a")[-1]
    assert (
        endnotes.TITLE in last.get_text() and soup.find(id=last["href"][1:]).parent["id"] == "notes"
    )


def test_a_heading_gets_no_reference_and_a_book_without_results_no_notes():
    bare = PAGE.replace('class="num"', 'class="other"')
    assert "notes" not in paper.printable(bare, "")
    headed = bare.replace("<h3>First", f'<h3><a class="num" title="{RATIO}">2.0</a>')
    assert "[1]" not in paper.printable(headed, "")


def test_a_place_without_a_page_and_a_file_that_is_no_pdf_are_one_sentence(document):
    with pytest.raises(InputError, match="no place 'at-0' of its contents"):
        paper.with_pages(document, {})
    for data in (b"", b"%PDF-1.4\n%%EOF", b"%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\n"):
        with pytest.raises(InputError, match="pages of the printed book cannot be read"):
            leaves(data)


@with_chromium
def test_the_contents_name_the_pages_that_chromium_gave(tmp_path):
    many = "".join(
        f'<span id="document-c{at}"></span><section id="c{at}"><h2>{at}. Title</h2>'
        f"{'<p>A line.</p>' * 40 * at}<section><h3>Part</h3><p>Words.</p></section></section>"
        for at in range(1, 5)
    )
    page = f'<title>Book</title><article class="bd-article"><h1>Book</h1>{many}</article>'
    target = tmp_path / "book.pdf"
    shutil.copyfile(paths.BOOK / "print.css", tmp_path / "print.css")
    pdf.print_numbered(paper.printable(page, "now"), tmp_path, target)
    found = leaves(target.read_bytes())
    shown = BeautifulSoup((tmp_path / "print.html").read_text(), "lxml").select(".leaf")
    assert {one["data-of"]: int(one.get_text()) for one in shown}.items() <= found.items()
    # Title, contents and first page stand before; each chapter is longer than the one before it.
    first, *_, last = (found[f"at-{at}"] for at in range(4))
    assert first == 4 and found["at-3-0"] > last > found["at-2-0"] > found["at-2"]
    assert len(re.findall(rb"/Type /Page\b", target.read_bytes())) == found["at-3-0"]


@with_chromium
def test_two_prints_are_the_same_in_whatever_zone(tmp_path, monkeypatch):
    document = paper.printable(PAGE, "now")
    prints = []
    for zone in ("Asia/Karachi", "America/Lima"):
        monkeypatch.setenv("TZ", zone)
        target = tmp_path / "book.pdf"
        pdf.print_numbered(document, tmp_path, target)
        prints.append(target.read_bytes())
    assert prints[0] == prints[1]
    dates = re.findall(rb"Date \(D:(\d{8})", prints[0])
    assert dates == [time.strftime("%Y%m%d", time.gmtime(EPOCH)).encode()] * 2


@with_chromium
def test_pages_that_cannot_be_read_leave_the_pdf_of_before(tmp_path):
    target = tmp_path / "book.pdf"
    target.write_text("of before")
    cut = '<!DOCTYPE html><p><span class="leaf" data-of="gone">000</span></p>'
    with pytest.raises(InputError, match="no place 'gone'"):
        pdf.print_numbered(cut, tmp_path, target)
    assert target.read_text() == "of before"


def test_the_colophon_leads_to_the_pdf_where_there_is_one(built_once, browser, tmp_path):
    html = built_once / "book/_build/html"
    shutil.copytree(html / "_static", tmp_path / "_static")
    shutil.copyfile(html / "colophon.html", tmp_path / "colophon.html")
    shown = {}
    for more in ("", 'window.PDF = "book.pdf";'):
        (tmp_path / "_static/run.js").write_text("window.RUN = {a: 1};" + more)
        page = browser.new_page()
        page.goto((tmp_path / "colophon.html").as_uri())
        page.wait_for_selector(".run-times td")
        links = page.locator(".on-paper a").all()
        shown[more] = [link.evaluate("link => link.href") for link in links]
        page.close()
    assert list(shown.values()) == [[], [(tmp_path / "book.pdf").as_uri()]]


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


@with_chromium
def test_the_book_is_printed_whole(built):
    run = built.python("helpers.cli", "pdf")
    assert run.returncode == 0, run.stderr
    assert run.stdout == "the PDF is book/_build/book.pdf\n"
    data = (built.root / "book/_build/book.pdf").read_bytes()
    # Front page, contents, first page, three notebooks, data, colophon.
    assert data.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", data)) >= 8
    assert len(re.findall(rb"/Subtype\s*/Link", data)) >= 5
    found = leaves(data)
    chapters = [found[f"at-{at}"] for at in range(5)]
    assert chapters == sorted(set(chapters)) and {"notes", "note-1"} & found.keys()
    pages = built.root / "book/_build/html"
    assert (pages / "book.pdf").read_bytes() == data
    assert 'window.PDF = "book.pdf"' in (pages / "_static/run.js").read_text()
    assert built.ran() == []  # the pages are whole with it
    # A PDF that is another, and one of other pages, are not offered.
    (pages / "book.pdf").write_bytes(data[:-9])
    assert built.ran() == ["book"] and not (pages / "book.pdf").exists()
    assert "window.PDF" not in (pages / "_static/run.js").read_text()
    (built.root / "book/index.md").write_text("# Other\n")
    run = built.python("helpers.cli", "pdf")
    assert run.returncode == 0 and not (pages / "book.pdf").exists()
    shutil.rmtree(built.root / "data/processed")
    run = built.python("helpers.cli", "pdf")
    assert run.returncode == 2 and "run make report first" in run.stderr

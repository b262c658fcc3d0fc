"""Open files come whole and verified, or not at all: against a server that misbehaves."""

import hashlib
import io
import json
import random
import shutil
import stat
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from helpers.base.errors import InputError
from helpers.base.limits import Limits
from helpers.ingest import download, streams
from helpers.ingest.download import Entry, fetch
from helpers.ingest.streams import Patience

GOOD = random.Random(3).randbytes(300_000)
QUICK = Patience(tries=3, wait=0.01, connect=1, read=0.5, window=0.4, rate=1000)


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def linked() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return made.getvalue()


ARCHIVES = {
    "one.zip": packed({"events.csv": b"id\n1\n"}),
    "two.zip": packed({"a.csv": b"id\n1\n", "b.csv": b"id\n2\n"}),
    "flood.zip": packed({"zeros": bytes(3_000_000)}),
    "many.zip": packed({f"f{n}": b"" for n in range(40)}),
    "outside.zip": packed({"../outside": b"x"}),
    "link.zip": linked(),
    "torn.zip": packed({"events.csv": GOOD})[:-500],
}


class Server(BaseHTTPRequestHandler):
    """Answers by path: each is one way in which a server can behave."""

    protocol_version = "HTTP/1.1"
    asked: dict[str, list[str | None]] = {}

    def log_message(self, *_):
        pass

    def do_GET(self):
        name = self.path.strip("/")
        times = self.asked.setdefault(name, [])
        times.append(self.headers.get("Range"))
        if name in ARCHIVES:
            return self.whole(ARCHIVES[name])
        getattr(self, name.partition(".")[0])(len(times))

    def whole(self, body, status=200, **headers):
        self.send_response(status)
        for key, value in {"Content-Length": len(body), "ETag": '"1"', **headers}.items():
            self.send_header(key.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def part(self, start, body=GOOD):
        told = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self.whole(body[start:], 206, Content_Range=told)

    def cut(self, at, body=GOOD, **headers):
        self.send_response(200)
        for key, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(key, str(value))
        self.end_headers()
        self.wfile.write(body[:at])
        self.close_connection = True

    def good(self, _):
        self.whole(GOOD)

    def wrong(self, _):
        self.whole(GOOD[:-1] + b"?")

    def half(self, time):
        start = self.headers.get("Range")
        self.cut(150_000, ETag='"1"') if not start else self.part(int(start[6:-1]))

    def renewed(self, time):  # what is gone on with is another file by then: If-Range tells
        if time == 1:
            return self.cut(150_000, GOOD[::-1], ETag='"0"')
        assert self.headers.get("If-Range") == '"0"'
        self.whole(GOOD)

    def norange(self, time):
        self.cut(150_000) if time == 1 else self.whole(GOOD)

    def otherpart(self, time):
        self.cut(150_000) if time == 1 else self.part(7) if time == 2 else self.whole(GOOD)

    def always_half(self, time):
        self.cut(1000)

    def shorter(self, _):
        self.cut(len(GOOD) - 10)

    def missing(self, _):
        self.whole(b"<html>not here</html>", 404)

    def later(self, time):
        self.whole(b"", 500) if time < 3 else self.whole(GOOD)

    def never(self, _):
        self.whole(b"", 503, Retry_After=0)

    def away(self, _):
        self.whole(b"", 302, Location="http://127.0.0.2:9/good.bin")

    def plain(self, _):
        self.whole(b"", 302, Location="http://example.org/good.bin")

    def near(self, _):
        self.whole(b"", 301, Location="/good.bin")

    def round(self, _):
        self.whole(b"", 302, Location="/round.bin")

    def drip(self, _):
        self.send_response(200)
        self.send_header("Content-Length", str(len(GOOD)))
        self.end_headers()
        try:
            for place in range(200):
                self.wfile.write(GOOD[place : place + 1])
                time.sleep(0.05)
        except OSError:
            pass

    def silent(self, _):
        time.sleep(1)
        self.close_connection = True

    def endless(self, _):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for _ in range(400):
                self.wfile.write(bytes(10_000))
        except OSError:
            pass


@pytest.fixture(scope="module")
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def get(address, tmp_path, monkeypatch):
    """Fetch a path of the server into a folder in which something else stands already."""
    monkeypatch.setattr(streams, "limits", lambda: Limits(unpacked_megabytes=2))
    monkeypatch.setattr("helpers.base.unpacked.limits", lambda: SMALL)
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "mine.txt").write_text("here before")
    Server.asked.clear()

    def run(path, sha256="", hosts=()):
        entry = Entry(
            title="t", licence="l", url=f"{address}/{path}", sha256=sha256, hosts=list(hosts)
        )
        return fetch(entry, folder, QUICK)

    run.folder = folder
    return run


SMALL = Limits(unpacked_megabytes=2, unpacked_files=30)
KNOWN = hashlib.sha256(GOOD).hexdigest()


def there(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_good_file_is_there_with_its_note_and_is_not_fetched_twice(get):
    path = get("good.bin", KNOWN)
    assert path.read_bytes() == GOOD and path.name == "good.bin"
    note = json.loads((get.folder / "good.bin.download.json").read_text())
    assert (
        note["sha256"] == KNOWN and note["bytes"] == len(GOOD) and note["url"].endswith("good.bin")
    )
    assert get("good.bin", KNOWN) == path
    assert Server.asked == {"good.bin": [None]}
    assert there(get.folder) == ["good.bin", "good.bin.download.json", "mine.txt"]


def test_a_damaged_file_is_fetched_again(get):
    get("good.bin", KNOWN).write_bytes(b"half")
    assert get("good.bin", KNOWN).read_bytes() == GOOD


def test_the_first_download_pins_the_hash(get):
    path = get("good.bin")
    assert get("good.bin") == path and len(Server.asked["good.bin"]) == 1
    note = get.folder / "good.bin.download.json"
    note.write_text(note.read_text().replace(KNOWN, "0" * 64))
    with pytest.raises(InputError, match="not the file that its first download .* knows"):
        get("good.bin")
    assert path.read_bytes() == GOOD  # nothing was replaced


@pytest.mark.parametrize("path", ["half.bin", "renewed.bin", "norange.bin", "otherpart.bin"])
def test_a_file_that_broke_off_is_gone_on_with(get, path):
    assert get(path, KNOWN).read_bytes() == GOOD
    assert Server.asked[path][:2] == [None, "bytes=150000-"]


def test_a_part_that_a_killed_process_left_is_gone_on_with_where_the_hash_is_known(get):
    (get.folder / ".half.bin.part").write_bytes(GOOD[:1000])
    assert get("half.bin", KNOWN).read_bytes() == GOOD
    assert Server.asked["half.bin"] == ["bytes=1000-"]
    (get.folder / ".good.bin.part").write_bytes(b"of another file")
    assert get("good.bin").read_bytes() == GOOD
    assert Server.asked["good.bin"] == [None]


@pytest.mark.parametrize("path", ["later.bin", "near.bin"])
def test_what_gets_better_is_waited_for(get, path):
    assert get(path, KNOWN).read_bytes() == GOOD


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("wrong.bin", "wrong.bin is not the file that downloads.yml knows"),
        ("always_half.bin", r"always_half.bin could not be fetched .* broke off"),
        ("shorter.bin", r"could not be fetched .* \(3 tries\)"),
        ("missing.bin", "answered 404 for"),
        ("never.bin", r"it answered 503 \(3 tries\)"),
        ("away.bin", "is on 127.0.0.2, and only 127.0.0.1 was expected"),
        ("plain.bin", "http://example.org/good.bin is not https"),
        ("round.bin", "was redirected 5 times"),
        ("drip.bin", r"it sent \d+ bytes in"),
        ("silent.bin", "could not be fetched"),
        ("endless.bin", "2,000,000 are allowed"),
        ("flood.zip", "flood.zip would unpack to 3,000,000 bytes"),
        ("many.zip", "many.zip has 40 entries"),
        ("outside.zip", "would leave the folder"),
        ("link.zip", "is a link or a device"),
        ("torn.zip", "torn.zip is no zip archive that can be read"),
    ],
)
def test_each_fault_is_one_sentence_and_leaves_nothing(get, path, said):
    known = KNOWN if path == "wrong.bin" else ""
    with pytest.raises(InputError, match=said) as raised:
        get(path, known)
    assert "\n" not in str(raised.value)
    assert there(get.folder) == ["mine.txt"]


def test_a_fault_leaves_the_file_of_before(get, monkeypatch):
    monkeypatch.setitem(ARCHIVES, "new.zip", ARCHIVES["one.zip"])
    path = get("new.zip")
    before = {one: (get.folder / one).is_file() for one in there(get.folder)}
    for worse in ("flood.zip", "torn.zip"):
        monkeypatch.setitem(ARCHIVES, "new.zip", ARCHIVES[worse])
        with pytest.raises(InputError):
            get("new.zip", hashlib.sha256(ARCHIVES[worse]).hexdigest())
    assert {one: (get.folder / one).is_file() for one in there(get.folder)} == before
    assert path.read_text() == "id\n1\n"


def test_an_archive_gives_its_one_file_or_its_folder(get):
    assert get("one.zip").read_text() == "id\n1\n"
    assert get("two.zip").is_dir()
    shutil.rmtree(get.folder / "one")
    assert get("one.zip").read_text() == "id\n1\n"  # from the archive, without the server
    assert len(Server.asked["one.zip"]) == 1


def test_a_host_that_is_named_may_be_redirected_to(get):
    with pytest.raises(InputError, match="could not be fetched"):  # nobody listens there
        get("away.bin", hosts=["127.0.0.2"])


@pytest.mark.parametrize(
    "url", ["http://example.org/a.csv", "ftp://example.org/a.csv", "file:///etc/passwd", "a.csv"]
)
def test_only_https_is_opened(tmp_path, url):
    with pytest.raises(InputError, match="is not https"):
        fetch(Entry(title="t", licence="l", url=url), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_every_address_of_the_catalogue_is_on_its_producers_host():
    known = download.catalogue()
    assert {entry.url.split("/")[2] for entry in known.values()} == {"ucdp.uu.se"}
    assert len({entry.file for entry in known.values()}) == len(known) >= 6
    assert all(entry.licence == "CC BY 4.0" for entry in known.values())

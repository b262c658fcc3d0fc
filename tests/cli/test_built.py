"""What was built goes from one checkout to another, and only what is not of it is built again."""

import shutil
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.conftest import Project


@pytest.fixture
def fresh(built, tmp_path):
    """A checkout of the same files in which nothing was built."""
    root = tmp_path / "other"
    shutil.copytree(built.root, root)
    for name in (".pytask", "book/_build", "data/processed"):
        shutil.rmtree(root / name)
    (root / "pytask.lock").unlink()
    (root / "data/processed").mkdir()
    return Project(root)


@pytest.fixture
def packed(built, tmp_path):
    file = tmp_path / "built.zip"
    assert "files" in built.python("helpers.cli", "built", "--pack", str(file)).stdout
    return file


def take(project, source):
    return project.python("helpers.cli", "built", "--take", str(source))


def test_what_was_taken_is_not_built_again(built, packed, fresh):
    taken = take(fresh, packed)
    assert taken.returncode == 0 and "took " in taken.stdout
    assert fresh.ran() == []
    same = "book/_build/html/index.html"
    assert (fresh.root / same).read_bytes() == (built.root / same).read_bytes()


def test_what_was_made_of_another_table_is_built_again(packed, fresh):
    path = fresh.root / "notebooks/02-left.ipynb"
    path.write_text(path.read_text().replace("The first months.", "The very first months."))
    assert take(fresh, packed).returncode == 0
    assert fresh.ran() == ["02-left", "book", "results"]


def test_it_comes_from_an_address_too(packed, fresh):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=packed.parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        lost = take(fresh, f"{address}/nothing.zip")
        assert lost.returncode == 2 and lost.stderr.count("error: ") == 1
        assert not (fresh.root / "pytask.lock").exists()
        assert take(fresh, f"{address}/built.zip").returncode == 0
    finally:
        server.shutdown()
    assert fresh.ran() == []


def test_two_archives_of_the_same_are_the_same(built, packed, tmp_path):
    again = tmp_path / "again.zip"
    assert built.python("helpers.cli", "built", "--pack", str(again)).returncode == 0
    assert again.read_bytes() == packed.read_bytes()


def test_nothing_is_overwritten(built, packed):
    before = (built.root / "data/processed/results.json").read_bytes()
    refused = take(built, packed)
    assert refused.returncode == 2 and "make clean first" in refused.stderr
    assert (built.root / "data/processed/results.json").read_bytes() == before


@pytest.mark.parametrize(
    "names", [["src/helpers/x.py", "pytask.lock"], ["data/raw/x.csv"], ["data/processed/x"], []]
)
def test_an_archive_of_anything_else_is_refused_whole(fresh, tmp_path, names):
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as made:
        for name in names:
            made.writestr(name, "x")
    refused = take(fresh, other)
    assert refused.returncode == 2 and "is not what this project builds" in refused.stderr
    assert not any((fresh.root / name).exists() for name in names)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut"])
def test_what_is_no_archive_is_refused(fresh, tmp_path, content):
    (tmp_path / "other.zip").write_bytes(content)
    refused = take(fresh, tmp_path / "other.zip")
    assert refused.returncode == 2 and refused.stderr.count("error: ") == 1


def test_where_nothing_was_built_there_is_nothing_to_pack(fresh, tmp_path):
    refused = fresh.python("helpers.cli", "built", "--pack", str(tmp_path / "no.zip"))
    assert refused.returncode == 2 and "make report first" in refused.stderr
    assert not (tmp_path / "no.zip").exists()


def test_the_published_one_is_beside_the_pages(fresh):
    unknown = fresh.python("helpers.cli", "built", "--published")
    assert unknown.returncode == 2 and "public address is not known" in unknown.stderr

"""An archive unpacks to its own files below its own folder, or not at all."""

import io
import stat
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.base.errors import InputError
from helpers.base.limits import Limits
from helpers.base.unpacked import unpack

PIECES = [
    "..",
    ".",
    "",
    "a",
    "B",
    "b",
    "C:",
    "c:x",
    "a b",
    "näme",
    "\\",
    "..\\x",
    "x\n",
    "\x00",
    "~",
]
# Four pieces, joined as a name on some system would be.
NAMES = st.builds(
    lambda parts, joint: joint.join(parts),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4),
    st.sampled_from(["/", "\\", "//"]),
).filter(bool)


def archive(entries, kind=stat.S_IFREG):
    """Write entries of one kind as they are, whatever a name says."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            entry = zipfile.ZipInfo("placeholder")
            entry.filename, entry.create_system = name, 3
            entry.external_attr = (kind | 0o777) << 16
            packed.writestr(entry, data)
    return stream.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@settings(max_examples=150, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=4))
def test_nothing_is_ever_written_outside_and_what_is_refused_leaves_nothing(
    names, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("u")
    (folder / "in.zip").write_bytes(archive([(name, b"x") for name in names]))
    target = folder / "deep" / "er" / "target"
    try:
        unpack(folder / "in.zip", target)
    except InputError as error:
        assert not target.exists() and "\n" not in str(error)
    written = {path for path in folder.rglob("*") if path.is_file()} - {folder / "in.zip"}
    assert all(path.is_relative_to(target) for path in written)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_only_plain_files_come_out(tmp_path, kind):
    (tmp_path / "in.zip").write_bytes(archive([("a", b"ok"), ("b", b"/etc/passwd")], kind))
    with pytest.raises(InputError, match="a link or a device"):
        unpack(tmp_path / "in.zip", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_more_files_than_a_disk_may_like_are_refused_likewise(tmp_path):
    (tmp_path / "in.zip").write_bytes(archive([(f"{n}", b"") for n in range(12)]))
    with pytest.raises(InputError, match="12 entries, and 11 are allowed"):
        unpack(tmp_path / "in.zip", tmp_path / "out", Limits(unpacked_files=11))
    assert not (tmp_path / "out").exists()


def test_a_flood_is_refused_before_a_byte_is_written(tmp_path):
    (tmp_path / "in.zip").write_bytes(archive([("a", bytes(3_000_000)), ("b", b"x")]))
    with pytest.raises(InputError, match="3,000,001 bytes, and 1,000,000 are allowed"):
        unpack(tmp_path / "in.zip", tmp_path / "out", Limits(unpacked_megabytes=1))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("where", range(0, 260, 13))
def test_a_damaged_archive_is_one_sentence_or_gives_its_own_bytes(tmp_path, where):
    whole = archive([("a/one.txt", b"ten months" * 9), ("b.txt", b"and ten days")])
    damaged = bytearray(whole)
    damaged[where % len(whole)] ^= 0x41
    for number, blob in enumerate([bytes(damaged), whole[: len(whole) - where - 1]]):
        (tmp_path / "in.zip").write_bytes(blob)
        target = tmp_path / f"out{number}"
        try:
            names = unpack(tmp_path / "in.zip", target)
        except InputError as error:
            assert not target.exists() and "\n" not in str(error)
        else:
            read = [(target / name).read_bytes() for name in names]
            assert set(read) <= {b"ten months" * 9, b"and ten days"}


def test_files_come_out_as_they_were(tmp_path):
    (tmp_path / "in.zip").write_bytes(archive([("top/a b/näme.txt", b"x"), ("top/c", b"")]))
    assert unpack(tmp_path / "in.zip", tmp_path / "out") == ["top/a b/näme.txt", "top/c"]
    assert (tmp_path / "out/top/a b/näme.txt").read_bytes() == b"x"
    assert (tmp_path / "out/top/c").stat().st_mode & 0o777 == 0o755

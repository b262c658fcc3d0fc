"""A file that is read in blocks gives what the strict reader gives, or is left to it."""

import io
import random
import zipfile

import pandas as pd
import publishers
import pytest

from helpers.base.errors import InputError
from helpers.ingest import stream, ucdp_layout
from helpers.ingest.ucdp_layout import find, open_sheet

FILES = publishers.every()
CSV = {
    label: made
    for label, made in FILES.items()
    if label
    in (
        "own-acled",
        "own-gtd",
        "own-plain",
        "ucdp-severity",
        "ucdp-cell-month of events",
        "ucdp-events",
        "own-acled-weekly",
    )
}
TRIED = 8


@pytest.fixture
def in_blocks(monkeypatch):
    """Every CSV counts as large, and blocks are small."""
    monkeypatch.setattr(ucdp_layout, "LARGE", 0)
    monkeypatch.setattr(stream, "BLOCK", 600)


@pytest.mark.parametrize("label", CSV)
def test_a_sound_file_gives_the_same_table_in_blocks(in_blocks, label, monkeypatch):
    in_parts = publishers.sound_table(CSV[label])
    monkeypatch.setattr(ucdp_layout, "LARGE", 1 << 40)
    assert publishers.sound_table(CSV[label]) == in_parts


@pytest.mark.parametrize("label", CSV)
def test_a_damaged_file_in_blocks_is_one_sentence_or_the_same_table(in_blocks, label):
    made, draw = CSV[label], random.Random(label)
    sound = publishers.sound_table(made)
    drawn = draw.sample(list(publishers.damages(made, draw)), TRIED)
    assert {what: publishers.fault(made, data, sound) for what, data in drawn} == {
        what: "" for what, _ in drawn
    }


def test_rows_keep_their_numbers_through_the_blocks(in_blocks, tmp_path):
    path = tmp_path / "a.csv"
    frame = pd.DataFrame({"country": ["Chad", "Mali"] * 300, "n": range(600)})
    frame["note"] = 'two\nlines, "quoted"'
    frame.to_csv(path, index=False)
    sheet = open_sheet(path)
    found = find(sheet, [0, 1], stream.Wanted(0, ["Mali"], (1, r"\d+")))
    assert found.rows == 600 and found.values == {"Chad": 2} and found.odd is None
    assert found.text.index.tolist() == list(range(3, 602, 2))
    assert found.text[1].tolist() == [str(at) for at in range(1, 600, 2)]
    whole = find(sheet._replace(where=None), [0, 1], stream.Wanted(0, ["Mali"], (1, r"\d+")))
    pd.testing.assert_frame_equal(whole.text, found.text, check_index_type=False)
    assert whole[1:] == found[1:]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n1,2\n3,4,5\n", "row 3"),
        (b"a,b\n1,2\n3\n", "row 3: 1 cells"),
        (b"a,b\n1,2\n3,4", "ends within row 3"),
        (b'a,b\n1,"2\n3,4\n', "row 2: a quote is opened"),
        (b"a,b\n1,\xe92\xc3\xa9\n", "row 2, column 'b': found a letter in UTF-8, but most"),
        ("a,b\n1,é\n2,éé".encode() + b"\xe9\n", "row 3, column 'b': found a character that"),
        (b"a,b\n1,\x00\n", "is no text"),
        (b"<!doctype html>\n<table>\n", "is a web page"),
    ],
)
def test_what_is_doubtful_is_left_to_the_reader_that_names_the_row(in_blocks, tmp_path, data, said):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(InputError) as refused:
        open_sheet(path).rows([0, 1])
    assert said in str(refused.value) and "a.csv" in str(refused.value)


def claiming(path, name, size):
    """Write a zip whose table claims to have so many bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"a,b\n1,2\n")
        archive.infolist()[0].file_size = size
    return path


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("ged251.csv", 2_000_000_000, "would unpack to 2,000,000,000 bytes"),
        ("../ged251.csv", 8, "would leave the folder"),
        ("ged251.csv", 9, "as a zip"),
    ],
)
def test_a_zip_that_claims_too_much_or_leaves_the_folder_is_refused(tmp_path, name, size, said):
    with pytest.raises(InputError) as refused:
        open_sheet(claiming(tmp_path / "a.zip", name, size)).rows([0])
    assert said in str(refused.value)


def test_a_zip_that_is_large_is_read_in_blocks(in_blocks, tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "country,n\n" + "Chad,1\nMali,2\n" * 200)
    sheet = open_sheet(path)
    assert sheet.where is not None and len(sheet.rows([0, 1])) == 400


def test_a_letter_over_two_blocks_is_text_and_half_a_letter_is_not():
    watched = stream.Watched(io.BytesIO("é\n".encode()))
    assert [watched.read(1) for _ in range(3)] and watched.whole()
    half = stream.Watched(io.BytesIO(b"\xc3\n"))
    with pytest.raises(stream.Doubtful):
        half.read(2)

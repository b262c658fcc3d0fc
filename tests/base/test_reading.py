"""A file means one thing or is refused in one sentence; nothing is unfolded unbounded."""

import random

import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.reading import json_text, read_json, read_toml, read_yaml, yaml_text

WRITTEN = sorted(
    [*paths.RAW.rglob("*.yml"), *paths.PARAMS.glob("*.yml"), *paths.BOOK.glob("*.yml")]
)


def refused(read, *given):
    with pytest.raises(InputError) as error:
        read(*given)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("seed", range(30))
def test_damage_to_a_real_file_is_one_sentence_with_its_line(tmp_path, seed):
    draw = random.Random(seed)
    source = draw.choice(WRITTEN)
    lines = source.read_bytes().split(b"\n")
    at = draw.randrange(len(lines))
    damage = {
        "NUL": b"a: \0",
        "encoding": b"# \xe9 in Latin-1",
        "merge": draw.choice([b"<<<<<<< ours", b"=======", b">>>>>>> theirs"]),
        "tab": b"\tkey: value",
    }
    kind = draw.choice(sorted(damage))
    if kind == "tab":
        at = len(lines)
    path = tmp_path / source.name
    path.write_bytes(b"\n".join([*lines[:at], damage[kind], *lines[at:]]))
    said = refused(read_yaml, path)
    assert (said.startswith(path.name) and f"line {at + 1}" in said) or kind == "tab"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_another_encoding_is_a_sentence(tmp_path, encoding):
    for read, name, text in (
        (read_yaml, "a.yml", "a: 5\n"),
        (read_toml, "a.toml", "a = 5\n"),
        (read_json, "a.json", '{"a": 5}'),
    ):
        (tmp_path / name).write_bytes(text.encode(encoding))
        assert refused(read, tmp_path / name).startswith(f"{name}, line 1: ")


def test_ends_of_lines_are_harmless(tmp_path):
    for source in WRITTEN[:5]:
        copy = tmp_path / source.name
        copy.write_bytes(source.read_bytes().replace(b"\n", b"\r\n"))
        assert read_yaml(copy) == read_yaml(source)


@pytest.mark.parametrize(
    "word", ["no", "on", "Yes", "OFF", "010", "0x1F", "1:30", "1_000", "2024-01-31", ".nan"]
)
def test_what_yaml_once_took_for_something_else_is_a_text(word):
    assert yaml_text(f"a: {word}", "a.yml") == {"a": word}


@pytest.mark.parametrize("width", [2, 9, 30])
def test_aliases_are_refused_before_they_unfold(width):
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, 40)]
    assert "aliases repeat" in refused(yaml_text, "\n".join(lines), "a.yml")


def test_depth_recursion_size_and_duplicates_are_sentences(tmp_path):
    for depth in (60, 900, 200_000):
        refused(yaml_text, "[" * depth + "]" * depth, "a.yml")
        refused(json_text, "[" * max(depth, 100_000), "a.json")
    assert "holds itself" in refused(yaml_text, "&a [*a]", "a.yml")
    assert "a second time" in refused(json_text, '{"a": 1, "a": 2}', "a.json")
    assert "line 3" in refused(yaml_text, "a:\n  b: 1\n  b: 2", "a.yml")
    assert "no number" in refused(json_text, '{"a": NaN}', "a.json")
    (tmp_path / "big.yml").write_text("a: " + "x" * 3_000_000)
    assert "kilobytes" in refused(read_yaml, tmp_path / "big.yml")
    refused(yaml_text, "!!python/object/apply:os.system [true]", "a.yml")


def test_a_geojson_that_is_cut_is_a_sentence(tmp_path):
    source = next(paths.RAW.glob("*.geojson"))
    blob = source.read_bytes()
    for seed in range(10):
        path = tmp_path / source.name
        path.write_bytes(blob[: random.Random(seed).randrange(len(blob) - 2)])
        assert "not readable JSON" in refused(read_json, path)

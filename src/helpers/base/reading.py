"""YAML, TOML and JSON that a person can edit or damage, read strictly and in one place.

A file means one thing or is refused in one sentence with its line. YAML is read with the scalars of
its version 1.2: ``2024-01-31``, ``no``, ``on``, ``010`` and ``1:30`` are texts, never a day, a
truth, an octal or a sexagesimal number by accident; a key that stands twice is refused. Sizes are
bounded by :mod:`helpers.base.limits` before anything is unfolded.
"""

import json
import re
import tomllib
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.limits import limits

# The parser in C is ten times as fast where it is there.
Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SCALARS = {  # a part of what YAML 1.1 resolves, so that what PyYAML writes is read as it was
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    "float": (r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
}
MERGE = re.compile(r"^(<{7}|={7}|>{7}|\|{7})($|[ \r])", re.MULTILINE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
MARKS = {
    b"\xef\xbb\xbf": "a byte order mark",
    b"\xff\xfe": "the mark of UTF-16",
    b"\xfe\xff": "the mark of UTF-16",
}


def decoded(blob: bytes, name: str) -> str:
    """Return the text of bytes that a person wrote.

    Parameters
    ----------
    blob : bytes
        What stands in a file.
    name : str
        What the file is called in a sentence.

    Returns
    -------
    str
        Its text; the ends of its lines are as they were.

    Raises
    ------
    InputError
        When it is not UTF-8, begins with a mark of an encoding, or holds a control character; with
        the line.

    Examples
    --------
    >>> decoded("é".encode(), "a.yml")
    'é'
    >>> decoded(b"a: 1\\nb: \\0", "a.yml")
    Traceback (most recent call last):
    helpers.base.errors.InputError: a.yml, line 2: the control character U+0000 stands there; \
remove it, or restore the file
    """
    for mark, said in MARKS.items():
        if blob.startswith(mark):
            raise InputError(
                f"{name}, line 1: the file begins with {said}; save it as UTF-8 without a mark"
            )
    try:
        text = blob.decode("utf-8")
    except UnicodeDecodeError as error:
        line = blob.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name}, line {line}: byte 0x{blob[error.start]:02x} is not UTF-8; "
            "save the file as UTF-8"
        ) from None
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InputError(
            f"{name}, line {line}: the control character U+{ord(found[0]):04X} stands there; "
            "remove it, or restore the file"
        )
    return text


def _text(path: Path, bounded: bool = True) -> str:
    try:
        size = path.stat().st_size
        if bounded and size > limits().file_kilobytes * 1000:
            raise InputError(
                f"{path.name} has {size // 1000:,} kilobytes, expected at most "
                f"{limits().file_kilobytes:,}; split it, or raise file_kilobytes in pyproject.toml"
            )
        return decoded(path.read_bytes(), path.name)
    except FileNotFoundError:
        where = paths.relative(path.parent).as_posix()
        raise InputError(f"{path.name} does not exist; expected it in {where}") from None
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}") from None


def _refuse_merge(text: str, name: str) -> None:
    if found := MERGE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InputError(
            f"{name}, line {line}: '{found[1]}' is the mark of a merge that was not finished; "
            "keep one of the two versions"
        )


class _Strict(Base):
    """Plain values of YAML 1.2, in which no key stands twice."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Return a mapping; a key that stands twice, or that is no scalar, is refused.

        Parameters
        ----------
        node : yaml.MappingNode
            The mapping.
        deep : bool, default False
            Whether its parts are made at once.

        Returns
        -------
        dict
            Key to value.
        """
        made: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a list or a mapping stands as a key", key_node.start_mark
                )
            key = self.construct_object(key_node)
            if key in made:
                raise yaml.constructor.ConstructorError(
                    None, None, f"'{key}' stands there a second time; drop one", key_node.start_mark
                )
            made[key] = self.construct_object(value_node, deep=deep)
        return made


for _kind, (_pattern, _first) in SCALARS.items():
    _Strict.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(f"^({_pattern})$"), _first
    )


def yaml_text(text: str, name: str) -> Any:
    """Return what a text in YAML holds.

    Parameters
    ----------
    text : str
        YAML, one document.
    name : str
        What the file is called in a sentence.

    Returns
    -------
    Any
        Plain Python values; ``None`` for an empty text.

    Raises
    ------
    InputError
        When it is no YAML, a key stands twice, a merge was not finished, or it repeats its own
        parts or nests them beyond :func:`helpers.base.limits.limits`; with the line.

    Examples
    --------
    >>> yaml_text("day: 2024-01-31\\nopen: no\\nrows: 5", "a.yml")
    {'day': '2024-01-31', 'open': 'no', 'rows': 5}
    >>> yaml_text("rows: 5\\nrows: 6", "a.yml")
    Traceback (most recent call last):
    helpers.base.errors.InputError: a.yml, line 2: 'rows' stands there a second time; drop one
    """
    _refuse_merge(text, name)
    loader = None
    try:
        loader = _Strict(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _bounded(node, name)
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        raise InputError(_told(error, text, name)) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not readable YAML: {error}") from None
    finally:
        if loader is not None:
            loader.dispose()


def _told(error: yaml.YAMLError, text: str, name: str) -> str:
    """Return one sentence for a fault of YAML, with its line."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"{name}, line {mark.line + 1}" if mark else name
    if isinstance(error, yaml.constructor.ConstructorError) and error.context is None:
        said = str(error.problem)
        if "could not determine a constructor" in said:
            said = "a tag with '!' stands there, which is not read; remove it"
        return f"{where}: {said}"
    lines = text.split("\n")
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if re.match(r"\s*\t", line):
        return f"{where}: is not readable YAML: a tab stands in the indent; use spaces"
    parts = (getattr(error, "context", None), getattr(error, "problem", None))
    said = ", ".join(" ".join(str(part).split()) for part in parts if part) or str(error)
    return f"{name} is not readable YAML: {f'line {mark.line + 1}: ' if mark else ''}{said}"


def _bounded(root: Any, name: str) -> None:
    """Refuse a tree of nodes that nests, or repeats its own parts, beyond the limits."""
    bound = limits()
    # How often a part stands again when all is unfolded, and how deep it goes; None while open.
    known: dict[int, tuple[int, int] | None] = {}

    def measure(node: Any) -> tuple[int, int]:
        if isinstance(node, yaml.ScalarNode):
            return 0, 0
        known[id(node)] = None
        repeated, depth = 0, 0
        mapping = isinstance(node, yaml.MappingNode)
        for part in (one for pair in node.value for one in pair) if mapping else node.value:
            if id(part) in known:
                below = known[id(part)]
                if below is None:
                    raise InputError(
                        f"{name}, line {part.start_mark.line + 1}: a part holds itself by an "
                        "alias; write it out"
                    )
                repeated += 1
            else:
                below = measure(part)
                if isinstance(part, yaml.ScalarNode):
                    known[id(part)] = below
            repeated += below[0]
            depth = max(depth, below[1])
        if depth >= bound.depth:
            raise InputError(
                f"{name}, line {node.start_mark.line + 1}: parts stand more than {bound.depth} "
                "deep in one another; write it flatter"
            )
        known[id(node)] = repeated, depth + 1
        return repeated, depth + 1

    if measure(root)[0] > bound.aliases:
        raise InputError(
            f"{name}: its aliases repeat its own parts more than {bound.aliases} times; "
            "write them out"
        )


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds.

    Parameters
    ----------
    path : Path
        A file in UTF-8.

    Returns
    -------
    Any
        Plain Python values; ``None`` for an empty file.

    Raises
    ------
    InputError
        When the file is missing, too large, or not as :func:`yaml_text` wants it.

    Examples
    --------
    >>> read_yaml(paths.PARAMS / "none.yml")
    Traceback (most recent call last):
    helpers.base.errors.InputError: none.yml does not exist; expected it in params
    """
    return yaml_text(_text(path), path.name)


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds.

    Parameters
    ----------
    path : Path
        A file in UTF-8.

    Returns
    -------
    dict
        Plain Python values.

    Raises
    ------
    InputError
        When the file is missing, too large or no TOML (a key that stands twice is none), with the
        line.

    Examples
    --------
    >>> {"build-system", "project"} <= set(read_toml(paths.ROOT / "pyproject.toml"))
    True
    """
    text = _text(path)
    _refuse_merge(text, path.name)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{path.name} is not readable TOML: {error}") from None


def _pairs(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, one in pairs:
        if key in made:
            raise ValueError(f"'{key}' stands there a second time in one object; drop one")
        made[key] = one
    return made


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} stands there, which is no number of JSON")


def json_text(text: str, name: str) -> Any:
    """Return what a text in JSON holds.

    Parameters
    ----------
    text : str
        JSON, also GeoJSON or a notebook.
    name : str
        What the file is called in a sentence.

    Returns
    -------
    Any
        Plain Python values.

    Raises
    ------
    InputError
        When it is no JSON, such as a file that is cut off, or a key stands twice in one object.

    Examples
    --------
    >>> json_text('{"a": [1, 2', "a.json")
    Traceback (most recent call last):
    helpers.base.errors.InputError: a.json is not readable JSON, line 1, column 12: expecting ',' \
delimiter; restore the file
    """
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _refuse_merge(text, name)
        said = error.msg[:1].lower() + error.msg[1:]
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(
            f"{name} is not readable JSON, {where}: {said}; restore the file"
        ) from None
    except RecursionError:
        raise InputError(
            f"{name} is not readable JSON: its parts are nested too deep; restore the file"
        ) from None
    except ValueError as error:
        raise InputError(f"{name} is not readable JSON: {error}") from None


def read_json(path: Path) -> Any:
    """Return what a JSON file holds, also a GeoJSON or a notebook.

    Parameters
    ----------
    path : Path
        A file in UTF-8.

    Returns
    -------
    Any
        Plain Python values.

    Raises
    ------
    InputError
        When the file is missing, or not as :func:`json_text` wants it.

    Examples
    --------
    >>> read_json(paths.NOTEBOOKS / "none.ipynb")
    Traceback (most recent call last):
    helpers.base.errors.InputError: none.ipynb does not exist; expected it in notebooks
    """
    return json_text(_text(path, bounded=False), path.name)

"""YAML and typed models, read in one place, and their faults told in one sentence.

Every file that a person writes passes through :func:`read_yaml` and :func:`validated`, so that a
typing error is told the same way wherever it stands.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from helpers.base.errors import InputError, did_you_mean

T = TypeVar("T")


class Strict(BaseModel):
    """A model that knows every one of its names."""

    model_config = ConfigDict(extra="forbid")


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
        When the file is missing, or is no YAML in UTF-8.
    """
    # The parser in C is ten times as fast where it is there.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except FileNotFoundError:
        raise InputError(f"{path.name} does not exist; expected it in {path.parent}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} is not readable YAML: {' '.join(str(error).split())}"
        ) from None


def validated(
    kind: type[T] | TypeAdapter[T],
    content: Any,
    where: str,
    *,
    word: str = "entry",
    expected: Mapping[str, str] | None = None,
) -> T:
    """Return plain values as a typed model.

    Parameters
    ----------
    kind : type or pydantic.TypeAdapter
        The model, or an adapter of a type such as ``list[Model]``.
    content : Any
        Plain values, as of :func:`read_yaml`.
    where : str
        What a sentence begins with: a file, and the entry in it where that is known.
    word : str, default "entry"
        What a name of the model is called in the sentence.
    expected : mapping of str to str, optional
        Name to what is expected of it, where pydantic's words would not help.

    Returns
    -------
    T
        The model.

    Raises
    ------
    InputError
        With :func:`sentence` for the fault that says most.

    Examples
    --------
    >>> validated(dict[str, int], {"a": 1}, "x.yml")
    {'a': 1}
    >>> validated(dict[str, int], {"a": "b"}, "x.yml")
    Traceback (most recent call last):
    helpers.base.errors.InputError: x.yml: entry 'a' is 'b', expected a valid integer, unable to ...
    """
    adapter = kind if isinstance(kind, TypeAdapter) else TypeAdapter(kind)
    known = getattr(kind, "model_fields", {})
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        raise InputError(f"{where}: {sentence(error, known, word, expected)}") from None


def sentence(
    error: ValidationError,
    known: Iterable[str] = (),
    word: str = "entry",
    expected: Mapping[str, str] | None = None,
) -> str:
    """Return one fault of a failed validation in words.

    Parameters
    ----------
    error : pydantic.ValidationError
        What pydantic found.
    known : iterable of str, optional
        The names that may stand there, for a nearest guess.
    word : str, default "entry"
        What a name is called.
    expected : mapping of str to str, optional
        Name to what is expected of it, where pydantic's words would not help.

    Returns
    -------
    str
        ``unknown entry 'x'; did you mean 'y'?``, ``entry 'x' is missing``, or what stands there and what
        was expected.
    """
    # A misspelt name is both unknown and missing; the first says more.
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    place = ".".join(str(part) for part in first["loc"])
    name = str(first["loc"][-1]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        names = list(known)
        near = did_you_mean(name, names)
        return f"unknown {word} '{place}'" + (
            near or (names and f"; known are {', '.join(names)}" or "")
        )
    if first["type"] == "missing":
        return f"{word} '{place}' is missing"
    if first["type"] == "value_error":  # raised by a validator of ours, which says it all
        return str(first["ctx"]["error"])
    wanted = (expected or {}).get(name) or first["msg"].lower().removeprefix("input should be ")
    return f"{word} '{place}' is {first['input']!r}, expected {wanted}"

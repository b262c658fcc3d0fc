"""Typed models, and their faults told in one sentence.

Every file that a person writes passes through :func:`helpers.base.reading.read_yaml` and
:func:`validated`, so that a typing error is told the same way wherever it stands.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from helpers.base.errors import InputError, did_you_mean

T = TypeVar("T")


class Strict(BaseModel):
    """A model that knows every one of its names, and whose numbers are finite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


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
        Plain values, as of :func:`helpers.base.reading.read_yaml`.
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


class Fault(NamedTuple):
    """The fault of a failed validation that says most.

    Attributes
    ----------
    place : tuple of str
        Names and numbers on the way to it; empty where the whole is wrong.
    kind : str
        pydantic's name of the fault.
    said : str
        What is wrong, in lower case from its first letter.
    found : Any
        What stands there.
    """

    place: tuple[str, ...]
    kind: str
    said: str
    found: Any


def first_fault(error: ValidationError) -> Fault:
    """Return the fault of a failed validation that says most.

    Parameters
    ----------
    error : pydantic.ValidationError
        What pydantic found.

    Returns
    -------
    Fault
        An unknown name before any other: a misspelt name is both unknown and missing.

    Examples
    --------
    >>> try:
    ...     TypeAdapter(dict[str, int]).validate_python({"a": "b"})
    ... except ValidationError as error:
    ...     first_fault(error).place
    ('a',)
    """
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    said = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    place = tuple(str(part) for part in first["loc"])
    return Fault(place, first["type"], said[:1].lower() + said[1:], first["input"])


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
        ``unknown entry 'x'; did you mean 'y'?``, ``entry 'x' is missing``, or what stands there and
        what was expected.
    """
    fault = first_fault(error)
    place, name = ".".join(fault.place), fault.place[-1] if fault.place else ""
    if fault.kind == "extra_forbidden":
        names = list(known)
        rest = f"; known are {', '.join(names)}" if names else ""
        return f"unknown {word} '{place}'" + (did_you_mean(name, names) or rest)
    if fault.kind == "missing":
        return f"{word} '{place}' is missing"
    if fault.kind == "value_error":  # raised by a validator of ours, which says it all
        return f"{word} '{place}': {fault.said}" if place else fault.said
    wanted = (expected or {}).get(name) or fault.said.removeprefix("should be ")
    subject = f"{word} '{place}' is" if place else "found"
    return f"{subject} {fault.found!r}, expected {wanted}"

"""Conditions over recorded results, on which words of a page stand (:mod:`helpers.prose.said`).

A condition compares keys of results, numbers and texts: ``trend.deaths_ratio.low > 1``. A key may
end in a part (``.low``, ``.high``, ``.n``), and a star stands for any name or part of one, which
gives the values of all such keys: ``min(trend.*.deaths_ratio) > 1`` (a product has spaces about its
star). There are ``and``, ``or``, ``not``, the four operations, and ``min``, ``max``, ``sum``,
``len`` and ``abs``; nothing else is evaluated.

A result that is not recorded is a fault, except where the condition asks for records, as
``recorded(trend.ratio) and trend.ratio > 1`` does: there only what is reached must be there.
"""

import ast
import operator
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from helpers.base.errors import did_you_mean

RECORDED = "recorded"  # asks whether a result is there
PARTS = ("value", "low", "high", "n")
# A text in quotation marks, or a key: names between dots, in which a star may stand.
TEXT_OR_KEY = re.compile(r"'[^']*'|\"[^\"]*\"|(?<![\w.])[A-Za-z_]\w*(?:\.[\w*]+)+")
FUNCTIONS: dict[str, Callable] = {"min": min, "max": max, "sum": sum, "len": len, "abs": abs}
OPERATIONS: dict[type, Callable] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Not: operator.not_,
    ast.USub: operator.neg,
}


class ConditionError(ValueError):
    """A condition that cannot be read, or whose results are not there; one sentence."""


class MissingError(ConditionError):
    """A condition over a result that is not recorded.

    Attributes
    ----------
    key : str
        The result, without its part.
    """

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


class Judged(NamedTuple):
    """A condition that was evaluated.

    Attributes
    ----------
    holds : bool
        Whether it is true.
    values : dict of str to Any
        What each key of it stood for, in the order of the text; a part of a result under its own
        name.
    keys : tuple of str
        The results that it read.
    asks : bool
        Whether it asks for records, so that a run may lack what the words quote.
    """

    holds: bool
    values: dict[str, Any]
    keys: tuple[str, ...]
    asks: bool = False


def judged(condition: str, results: dict[str, dict]) -> Judged:
    """Return whether a condition holds, and what it rests on.

    Parameters
    ----------
    condition : str
        As the head of this module says.
    results : dict of str to dict
        ``results.json`` as read: key to entry.

    Returns
    -------
    Judged
        Truth and the values behind it.

    Raises
    ------
    ConditionError
        When it cannot be read, names no result, compares what cannot be compared, or a result or
        its part is not recorded.

    Examples
    --------
    >>> results = {"a.x": {"value": 3, "low": 2, "high": 5}, "a.y": {"value": 1}}
    >>> found = judged("a.x.low > 1 and a.x == max(a.*)", results)
    >>> found.holds, found.values, found.keys
    (True, {'a.x.low': 2, 'a.x': 3, 'a.*': (3, 1)}, ('a.x', 'a.y'))
    >>> judged("recorded(a.z) and a.z > 1", results).values
    {'a.z': 'not recorded'}
    """
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        if found[0][0] in "'\"":
            return found[0]
        return names.setdefault(found[0], f"key_{len(names)}")

    text = TEXT_OR_KEY.sub(named, condition)
    if not names:
        raise ConditionError(f"the condition '{condition}' names no result")
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        raise ConditionError(f"the condition '{condition}' cannot be read") from None
    asks = any(_is_asking(node) for node in ast.walk(tree))
    read = {key: _value_or_fault(key, results, asks) for key in names}
    try:
        holds = _evaluated(tree, {names[key]: one for key, (one, _) in read.items()})
    except ConditionError:
        raise
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise ConditionError(f"the condition '{condition}' cannot be evaluated: {error}") from None
    if not isinstance(holds, bool):
        raise ConditionError(f"the condition '{condition}' is neither true nor false")
    keys = dict.fromkeys(key for _, found in read.values() for key in found)
    values = {
        key: "not recorded" if isinstance(value, ConditionError) else value
        for key, (value, _) in read.items()
    }
    return Judged(holds, values, tuple(keys), asks)


def _is_asking(node: ast.AST) -> bool:
    """Return whether a part of a condition is ``recorded(…)``."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name == RECORDED
    return False


def _value_or_fault(key: str, results: dict[str, dict], asks: bool) -> tuple[Any, tuple[str, ...]]:
    """Return what a key stands for; its fault, to be raised if reached, where records are asked."""
    try:
        return _value(key, results)
    except ConditionError as fault:
        if not asks:
            raise
        return fault, ()


def _value(key: str, results: dict[str, dict]) -> tuple[Any, tuple[str, ...]]:
    """Return what a key of a condition stands for, and the results that it read."""
    if "*" in key:
        return _values(key, results)
    if key in results:
        return _part(key, "value", results), (key,)
    whole, _, part = key.rpartition(".")
    if whole in results and part in PARTS:
        return _part(whole, part, results), (whole,)
    name = whole if part in PARTS else key
    raise MissingError(f"'{key}' is not recorded" + did_you_mean(key, results), name)


def _values(pattern: str, results: dict[str, dict]) -> tuple[Any, tuple[str, ...]]:
    whole, _, part = pattern.rpartition(".")
    if part not in PARTS:
        whole, part = pattern, "value"
    found = tuple(
        key for key in results if fnmatchcase(key, whole) and key.count(".") == whole.count(".")
    )
    if not found:
        raise ConditionError(f"no result is recorded as '{pattern}'")
    return tuple(_part(key, part, results) for key in found), found


def _part(key: str, part: str, results: dict[str, dict]) -> Any:
    value = results[key].get(part)
    if value is None:
        raise ConditionError(f"'{key}' was recorded without '{part}'")
    return value


def _evaluated(node: ast.expr, values: dict[str, Any]) -> Any:
    """Return the value of an expression of the few kinds that a condition may hold."""

    def of(part: ast.expr) -> Any:
        return _evaluated(part, values)

    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.Name(id=name) if name in values:
            if isinstance(value := values[name], ConditionError):
                raise value
            return value
        case ast.BoolOp(op=ast.And()):
            return all(_truth(of(part)) for part in node.values)
        case ast.BoolOp():
            return any(_truth(of(part)) for part in node.values)
        case ast.UnaryOp() if type(node.op) in OPERATIONS:
            operand = of(node.operand)
            return OPERATIONS[type(node.op)](
                _truth(operand) if isinstance(node.op, ast.Not) else operand
            )
        case ast.BinOp() if type(node.op) in OPERATIONS:
            return OPERATIONS[type(node.op)](of(node.left), of(node.right))
        case ast.Compare() if all(type(op) in OPERATIONS for op in node.ops):
            parts = [of(node.left), *map(of, node.comparators)]
            return all(OPERATIONS[type(op)](*pair) for op, *pair in zip(node.ops, parts, parts[1:]))
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=key)]) if name == RECORDED:
            return not isinstance(values[key], ConditionError)
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*map(of, node.args))
    raise ValueError(f"'{ast.unparse(node)}' is no part of a condition")


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("'and', 'or' and 'not' join comparisons")
    return value

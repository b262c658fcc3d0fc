"""``make licences``: what each locked package says of its licence, against a stated policy."""

import importlib.metadata
import re
import tomllib
from collections.abc import Collection, Mapping
from typing import NamedTuple

from packaging.requirements import Requirement

from helpers.base import paths

NO_DATABASE = "no database of known vulnerabilities is at hand offline, so none was looked up"
LOCKED = re.compile(r"^[A-Za-z0-9][^\\\n]*", re.MULTILINE)
# What free text and classifiers call a licence, in the order in which they are looked for.
CALLED = {
    r"\b(?:lgpl|lesser general public|agpl|affero)": "LGPL or AGPL",
    r"\bgpl|general public licen": "GPL",
    r"apache": "Apache-2.0",
    r"\bmit\b": "MIT",
    r"mozilla|\bmpl": "MPL-2.0",
    r"\bpsf|python software foundation": "PSF-2.0",
    r"\bisc\b|\biscl\b": "ISC",
    r"\bbsd\b": "BSD",
    r"public domain": "Public Domain",
}


class Licensed(NamedTuple):
    """One locked package.

    Attributes
    ----------
    package, licence : str
        Its name, and what it says of itself, as SPDX where it says so.
    fault : str
        Why it is not accepted; empty where it is.
    note : str
        Why it is accepted without being allowed, or was not looked at.
    """

    package: str
    licence: str
    fault: str = ""
    note: str = ""

    def __str__(self) -> str:
        """Return a line."""
        told = f"{self.package}: {self.licence or 'says nothing'}"
        return told + "".join(f" ({one})" for one in (self.fault, self.note) if one)


def read() -> list[Licensed]:
    """Read the licence of every package of the lock from what is installed.

    Returns
    -------
    list of Licensed
        Sorted by name; packages for other systems or Pythons say that they were not looked at.
    """
    text = (paths.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    policy = tomllib.loads(text)["tool"]["compendium"]["licences"]
    lock = paths.LOCK.read_text(encoding="utf-8")
    wanted = [Requirement(line.strip()) for line in LOCKED.findall(lock)]
    here = {one.name: _judged(one.name, policy) for one in wanted if _meant(one)}
    others = {one.name for one in wanted} - here.keys()
    note = "for another system or Python, not looked at"
    return sorted([*here.values(), *(Licensed(name, "not here", note=note) for name in others)])


def said(package: Mapping[str, str], classifiers: Collection[str]) -> str:
    """Return what the metadata of a package say of its licence.

    Parameters
    ----------
    package : mapping of str to str
        ``License-Expression`` and ``License``, where they are there.
    classifiers : collection of str
        Its classifiers.

    Returns
    -------
    str
        An SPDX expression, or names joined by AND: of doubtful ones all must be allowed.

    Examples
    --------
    >>> said({"License-Expression": "MIT OR Apache-2.0"}, [])
    'MIT OR Apache-2.0'
    >>> said({"License": "BSD 3-Clause License. Copyright (c)"}, [])
    'BSD'
    >>> said({"License": "UNKNOWN"}, [])
    ''
    """
    if expression := package.get("License-Expression"):
        return expression
    names = [one.rpartition("::")[2] for one in classifiers if one.startswith("License")]
    text = (package.get("License") or "").strip()
    if not names and re.fullmatch(r"[\w.+-]+(?: (?:AND|OR) [\w.+-]+)+|\w+-[\d.]+[\w-]*", text):
        return text
    found = [_called(one) for one in names or text.splitlines()[:1]]
    return " AND ".join(dict.fromkeys(one for one in found if one))


def allows(expression: str, allowed: Collection[str]) -> bool:
    """Say whether a policy allows a licence.

    Parameters
    ----------
    expression : str
        Names with AND, OR and parentheses; AND binds closer.
    allowed : collection of str
        Names that are allowed.

    Returns
    -------
    bool
        Whether one way to fulfil it needs only allowed ones; never for an empty text.

    Examples
    --------
    >>> allows("MIT AND (GPL-3.0-only OR ISC)", ["MIT", "ISC"])
    True
    >>> allows("MIT AND GPL-3.0-only", ["MIT"]), allows("", ["MIT"])
    (False, False)
    """
    inner = re.compile(r"\(([^()]*)\)")
    while found := inner.search(expression):
        word = "yes" if allows(found[1], [*allowed, "yes"]) else "no"
        expression = expression[: found.start()] + word + expression[found.end() :]
    known = {*allowed, "yes"}
    ways = re.split(r"\s+OR\s+", expression)
    return any(all(one.strip() in known for one in re.split(r"\s+AND\s+", way)) for way in ways)


def _judged(name: str, policy: Mapping[str, Mapping[str, str]]) -> Licensed:
    try:
        about = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return Licensed(name, "", fault="locked but not installed; run make env")
    fields = {key: str(about[key]) for key in ("License-Expression", "License") if key in about}
    licence = said(fields, [str(one) for one in about.get_all("Classifier") or []])
    if reason := policy["exceptions"].get(name, ""):
        return Licensed(name, licence, note=reason)
    fault = "" if allows(licence, policy["allowed"]) else "not allowed by pyproject.toml"
    return Licensed(name, licence, fault=fault)


def _called(text: str) -> str:
    if text.strip().upper() == "UNKNOWN":
        return ""
    named = (name for form, name in CALLED.items() if re.search(form, text, re.IGNORECASE))
    return next(named, text.strip())


def _meant(one: Requirement) -> bool:
    return one.marker is None or one.marker.evaluate()

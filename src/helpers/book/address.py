"""The public address of the project: one setting, from which all links to it are made.

It is ``Repository`` among the ``urls`` of ``pyproject.toml``. A service that builds a fork knows
the fork's address and gives it as ``COMPENDIUM_REPOSITORY``, which goes before.
"""

import os
import re
from typing import Any
from urllib.parse import quote

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.reading import read_toml

GIVEN = "COMPENDIUM_REPOSITORY"
ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?(/[\w.~-]+){1,}")
# Whose addresses of a file, of a new issue, and of published pages are known.
KNOWN = re.compile(r"https://(?P<host>github|gitlab)\.com/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)")
BINDER = "https://mybinder.org"
BUTTONS = ("use_repository_button", "use_edit_page_button", "use_issues_button")


def repository() -> str:
    """Return the project's public address.

    Returns
    -------
    str
        Without a slash or ``.git`` at its end; empty where there is none.

    Raises
    ------
    InputError
        When it is no address.
    """
    if given := os.environ.get(GIVEN, "").strip():
        return _checked(given, GIVEN)
    project = read_toml(paths.ROOT / "pyproject.toml")["project"]
    told = project.get("urls", {}).get("Repository", "")
    return _checked(told, "pyproject.toml, [project.urls], 'Repository'") if told else ""


def _checked(address: str, where: str) -> str:
    plain = address.rstrip("/").removesuffix(".git")
    if not ADDRESS.fullmatch(plain):
        raise InputError(
            f"{where}: '{address}' is no address of a repository; expected one such as "
            "https://github.com/OWNER/NAME"
        )
    return plain


def pages_of(address: str) -> str:
    """Return where the pages of a repository are published by its host.

    Parameters
    ----------
    address : str
        As of :func:`repository`.

    Returns
    -------
    str
        Empty where that is not known; pages under a name of their own say so in ``_config.yml``.

    Examples
    --------
    >>> pages_of("https://github.com/Some-One/atlas"), pages_of("https://example.org/a/b")
    ('https://some-one.github.io/atlas', '')
    """
    if not (found := KNOWN.fullmatch(address)):
        return ""
    own = f"{found['owner'].lower()}.{found['host']}.io"
    return f"https://{own}" + ("" if found["name"].lower() == own else f"/{found['name']}")


def lit(settings: dict[str, Any], address: str) -> dict[str, Any]:
    """Return the settings of the builder with every link that an address makes possible.

    Parameters
    ----------
    settings : dict
        ``_config.yml`` as read; it is not changed.
    address : str
        As of :func:`repository`; where it is empty, nothing changes.

    Returns
    -------
    dict
        With links to the repository, to the source of a page, to a new issue and to a start in
        Binder, where the host has them, and with the address of the pages, if none is set.

    Examples
    --------
    >>> lit({"html": {"baseurl": ""}}, "https://github.com/one/atlas")["html"]["baseurl"]
    'https://one.github.io/atlas'
    """
    if not KNOWN.fullmatch(address):
        return settings
    html, launch = settings.get("html", {}), settings.get("launch_buttons", {})
    return settings | {
        "html": html
        | dict.fromkeys(BUTTONS, True)
        | {"baseurl": html.get("baseurl") or pages_of(address)},
        "launch_buttons": {"notebook_interface": "jupyterlab", "binderhub_url": BINDER} | launch,
        "repository": {"branch": "main"} | settings.get("repository", {}) | {"url": address},
    }


def blob(address: str, revision: str, file: str) -> str:
    """Return the address of a file of the project.

    Parameters
    ----------
    address : str
        As of :func:`repository`.
    revision : str
        A commit or a branch.
    file : str
        A path in the project.

    Returns
    -------
    str

    Examples
    --------
    >>> blob("https://gitlab.com/one/atlas", "main", "book/a b.md")
    'https://gitlab.com/one/atlas/-/blob/main/book/a%20b.md'
    """
    between = "/-/blob/" if "//gitlab." in address else "/blob/"
    return f"{address}{between}{revision}/{quote(file)}"

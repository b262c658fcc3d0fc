"""What the two validators of archives say of an unpacked bundle.

A program of its own: ``make archive`` runs it with the interpreter of ``.venv-archive``, where
frictionless and roc-validator are, so that nothing they need enters the environment of the project.
It asks no address: the one document that roc-validator would fetch is read from a file.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CONTEXT = "https://w3id.org/ro/crate/1.2/context"
PROFILE = "ro-crate-1.2"


def tables(folder: Path) -> Iterator[str]:
    """Compare ``datapackage.json`` with its standard and with the tables that it describes.

    Parameters
    ----------
    folder : Path
        An unpacked bundle.

    Yields
    ------
    str
        A fault: of the description, or the table, row and column that it does not fit.
    """
    from frictionless import Package

    with contextlib.chdir(folder):
        report = Package("datapackage.json").validate()
        yield from (f"datapackage.json: {error.message}" for error in report.errors)
        for task in report.tasks:
            yield from (f"datapackage.json, {task.name}: {error.message}" for error in task.errors)


def crate(folder: Path, context: Path) -> Iterator[tuple[bool, str]]:
    """Compare ``ro-crate-metadata.json`` with the profile of RO-Crate 1.2.

    Parameters
    ----------
    folder : Path
        An unpacked bundle.
    context : Path
        A copy of the JSON-LD context that the crate names.

    Yields
    ------
    tuple of bool and str
        Whether the profile requires it, and what is missing or wrong.
    """
    from rocrate_validator import services

    with tempfile.TemporaryDirectory() as cache:
        keep(context, Path(cache) / "http")
        settings = services.ValidationSettings(
            rocrate_uri=str(folder),
            profile_identifier=PROFILE,
            requirement_severity="RECOMMENDED",
            offline=True,
            cache_path=Path(cache) / "http",
        )
        for issue in services.validate(settings).get_issues():
            what = f"{issue.violatingEntity or 'ro-crate-metadata.json'}: {issue.message}"
            yield issue.severity.name == "REQUIRED", what


def keep(context: Path, cache: Path) -> None:
    """Put the context where roc-validator looks for what it has fetched before.

    Parameters
    ----------
    context : Path
        The document.
    cache : Path
        The cache, without the ending of its file.
    """
    import requests
    import requests_cache
    import urllib3

    class FromFile(requests.adapters.BaseAdapter):
        """Answers every request with the document."""

        def send(self, request: Any, *_: Any, **__: Any) -> requests.Response:
            raw = urllib3.HTTPResponse(
                body=io.BytesIO(context.read_bytes()),
                headers={"Content-Type": "application/ld+json"},
                status=200,
                preload_content=False,
                request_url=request.url,
            )
            return requests.adapters.HTTPAdapter().build_response(request, raw)

        def close(self) -> None:
            """Nothing is open."""

    with requests_cache.CachedSession(cache_name=str(cache), backend="sqlite") as session:
        session.mount(CONTEXT, FromFile())
        session.get(CONTEXT)


def main() -> None:
    """Print as JSON what is wrong and what is advised: ``python validators.py FOLDER CONTEXT``."""
    folder, context = (Path(word).resolve() for word in sys.argv[1:])
    # What a validator prints on its way must not stand in the answer.
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        told = list(crate(folder, context))
        wrong = [*tables(folder), *(what for required, what in told if required)]
    advised = [what for required, what in told if not required]
    json.dump({"wrong": wrong, "advised": advised}, sys.stdout)


if __name__ == "__main__":
    main()

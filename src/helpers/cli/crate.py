"""The description of a bundle for archives: an RO-Crate of version 1.2, as JSON-LD."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from helpers.base import paths
from helpers.base.reading import read_yaml
from helpers.raw.sidecar import Sidecar, read_sidecar

CONTEXT = "https://w3id.org/ro/crate/1.2/context"
STANDARD = {"@id": "https://w3id.org/ro/crate/1.2"}
SPDX = "https://spdx.org/licenses/"
KINDS = {
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".toml": "application/toml",
    ".yml": "application/yaml",
}
# Folders that are told as one; of all others each file is.
FOLDERS = {
    "book/_build/html/": ("The book", "Pages for a browser; index.html is the first."),
    "book/": ("Sources of the book", "Pages, look and bibliography."),
    "data/forecasts/": ("Frozen forecasts", "Each with how it is judged and what made it."),
    "data/processed/figures/": ("Figures", "Each with the table that it plots."),
    "data/processed/tables/": ("Tables of the book", "Each as CSV and as shown."),
    "data/processed/kept/": ("Kept trials", "Simulations that take minutes and depend on code."),
    "data/processed/stages/": ("Records of the stages", "What each notebook recorded."),
    "data/raw/ingest/": ("Facts for the readers", "What the readers of publishers' files use."),
    "notebooks/": ("Notebooks", "As written, without outputs; stages.toml is their graph."),
    "params/": ("Parameters", "One file for each named run."),
    "src/": ("Code", "The package that notebooks and commands use."),
    "tests/": ("Tests", "With the results that are agreed, baseline/results.json."),
}


def crate(files: Mapping[str, bytes], commit: str, when: datetime) -> dict[str, Any]:
    """Return the metadata of a bundle.

    Parameters
    ----------
    files : mapping of str to bytes
        What is in the bundle, by name relative to it.
    commit : str
        The commit in 40 digits, marked when files differed from it.
    when : datetime
        When it was committed.

    Returns
    -------
    dict
        JSON-LD: the bundle, its folders and files, who made the raw tables and under which terms,
        and the run that made the results of them.

    Raises
    ------
    InputError
        When ``CITATION.cff`` or a sidecar cannot be read.

    References
    ----------
    RO-Crate Metadata Specification, version 1.2.
    """
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = paths.ROOT / "CITATION.cff"
    about = read_yaml(cited) if cited.exists() else {}
    authors = [_author(number, one) for number, one in enumerate(about.get("authors", []))]
    folders = [name for name in FOLDERS if any(one.startswith(name) for one in files)]
    single = [name for name in sorted(files) if not name.startswith(tuple(folders))]
    raw = [name for name in single if name.startswith("data/raw/") and ".source." not in name]
    sidecars = {
        name: read_sidecar(paths.ROOT / name)
        for name in raw
        if name.rpartition(".")[0] + ".source.yml" in files
    }
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.get("title", project["name"]),
        "description": project["description"],
        "identifier": commit,
        "version": project["version"],
        "datePublished": when.isoformat(),
        "license": {"@id": SPDX + project["license"]},
        "hasPart": [{"@id": _address(name)} for name in [*folders, *single]],
        "mentions": {"@id": "#run"},
    }
    if about.get("keywords"):
        root["keywords"] = ", ".join(about["keywords"])
    if authors:
        root["author"] = [{"@id": one["@id"]} for one in authors]
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": STANDARD,
    }
    parts = [_file(name, files[name], sidecars.get(name)) for name in single]
    graph = [descriptor, root, *authors, *map(_folder, folders), *parts]
    graph += [*_run(files, list(sidecars), project, when), *_told(sidecars, project["license"])]
    return {"@context": CONTEXT, "@graph": graph}


def _address(name: str) -> str:
    """Return a name as a relative address."""
    return quote(name)


def _author(number: int, told: Mapping[str, str]) -> dict[str, Any]:
    person = " ".join(filter(None, [told.get("given-names"), told.get("family-names")]))
    kind = "Person" if person else "Organization"
    identity = told.get("orcid") or f"#author-{number + 1}"
    return {"@id": identity, "@type": kind, "name": person or told.get("name", "the authors")}


def _folder(name: str) -> dict[str, Any]:
    title, description = FOLDERS[name]
    return {"@id": name, "@type": "Dataset", "name": title, "description": description}


def _file(name: str, data: bytes, told: Sidecar | None) -> dict[str, Any]:
    path = PurePosixPath(name)
    entity: dict[str, Any] = {
        "@id": _address(name),
        "@type": "File",
        "name": told.title if told else path.name,
        "contentSize": str(len(data)),
        "sha256": hashlib.sha256(data).hexdigest(),
        "encodingFormat": KINDS.get(path.suffix, "text/plain"),
    }
    if told:
        entity |= {
            "description": told.description,
            "version": told.version,
            "license": {"@id": _licence(told)},
            "creator": {"@id": _producer(told)},
        }
    return entity


def _licence(told: Sidecar) -> str:
    url = told.licence.url
    return url if "://" in url else "#licence-" + _address(told.licence.name)


def _producer(told: Sidecar) -> str:
    return "#producer-" + hashlib.sha256(told.producer.encode()).hexdigest()[:12]


def _told(sidecars: Mapping[str, Sidecar], licence: str) -> list[dict[str, Any]]:
    """Return producers and licences, each once."""
    found = {SPDX + licence: {"@id": SPDX + licence, "@type": "CreativeWork", "name": licence}}
    for told in sidecars.values():
        identity, producer = _licence(told), _producer(told)
        found.setdefault(
            identity, {"@id": identity, "@type": "CreativeWork", "name": told.licence.name}
        )
        found[producer] = {"@id": producer, "@type": "Organization", "name": told.producer}
    return list(found.values())


def _run(
    files: Mapping[str, bytes], raw: list[str], project: Mapping[str, Any], when: datetime
) -> list[dict[str, Any]]:
    """Return the run: which software made what of which tables."""
    made = [name for name in files if name.startswith("data/processed/executed/")]
    made += [name for name in ("data/processed/results.json",) if name in files]
    book = [{"@id": "book/_build/html/"}] if "book/_build/html/index.html" in files else []
    software = {
        "@id": "#software",
        "@type": "SoftwareApplication",
        "name": project["name"],
        "version": project["version"],
        "url": {"@id": "src/"},
        "softwareRequirements": {"@id": "requirements.lock"},
    }
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "The published run",
        "instrument": {"@id": "#software"},
        "object": [{"@id": _address(name)} for name in raw],
        "result": [*({"@id": _address(name)} for name in sorted(made)), *book],
    }
    return [run, software]

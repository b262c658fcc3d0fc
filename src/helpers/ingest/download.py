"""Open files from their producers, whole and verified or not at all.

What was fetched stands beside a note (``FILE.download.json``) that says from where, when and with
which hash. Where the catalogue knows no hash, the first download pins it there.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from pydantic import Field, TypeAdapter

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import everything, remove, sha256, write_json
from helpers.base.models import Strict, validated
from helpers.base.reading import read_json, read_yaml
from helpers.base.unpacked import unpack
from helpers.ingest.streams import Patience, Stream, permitted

CATALOGUE = paths.RAW / "ingest" / "downloads.yml"


class Entry(Strict):
    """An open file of the catalogue.

    Attributes
    ----------
    title, licence : str
        What it is, and its terms.
    url : str
        Its address; its last part is the name of the file.
    sha256 : str
        Its hash; empty where it is not known, and then pinned by the first download.
    hosts : list of str
        Hosts beside that of ``url`` to which it may be redirected.
    """

    title: str
    licence: str
    url: str
    sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    hosts: list[str] = Field(default_factory=list)

    @property
    def file(self) -> str:
        """The name of the file."""
        return PurePosixPath(permitted(self.url, self.allowed()).path).name

    def allowed(self) -> frozenset[str]:
        """Return the hosts that it may come from.

        Returns
        -------
        frozenset of str
        """
        return frozenset([*self.hosts, urlsplit(self.url).hostname or ""])


def catalogue(path: Path = CATALOGUE) -> dict[str, Entry]:
    """Return the open files that are known.

    Parameters
    ----------
    path : Path, optional
        A YAML file of entries by name.

    Returns
    -------
    dict of str to Entry

    Raises
    ------
    InputError
        When it is no such file.

    Examples
    --------
    >>> all(entry.url.startswith("https://") for entry in catalogue().values())
    True
    """
    return validated(TypeAdapter(dict[str, Entry]), read_yaml(path), path.name)


def named(name: str) -> Entry:
    """Return one entry of the catalogue.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Entry

    Raises
    ------
    InputError
        When there is none of that name, with the nearest.

    Examples
    --------
    >>> named("nothing")
    Traceback (most recent call last):
    helpers.base.errors.InputError: downloads.yml has no 'nothing'; there are ...
    """
    known = catalogue()
    if name not in known:
        near = did_you_mean(name, known) or f"; there are {', '.join(known)}"
        raise InputError(f"{CATALOGUE.name} has no '{name}'{near}")
    return known[name]


def fetch(entry: Entry, folder: Path, patience: Patience | None = None) -> Path:
    """Fetch an open file, or find that it is there already.

    Parameters
    ----------
    entry : Entry
        What to fetch.
    folder : Path
        Where it goes; made where it is not there.
    patience : Patience, optional
        How long the server is waited for.

    Returns
    -------
    Path
        The file; of a zip archive, which stays beside it, the one file in it, or the folder into
        which it was unpacked where it holds several.

    Raises
    ------
    InputError
        When the address may not be opened, the server fails, the bytes are not those expected, or
        an archive would unpack to too much or outside its folder. Everything in ``folder`` is
        then as it was.
    """
    target = folder / _safe(entry)
    note = target.with_name(target.name + ".download.json")
    known = entry.sha256 or _pinned(note)
    if not (known and target.is_file() and sha256(target) == known):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as name:
            fresh = _retrieve(entry, Path(name), folder, known, patience or Patience())
            made = _unpacked(fresh)
            _put(fresh, made, target)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        about = {"url": entry.url, "sha256": sha256(target), "bytes": target.stat().st_size}
        told = {"title": entry.title, "licence": entry.licence, "retrieved": now}
        write_json(note, about | told)
    return _inside(target)


def _safe(entry: Entry) -> str:
    """Return the name of the file, which must be one of a person's and no path."""
    name = entry.file
    if not name or name.startswith(".") or not name.isprintable():
        raise InputError(f"{entry.url} names no file; write the address of one to downloads.yml")
    return name


def _pinned(note: Path) -> str:
    """Return the hash of the first download, empty where there was none."""
    if not note.exists():
        return ""
    told = read_json(note)
    pinned = told.get("sha256", "") if isinstance(told, dict) else ""
    if not isinstance(pinned, str) or len(pinned) != 64:
        raise InputError(f"{note.name} holds no hash; remove it, and fetch again")
    return pinned


def _retrieve(entry: Entry, staged: Path, folder: Path, known: str, patience: Patience) -> Path:
    """Let pooch get and check the file; the part that grows outlives a process that is killed."""
    import pooch

    pooch.get_logger().setLevel("WARNING")
    part = folder / f".{entry.file}.part"
    stream = Stream(entry.file, entry.allowed(), part, bool(known), patience)
    try:
        pooch.retrieve(
            entry.url,
            known_hash=f"sha256:{known}" if known else None,
            fname=entry.file,
            path=staged,
            downloader=stream,
        )
    except ValueError:
        where = (
            CATALOGUE.name if entry.sha256 else f"its first download ({entry.file}.download.json)"
        )
        raise InputError(
            f"{entry.file} is not the file that {where} knows (SHA-256 {known[:12]}…); nothing was "
            "replaced; fetch again, and if its producer has renewed it, take the old hash out"
        ) from None
    return staged / entry.file


def _unpacked(fresh: Path) -> Path | None:
    """Unpack a zip archive beside itself, within the limits of the project."""
    if fresh.suffix.lower() != ".zip":
        return None
    made = fresh.with_suffix("")
    unpack(fresh, made)
    return made


def _put(fresh: Path, made: Path | None, target: Path) -> None:
    """Move what is whole into place: what is unpacked first, the archive that proves it last."""
    if made:
        place = target.with_suffix("")
        if place.exists():
            shutil.move(place, fresh.with_name("old"))
        made.replace(place)
    fresh.replace(target)


def _inside(target: Path) -> Path:
    """Return what a reader is to open; an archive whose content was lost is unpacked anew."""
    if target.suffix.lower() != ".zip":
        return target
    place = target.with_suffix("")
    if not place.is_dir():
        remove(place)
        unpack(target, place)
    files = [one for one in everything(place, deep=True) if one.is_file()]
    return files[0] if len(files) == 1 else place

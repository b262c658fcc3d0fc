"""One file over HTTP into a local one: gone on with where it broke off, and never for ever.

pooch calls :class:`Stream` to get a file and then checks the hash.
"""

import ipaddress
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from helpers.base.aloud import tell
from helpers.base.errors import InputError
from helpers.base.limits import limits

REDIRECTS = 5
CHUNK = 1 << 16
PAUSES = {429, 500, 502, 503, 504}  # what may be better in a moment
LONGEST_WAIT = 60.0  # seconds


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for.

    Attributes
    ----------
    tries : int
        How often it is asked before it is given up.
    wait : float
        Seconds before the second try; twice as many before each one after.
    connect, read : float
        Seconds for a connection, and for the next bytes.
    window : float
        Seconds over which it must keep up ``rate``.
    rate : int
        Bytes a second.
    """

    tries: int = 5
    wait: float = 1.0
    connect: float = 10.0
    read: float = 30.0
    window: float = 30.0
    rate: int = 1000


class Broken(Exception):
    """A try that failed, and may go better the next time."""

    def __init__(self, said: str, wait: float = 0.0) -> None:
        super().__init__(said)
        self.wait = wait


def permitted(address: str, hosts: frozenset[str]) -> SplitResult:
    """Return the parts of an address that may be opened.

    Parameters
    ----------
    address : str
        An address.
    hosts : frozenset of str
        The hosts that it may be on.

    Returns
    -------
    urllib.parse.SplitResult

    Raises
    ------
    InputError
        When it is not https (http on this machine itself is let through), or on another host.

    Examples
    --------
    >>> permitted("http://example.org/a.csv", frozenset({"example.org"}))
    Traceback (most recent call last):
    helpers.base.errors.InputError: http://example.org/a.csv is not https; write an address ...
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise InputError(f"{address} is not https; write an address that is to downloads.yml")
    if host not in hosts:
        raise InputError(
            f"{address} is on {host or 'no host'}, and only {', '.join(sorted(hosts))} was "
            "expected; if that is meant, name the host under 'hosts' in downloads.yml"
        )
    return parts


@dataclass
class Stream:
    """Gets one file; the downloader that pooch calls.

    Attributes
    ----------
    name : str
        The file in a sentence.
    hosts : frozenset of str
        Where it may come from.
    part : Path
        Where it grows.
    resumes : bool
        Whether what an earlier process left in ``part`` may be gone on with: where a hash will
        tell whether the two fit.
    patience : Patience
        How long the server is waited for.
    """

    name: str
    hosts: frozenset[str]
    part: Path
    resumes: bool
    patience: Patience = field(default_factory=Patience)
    _version: str = ""  # of the file on the server, as it calls it

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Get a file.

        Parameters
        ----------
        url : str
            Its address.
        output_file : str
            Where it goes when it is whole.
        pooch : Any
            Not used; pooch gives it.

        Raises
        ------
        InputError
            When it cannot be got; no part of it is left then.
        """
        if not self.resumes:
            self.part.unlink(missing_ok=True)
        try:
            self._tries(url)
            self.part.replace(output_file)
        except (InputError, OSError) as error:
            self.part.unlink(missing_ok=True)
            if isinstance(error, InputError):
                raise
            raise InputError(f"{self.name} cannot be written: {error.strerror or error}") from None

    def _tries(self, url: str) -> None:
        for number in range(1, self.patience.tries + 1):
            try:
                return self._once(url)
            except Broken as fault:
                if number == self.patience.tries:
                    raise InputError(
                        f"{self.name} could not be fetched from {urlsplit(url).netloc}: {fault} "
                        f"({number} tries); try again later"
                    ) from None
                pause = min(max(fault.wait, self.patience.wait * 2 ** (number - 1)), LONGEST_WAIT)
                tell(f"  {self.name}: {fault}; again in {pause:.0f} s")
                time.sleep(pause)

    def _once(self, url: str) -> None:
        import requests
        import urllib3

        session = requests.Session()
        session.auth = lambda request: request  # no password of this machine is sent
        try:
            with session, self._answer(session, url) as answer:
                self._take(answer)
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
            raise Broken(f"it said nothing for {self.patience.read:g} s") from None
        except requests.exceptions.SSLError:
            raise InputError(
                f"{self.name} was not fetched: {urlsplit(url).netloc} does not prove who it is "
                "(its certificate); try from another network"
            ) from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            raise Broken(_said(error)) from None

    def _answer(self, session: Any, url: str) -> Any:
        """Return the answer of the server that has the file, redirects followed one by one."""
        have = self.part.stat().st_size if self.part.exists() else 0
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
            if self._version:
                headers["If-Range"] = self._version
        for _ in range(REDIRECTS):
            permitted(url, self.hosts)
            answer = session.get(
                url,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=(self.patience.connect, self.patience.read),
            )
            if not answer.is_redirect:
                return answer
            answer.close()
            url = urljoin(url, answer.headers["Location"])
        raise InputError(f"{self.name} was redirected {REDIRECTS} times; look at its address")

    def _take(self, answer: Any) -> None:
        """Write what a server answers to the end of what is there, or in its place."""
        have = self.part.stat().st_size if self.part.exists() else 0
        if answer.status_code == 416:  # it has no such part
            self.part.unlink(missing_ok=True)
            raise Broken("what was there did not fit")
        if answer.status_code in PAUSES:
            wait = answer.headers.get("Retry-After", "")
            raise Broken(f"it answered {answer.status_code}", float(wait) if wait.isdigit() else 0)
        if answer.status_code not in (200, 206):
            raise InputError(
                f"{self.name} was not fetched: {urlsplit(answer.url).netloc} answered "
                f"{answer.status_code} for {answer.url}; see whether it has moved"
            )
        goes_on = answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if answer.status_code == 206 and not goes_on:
            self.part.unlink(missing_ok=True)
            raise Broken("it sent another part than was asked for")
        have = have if answer.status_code == 206 else 0
        version = answer.headers.get("ETag", "") or answer.headers.get("Last-Modified", "")
        self._version = "" if version.startswith("W/") else version
        length = answer.headers.get("Content-Length", "")
        expected = have + int(length) if length.isdigit() else None
        self._refuse_size(expected or 0)
        with self.part.open("ab" if have else "wb") as written:
            for chunk in self._paced(answer, have, expected):
                written.write(chunk)
        if expected is not None and (found := self.part.stat().st_size) != expected:
            raise Broken(f"it broke off at {found:,} of {expected:,} bytes")

    def _paced(self, answer: Any, have: int, expected: int | None) -> Iterator[bytes]:
        """Yield what comes, tell how far it is, and stop where it drips or has no end."""
        started = told = time.monotonic()
        since, got = started, 0
        # Of what drips, read1 gives what is there, and does not wait for a whole chunk.
        while chunk := answer.raw.read1(CHUNK, decode_content=False):
            yield chunk
            have, got, now = have + len(chunk), got + len(chunk), time.monotonic()
            self._refuse_size(have)
            if now - told > 2:
                whole = f" of {expected / 1e6:.1f}" if expected else ""
                tell(f"  {self.name}  {have / 1e6:.1f}{whole} MB")
                told = now
            if now - since > self.patience.window:
                if got < self.patience.rate * (now - since):
                    raise Broken(f"it sent {got:,} bytes in {now - since:.0f} s")
                since, got = now, 0

    def _refuse_size(self, size: int) -> None:
        allowed = limits().unpacked_megabytes * 1_000_000
        if size > allowed:
            raise InputError(
                f"{self.name} has {size:,} bytes or more, and {allowed:,} are allowed; raise "
                "unpacked_megabytes in pyproject.toml if that is right"
            )


def _said(error: Exception) -> str:
    """Return what broke a connection, in few words."""
    if "refused" in str(error):
        return "it refused the connection"
    if "resolve" in str(error) or "Name or service" in str(error):
        return "there is no such host, or no network"
    return "the connection broke off"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

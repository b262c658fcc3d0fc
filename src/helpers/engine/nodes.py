"""A pytask node for many files at once: nodes cost time, so a stage's figures are one."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.base.files import sha256


@dataclass(kw_only=True)
class FilesNode:
    """A node whose state is one hash over the names and bytes of a list of files.

    It has the methods that pytask asks of a node; the files are named when they are needed, since a
    stage says only after it ran what it shows.

    Attributes
    ----------
    name : str
        A name of its own in the graph.
    files : callable
        Takes nothing and returns the files, in an order that does not change.
    attributes : dict
        What pytask and its plug-ins keep with the node.

    Examples
    --------
    >>> FilesNode(name="gone", files=lambda: [Path("nowhere.csv")]).state() is None
    True
    """

    name: str
    files: Callable[[], Iterable[Path]]
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """What pytask knows the node by: a SHA-256 of its name."""
        return hashlib.sha256(self.name.encode()).hexdigest()

    def state(self) -> str | None:
        """Return the hash over all files.

        Returns
        -------
        str or None
            SHA-256 in 64 hexadecimal digits; None when a file is missing or cannot be
            read, or something else stands in its place, which makes its task run.
        """
        digest = hashlib.sha256()
        for path in self.files():
            if path.is_symlink() or not path.is_file():
                return None
            try:
                digest.update(f"{path.name}\0{sha256(path)}\0".encode())
            except OSError:
                return None
        return digest.hexdigest()

    def load(self, is_product: bool = False) -> None:
        """Return nothing, since a stage reads its files by itself.

        Parameters
        ----------
        is_product : bool, default False
            Whether the task makes the files; pytask asks with it.
        """
        return None

    def save(self, value: Any) -> None:
        """Refuse, since a stage writes its files by itself.

        Parameters
        ----------
        value : Any
            What a task returned.

        Raises
        ------
        TypeError
            Always.
        """
        raise TypeError(f"{self.name} is written by its stage")

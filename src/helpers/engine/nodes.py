"""A pytask node for many files at once: nodes cost time, so a stage's figures are one."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.base.files import sha256


@dataclass(kw_only=True)
class FilesNode:
    """The state of a list of files is one hash over their names and bytes; a missing one has none."""

    name: str
    files: Callable[[], Iterable[Path]]
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()

    def state(self) -> str | None:
        digest = hashlib.sha256()
        for path in self.files():
            if not path.exists():
                return None
            digest.update(f"{path.name}\0{sha256(path)}\0".encode())
        return digest.hexdigest()

    def load(self, is_product: bool = False) -> None:
        return None

    def save(self, value: Any) -> None:
        raise TypeError(f"{self.name} is written by its stage")

"""A pytask node that makes a stage run again when its outputs were made from other inputs."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from helpers.engine.nodes import FilesNode


@dataclass(kw_only=True)
class InputsNode(FilesNode):
    """The recorded inputs of a stage, as one of its products.

    The engine hashes what a stage reads when that has ended. An edit that came between its start
    and that moment would pass for what was run.

    Attributes
    ----------
    current : callable
        Takes nothing and says whether the record equals what is there now.

    Examples
    --------
    >>> from pathlib import Path
    >>> here = [Path(__file__)]
    >>> node = InputsNode(name="inputs", files=lambda: here, current=lambda: False)
    >>> node.state() == node.state()  # never what the engine has seen before
    False
    """

    current: Callable[[], bool]

    def state(self) -> str | None:
        """Return the hash of the record.

        Returns
        -------
        str or None
            Another one at each call while the record is not current; None where there is none.
        """
        found = super().state()
        return found if found is None or self.current() else f"stale {uuid.uuid4().hex}"

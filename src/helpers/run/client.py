"""What runs the cells of a notebook: papermill's client, held to the limits of the project."""

import asyncio
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from helpers.base.errors import InputError
from helpers.base.limits import limits
from helpers.run import kernel

ENGINE = "compendium"
WAIT = 60  # seconds that the last outputs of a cell may take to arrive


class Stopped(InputError):
    """A cell that was stopped, with its place in the notebook.

    Attributes
    ----------
    index : int
        Its place in the notebook that ran, from 0.
    """

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.index = index


class Client(PapermillNotebookClient):
    """Runs cells until one fails, takes too long, or shows too much; tags excuse no error."""

    shown = 0
    too_much = False

    def execute_cell(self, cell: Any, cell_index: int, **options: Any) -> Any:
        """Run one cell.

        Parameters
        ----------
        cell : nbformat.NotebookNode
            The cell.
        cell_index : int
            Its place, from 0.
        **options
            As of nbclient.

        Returns
        -------
        nbformat.NotebookNode
            The cell with its outputs.

        Raises
        ------
        Stopped
            When it exceeds a limit, or ended the kernel.
        """
        self.shown = 0
        allowed = limits()
        # As JupyterLab tells it: by this name a result finds back to the cell that recorded it.
        self.kc.session.metadata["cellId"] = cell.get("id", "")
        try:
            return super().execute_cell(cell, cell_index, **options)
        except CellTimeoutError:
            raise Stopped(
                f"it ran longer than {allowed.cell_seconds} seconds and was stopped; shorten it, "
                "or raise cell_seconds in pyproject.toml",
                cell_index,
            ) from None
        except DeadKernelError:
            if self.too_much:
                raise Stopped(
                    f"it shows more than {allowed.output_kilobytes} kilobytes and was stopped; "
                    "show less, or raise output_kilobytes in pyproject.toml",
                    cell_index,
                ) from None
            raise Stopped(
                "its kernel ended before the cell did: it was killed, ran out of memory, or the "
                "cell ends its own process",
                cell_index,
            ) from None

    async def _async_check_alive(self) -> None:
        if self.kc is None:  # nbclient goes on asking after a cell was stopped
            raise asyncio.CancelledError
        await super()._async_check_alive()

    def process_message(self, msg: dict[str, Any], *place: Any) -> Any:
        """Take an output in, while the cell may still show something.

        Parameters
        ----------
        msg : dict
            A message of the kernel.
        *place
            The cell and its index.

        Returns
        -------
        nbformat.NotebookNode or None
            As of papermill.
        """
        self.shown += _size(msg["content"])
        if self.shown > 1000 * limits().output_kilobytes:
            if not self.too_much:
                self.too_much = True
                self.shutdown_kernel = "immediate"
                self.task_poll_for_reply.cancel()
            return None
        return super().process_message(msg, *place)


class Engine(NBClientEngine):
    """Papermill's engine with :class:`Client` and a kernel of :mod:`helpers.run.kernel`."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, place: Path = Path(), extra: Any = None, **options: Any
    ) -> None:
        """Run all cells.

        Parameters
        ----------
        nb_man : papermill.engines.NotebookExecutionManager
            The notebook.
        kernel_name : str
            Not used: the kernel is this interpreter.
        place : Path
            The folder of the kernel, as of :func:`helpers.run.kernel.folder`.
        extra : dict of str to str
            Variables of the kernel besides those of :func:`helpers.run.kernel.environment`.
        **options
            As of papermill.
        """
        with (place / kernel.SAID).open("a", encoding="utf-8") as said:
            client = Client(
                nb_man,
                km=kernel.manager(place, extra or ()),
                kernel_name=kernel_name,
                timeout=limits().cell_seconds,
                iopub_timeout=WAIT,
                force_raise_errors=True,
                skip_cells_with_tag="",
                shutdown_kernel="immediate",
                stderr_file=said,
                on_cell_execute=options.get("on_cell_execute"),
            )
            output, nb_man.output_path = nb_man.output_path, None
            try:
                client.execute(
                    env=kernel.environment(place) | (extra or {}),
                    cleanup_kc=True,
                    cwd=str(place / "work"),
                    stderr=said,
                )
            finally:  # saved once, however it ended: at each cell it would cost more than the rest
                nb_man.output_path = output


papermill_engines.register(ENGINE, Engine)


def _size(content: Any) -> int:
    """Return about how many letters a message holds."""
    if isinstance(content, dict):
        return sum(map(_size, content.values()))
    if isinstance(content, (list, tuple)):
        return sum(map(_size, content))
    return len(content) if isinstance(content, (str, bytes)) else 1

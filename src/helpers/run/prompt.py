"""A client of a kernel that begins as soon as the kernel answers.

Jupyter's own waits until the kernel has said nothing for a while, a fifth of a second at each
start. What comes late is of no cell, and who runs the cells takes no notice of it.
"""

import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient


class PromptClient(AsyncKernelClient):
    """Waits for an answer, and for no silence after it."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until a kernel answers on both of the sockets that cells need.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Raises
        ------
        RuntimeError
            When it ends before, or has not answered then.
        """
        started = time.monotonic()
        while True:
            self.kernel_info()
            try:
                reply = await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)  # without it outputs would be lost: ask again
            except Empty:
                pass
            else:
                self._handle_kernel_info_reply(reply)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if timeout is not None and time.monotonic() - started > timeout:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")

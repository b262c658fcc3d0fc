"""The program that is a kernel: IPython's, without a port, without files of configuration.

It ends with the process that started it, however that ended, and whatever it started ends with it.
"""

import ctypes
import os
import shutil
import signal
import sys
import time
from typing import Any

from helpers.run import watched
from helpers.run.kernel import PLACE
from helpers.run.watched import WATCH

SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
POLL = 0.5  # seconds


def main() -> None:
    """Become a kernel; the arguments are those of IPython's."""
    place = os.environ.pop(PLACE)
    os.chdir(os.path.join(place, "work"))
    _guard(place)
    _die_with_parent(signal.SIGKILL)
    if os.getppid() != int(os.environ.get("JPY_PARENT_PID") or os.getppid()):
        sys.exit(1)  # it died while this program was starting

    from ipykernel import iostream, kernelapp

    if WATCH in os.environ:
        watched.begin()
    piped = _piped(iostream.IOPubThread, f"ipc://{place}/p")
    kernelapp.IOPubThread = piped  # type: ignore[attr-defined]

    class KernelApp(kernelapp.IPKernelApp):
        """Reads no file of configuration, not even those of the machine."""

        name = "ipython-kernel"

        def load_config_file(self, *_: Any, **__: Any) -> None:
            pass

    KernelApp.launch_instance()


def _die_with_parent(number: int) -> None:
    """Ask for a signal when the parent ends; where the system cannot, ipykernel looks by itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, number)


def _guard(place: str) -> None:
    """Leave a small process behind that ends the whole group when the kernel has ended.

    The kernel leads a group of its own, in which are the workers that it starts.
    """
    kernel = os.getpid()
    if os.getpgid(0) != kernel or os.fork():
        return
    for one in (signal.SIGINT, signal.SIGTERM):  # sent to the group, and meant for the kernel
        signal.signal(one, lambda *_: None)
    _die_with_parent(signal.SIGTERM)  # ends the sleep
    null = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(null, number)
    while os.getppid() == kernel:
        time.sleep(POLL)
    shutil.rmtree(place, ignore_errors=True)
    os.killpg(kernel, signal.SIGKILL)


def _piped(thread: Any, address: str) -> Any:
    """Return ipykernel's thread of outputs with a socket in a folder in the place of a TCP port."""
    import zmq
    from zmq.eventloop.zmqstream import ZMQStream

    class Piped(thread):
        """Takes the output of forked processes in by a socket in a folder."""

        def _setup_pipe_in(self) -> None:
            self._pipe_uuid = os.urandom(16)
            pipe = self.socket.context.socket(zmq.PULL)
            pipe.linger = 0
            pipe.bind(address)
            self._pipe_in = ZMQStream(pipe, self.io_loop)
            self._pipe_in.on_recv(self._handle_pipe_msg)

        def _setup_pipe_out(self) -> tuple[Any, Any]:
            context = zmq.Context()  # a new one after a fork
            pipe = context.socket(zmq.PUSH)
            pipe.linger = 3000
            pipe.connect(address)
            return context, pipe

    return Piped


if __name__ == "__main__":
    main()

"""The mother of warm kernels: a program that imports once, and forks each kernel from itself.

It needs the standard library alone, so that the interpreter of any kernel runs it by its path.
Standard input is the socket on which its parent asks for kernels (:mod:`helpers.run.warm`); when
the parent is gone, the mother and her kernels end, though processes that it forked, which ask on
the same socket, may still be there. She has one thread and does nothing but wait when she forks.
What a kernel may not share with the next is made anew in it before its program begins: variables,
folder, standard files, signals, random state.
"""

import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import sys
import threading
from contextlib import suppress
from typing import Any

LARGEST = 1 << 20  # bytes of one order
LOOK = 1.0  # seconds between two looks at the parent
SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
# Meant for the parent, which sees to its kernels.
OURS = [signal.Signals[one] for one in ("SIGINT", "SIGHUP") if one in signal.Signals.__members__]
IGNORED: set[int] = set()  # of these, what was ignored before: a kernel that is started has it too
TASKS = "/proc/self/task"


def main() -> None:
    """Import the modules that the arguments name, then fork kernels; the first is a folder.

    The folder is the working folder of the imports, and is removed when they are done.
    """
    parent = os.getppid()
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder of this file
    control = socket.socket(fileno=os.dup(0))
    os.close(0)
    os.open(os.devnull, os.O_RDONLY)  # takes that number
    for number in OURS:
        if signal.signal(number, signal.SIG_IGN) == signal.SIG_IGN:
            IGNORED.add(number)
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # which ipykernel reads when it is imported
    folder, *modules = sys.argv[1:]
    fault = load(folder, modules)
    send(control, {"fault": fault})
    if fault:
        return
    for one in first_on_path():  # those of a kernel come instead
        if one in sys.path:
            sys.path.remove(one)
    order = Mother(control, parent).kernel()
    if order is None:
        os._exit(0)  # what was imported has nothing to see to
    runpy.run_module(order, run_name="__main__", alter_sys=True)  # this process is a kernel now


def load(folder: str, modules: list[str]) -> str:
    """Import modules where no setting of a person is found.

    Parameters
    ----------
    folder : str
        The working folder meanwhile; it is removed at the end.
    modules : list of str
        Their names.

    Returns
    -------
    str
        Why this process may not be forked; empty where it may.
    """
    os.chdir(folder)
    try:
        for name in modules:
            importlib.import_module(name)
    except Exception as error:
        return f"{name} could not be imported ({type(error).__name__}: {error})"
    finally:
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)
    for thread in threading.enumerate():  # such as a timer that was cancelled
        if thread is not threading.main_thread():
            thread.join(1)
    if more := threads():
        return f"the imports leave threads behind ({', '.join(more)})"
    gc.collect()
    gc.freeze()  # what is never collected is not copied
    return ""


def threads() -> list[str]:
    """Return the names of the threads of this process beside the main one.

    Returns
    -------
    list of str
        Those of compiled code too, where the system tells of them.

    Examples
    --------
    >>> isinstance(threads(), list)
    True
    """
    if not os.path.isdir(TASKS):
        return [one.name for one in threading.enumerate() if one is not threading.main_thread()]
    names = []
    for one in os.listdir(TASKS):
        if int(one) != os.getpid():
            with open(f"{TASKS}/{one}/comm", encoding="utf-8") as handle:
                names.append(handle.read().strip())
    return names


def send(to: socket.socket, words: dict[str, Any]) -> None:
    """Send one message, where somebody is there to take it.

    Parameters
    ----------
    to : socket.socket
        Keeps messages apart.
    words : dict
        What JSON can say.
    """
    with suppress(OSError):  # nobody
        to.send(json.dumps(words).encode())


class Mother:
    """Forks kernels, and tells of each how it ended.

    Parameters
    ----------
    control : socket.socket
        Brings the orders, each with a socket that stands for the kernel and its standard files.
    parent : int
        The process that started this one.
    """

    def __init__(self, control: socket.socket, parent: int) -> None:
        self._control = control
        self._parent = parent
        self._kernels: dict[socket.socket, int] = {}
        self._told: set[int] = set()
        self._ended, self._bell = socket.socketpair()
        self._ended.setblocking(False)
        self._bell.setblocking(False)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def kernel(self) -> str | None:
        """Serve until the parent is gone.

        Returns
        -------
        str or None
            The module to run, in a process that was forked; None in the mother, at her end.
        """
        while os.getppid() == self._parent:
            waiting = [self._control, self._ended, *self._kernels]
            ready, _, _ = select.select(waiting, [], [], LOOK)
            if self._ended in ready:
                self._ended.recv(LARGEST)
            self._tell()
            for one in ready:
                if one in self._kernels:  # its owner closed it: nobody asks for it any more
                    self._drop(one)
            if self._control in ready:
                text, handles = self._order()
                if not text:
                    break
                if module := self._fork(json.loads(text), handles):
                    return module
        for one in list(self._kernels):
            self._drop(one)
        return None

    def _order(self) -> tuple[bytes, list[int]]:
        """Return the next order; nothing where the parent is gone."""
        try:
            close = socket.MSG_CMSG_CLOEXEC
            text, handles, _, _ = socket.recv_fds(self._control, LARGEST, 4, close)
        except ConnectionError:  # it had not even read that the imports were done
            return b"", []
        return text, handles

    def _fork(self, order: dict[str, Any], handles: list[int]) -> str:
        """Fork; return a module to run in the new process, nothing in this one."""
        line = socket.socket(fileno=handles[0])
        mother = os.getpid()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
            child = os.fork()
        except OSError as error:
            send(line, {"fault": f"no process could be forked ({error.strerror})"})
            for one in handles[1:]:
                os.close(one)
            line.close()
            return ""
        for one in handles[1:] if child else ():
            os.close(one)
        if child:
            self._kernels[line] = child
            return ""
        for other in (self._control, self._ended, self._bell, *self._kernels):
            other.close()
        return become(order, handles[1:], line, mother)

    def _tell(self) -> None:
        """Say of each kernel that has ended how; its number stays taken until that was read."""
        for line, child in self._kernels.items():
            if child in self._told:
                continue
            how = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if how is not None:
                self._told.add(child)
                status = how.si_status if how.si_code == os.CLD_EXITED else -how.si_status
                send(line, {"status": status})

    def _drop(self, line: socket.socket) -> None:
        """End a kernel and what runs in its group, where it has not ended, and forget it."""
        child = self._kernels.pop(line)
        line.close()
        if child not in self._told:
            try:
                os.killpg(child, signal.SIGKILL)
            except ProcessLookupError:  # it has no group of its own yet
                os.kill(child, signal.SIGKILL)
        self._told.discard(child)
        os.waitpid(child, 0)


def become(order: dict[str, Any], files: list[int], line: socket.socket, mother: int) -> str:
    """Make a forked process what a started one would be.

    Parameters
    ----------
    order : dict
        ``env``, ``cwd``, ``module`` and ``arguments`` of the kernel.
    files : list of int
        What becomes its standard input, output and error.
    line : socket.socket
        Is told the number of the process, and closed.
    mother : int
        The process that forked this one.

    Returns
    -------
    str
        The module to run.
    """
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in OURS:
        usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, signal.SIG_IGN if number in IGNORED else usual)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != mother:
        os._exit(1)
    for at, one in enumerate(files):
        os.dup2(one, at)
        os.close(one)
    os.environ.clear()
    os.environ.update(order["env"])
    os.environ["JPY_PARENT_PID"] = str(mother)
    os.chdir(order["cwd"])
    refresh()
    first = first_on_path()  # each once, as the interpreter has them
    sys.path[:] = [*first, *(one for one in sys.path if one not in first)]
    sys.argv = [order["module"], *order["arguments"]]
    sys.orig_argv[:] = order["command"]
    send(line, {"pid": os.getpid()})
    line.close()
    return str(order["module"])


def first_on_path() -> list[str]:
    """Return the folders that an interpreter looks for modules in before its own.

    Returns
    -------
    list of str
        The working folder, where the interpreter does so, then those of ``PYTHONPATH``.
    """
    here = [] if sys.flags.safe_path else [os.getcwd()]
    named = "" if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "")
    return here + [os.path.abspath(one) for one in named.split(os.pathsep) if one]


def refresh() -> None:
    """Make anew what the imports drew by chance or read from the variables of the mother.

    Python sees to :mod:`random` by itself.
    """
    importlib.invalidate_caches()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "multiprocessing.process" in sys.modules:
        process: Any = sys.modules["multiprocessing.process"].current_process()
        process.authkey = os.urandom(32)
    if "matplotlib" in sys.modules:  # it remembers its folders
        for name in ("get_configdir", "get_cachedir"):
            found: Any = getattr(sys.modules["matplotlib"], name)
            inside = dict(zip(found.__code__.co_freevars, found.__closure__ or ()))
            if "called" in inside:
                inside["called"].cell_contents = False


if __name__ == "__main__":
    main()

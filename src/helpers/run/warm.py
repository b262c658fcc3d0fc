"""Kernels whose imports are done: a provisioner for Jupyter that forks each from one process.

It stands alone: whoever runs notebooks, by papermill or otherwise, can name it in the metadata of a
kernel's specification (``kernel.json``), as Jupyter has it::

    "kernel_provisioner": {
      "provisioner_name": "warm-provisioner",
      "config": {"preload": ["pandas", "matplotlib.pyplot"], "apart": ["HOME"]}
    }

``preload`` are the modules to import first: packages whose code does not change meanwhile, start no
thread and hold no random state of their own. ``apart`` are the variables in which one kernel
differs from the next; while the modules are imported, each names an empty folder. Kernels that
differ in any other variable, in their interpreter or in its options come from different mothers
(:mod:`helpers.run.mother`), so ``PYTHONHASHSEED`` must be given: it would be drawn once for all.

A mother is started with the first kernel and ends with the process that asked for it. Where no
kernel can be forked, it is started in the ordinary way, and a line on stderr says why.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import List, Unicode

from helpers.base.aloud import tell
from helpers.run.forked import STEP, CannotFork, Forked, prepared

NAME = "warm-provisioner"  # of the entry point
UNDERSTOOD = {"env", "cwd", "stdin", "stdout", "stderr", "independent", "kernel_id"}
_said: set[str] = set()


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel from a process in which its imports are done."""

    preload = List(Unicode(), help="Modules to import before any kernel is forked.").tag(
        config=True
    )
    apart = List(Unicode(), help="Variables in which one kernel differs from the next.").tag(
        config=True
    )

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start it in the ordinary way.

        Parameters
        ----------
        cmd : list of str
            Its command line.
        **kwargs
            As of :class:`subprocess.Popen`.

        Returns
        -------
        dict
            How it is reached.
        """
        try:
            process = await self._fork(cmd, kwargs)
        except (CannotFork, OSError) as reason:
            say(str(reason))
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def _fork(self, cmd: list[str], options: dict[str, Any]) -> Forked:
        """Return a kernel that runs."""
        interpreter, module, arguments = parted(cmd)
        if more := sorted(set(options) - UNDERSTOOD) or options.get("independent"):
            raise CannotFork(f"a forked kernel cannot be started with {more}")
        env = dict(os.environ if options.get("env") is None else options["env"])
        env["JPY_PARENT_PID"] = str(os.getpid())  # that of the mother, in the kernel
        mother = prepared(interpreter, self.preload, self.apart, env)
        while not mother.ready():
            await asyncio.sleep(STEP)
        order = {"env": env, "cwd": os.fspath(options.get("cwd") or os.getcwd())}
        order |= {"module": module, "arguments": arguments, "command": cmd}
        files = standard_files(options)
        try:
            kernel = mother.fork(order, files)
        finally:
            for one in files:
                os.close(one)
        try:
            while (said := kernel.listen()) is None:
                await asyncio.sleep(STEP)
        except asyncio.CancelledError:
            kernel.close()
            raise
        if "pid" not in said:
            kernel.close()
            raise CannotFork(said.get("fault", "the process with the imports ended"))
        kernel.pid = said["pid"]
        return kernel


def parted(cmd: list[str]) -> tuple[list[str], str, list[str]]:
    """Return the interpreter with its options, the module that it runs, and what that is given.

    Parameters
    ----------
    cmd : list of str
        A command line.

    Returns
    -------
    tuple of (list of str, str, list of str)
        The three.

    Raises
    ------
    CannotFork
        When it runs no module by its name.

    Examples
    --------
    >>> parted(["python3", "-s", "-X", "utf8", "-m", "ipykernel_launcher", "-f", "k.json"])
    (['python3', '-s', '-X', 'utf8'], 'ipykernel_launcher', ['-f', 'k.json'])
    """
    if "-m" not in cmd[1:-1]:
        raise CannotFork("the command of the kernel runs no module by its name")
    at = cmd.index("-m")
    return cmd[:at], cmd[at + 1], cmd[at + 2 :]


def standard_files(options: dict[str, Any]) -> list[int]:
    """Return copies of what becomes a kernel's standard input, output and error.

    Parameters
    ----------
    options : dict
        ``stdin``, ``stdout`` and ``stderr`` as of :class:`subprocess.Popen`, without pipes.

    Returns
    -------
    list of int
        Three open files.

    Raises
    ------
    CannotFork
        When one is to be a pipe.
    OSError
        When one is not open.
    """
    made: list[int] = []
    given = (options.get("stdin") or subprocess.DEVNULL, options.get("stdout") or 1)
    for one in (*given, options.get("stderr") or 2):
        if one == subprocess.PIPE:
            raise CannotFork("a forked kernel has no pipes to its standard files")
        if one == subprocess.DEVNULL:
            made.append(os.open(os.devnull, os.O_RDWR))
        elif one == subprocess.STDOUT:
            made.append(os.dup(made[1]))
        else:
            made.append(os.dup(one if isinstance(one, int) else one.fileno()))
    return made


def say(reason: str) -> None:
    """Say once on stderr that kernels start in the ordinary way.

    Parameters
    ----------
    reason : str
        Why.
    """
    if reason not in _said:
        _said.add(reason)
        tell(f"  kernels start the ordinary way: {reason}", sys.__stderr__)

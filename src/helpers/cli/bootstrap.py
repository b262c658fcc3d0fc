"""Make ``.venv`` hold exactly what ``requirements.lock`` says; do nothing when it already does.

Runs before anything is installed, so it uses the standard library only, and syntax that an
old Python can read far enough to be told what is wrong.
"""

# ruff: noqa: UP032 - an old Python cannot read an f-string

import hashlib
import importlib.util
import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
VENV = os.path.join(ROOT, ".venv")
LOCK = os.path.join(ROOT, "requirements.lock")
STAMP = os.path.join(VENV, "installed.txt")
OLDEST, NEWEST = (3, 11), (3, 13)
UNREACHABLE = (
    "connection",
    "name resolution",
    "no matching distribution",
    "timed out",
    "proxy",
    "ssl",
)


def stop(sentence):
    """Print one sentence and leave with status 2.

    Parameters
    ----------
    sentence : str
        What is wrong and what to do.

    Raises
    ------
    SystemExit
        Always.
    """
    sys.stderr.write("error: {}\n".format(sentence))
    sys.exit(2)


def wanted():
    """Return the line that a finished installation leaves behind.

    Returns
    -------
    str
        The version of Python, the hash of the lock file and the folder: when one of them changes,
        the environment is made anew.

    Examples
    --------
    >>> wanted().split()[0]
    'python'
    """
    with open(LOCK, "rb") as handle:
        lock = hashlib.sha256(handle.read()).hexdigest()
    return "python {}.{} lock {} at {}\n".format(
        sys.version_info[0], sys.version_info[1], lock, ROOT
    )


def installed():
    """Return what the last finished installation left behind.

    Returns
    -------
    str
        A line as of :func:`wanted`; empty where none was finished.
    """
    if not os.path.exists(STAMP):
        return ""
    with open(STAMP) as handle:
        return handle.read()


def pip(*arguments):
    """Run pip inside the environment.

    Parameters
    ----------
    *arguments : str
        Words of pip's command line.

    Raises
    ------
    SystemExit
        With one sentence when pip fails.
    """
    command = [os.path.join(VENV, "bin", "python"), "-m", "pip", "--disable-pip-version-check"]
    run = subprocess.run(
        command + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if run.returncode:
        text = run.stdout.decode("utf-8", "replace")
        errors = [
            line for line in text.splitlines() if line.startswith("ERROR")
        ] or text.splitlines()[-1:]
        if any(word in text.lower() for word in UNREACHABLE):
            stop(
                "the package index could not be reached or lacks a locked package ({}); "
                "check the network and pip's settings, then run make again".format(
                    errors[0] if errors else "no message"
                )
            )
        stop("pip failed: {}".format(errors[0] if errors else "no message"))


def refuse_other_versions():
    """Stop where the project does not run on this version of Python.

    Raises
    ------
    SystemExit
        With one sentence that names the versions.
    """
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        stop(
            "Python {}.{} is too {}: 3.11, 3.12 or 3.13 is needed; name one, as in "
            "`make report PYTHON=python3.12`".format(
                version[0], version[1], "old" if version < OLDEST else "new"
            )
        )


def refuse_without_venv():
    """Stop where this Python cannot make environments, as on a Debian without python3-venv.

    Raises
    ------
    SystemExit
        With one sentence that says how to mend it.
    """
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        stop(
            "this Python has no venv module; "
            "install it (on Debian and Ubuntu: apt-get install python3-venv)"
        )


def main():
    """Create or refresh the environment if it is not the one that the lock describes.

    Raises
    ------
    SystemExit
        With one sentence when it cannot be made.
    """
    refuse_other_versions()
    if installed() == wanted():
        return
    refuse_without_venv()
    sys.stderr.write(
        "installing {} into .venv (once, a minute or two)\n".format(os.path.basename(LOCK))
    )
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if made.returncode:
        stop(
            "the environment .venv could not be made: "
            + made.stdout.decode("utf-8", "replace").strip()[-200:]
        )
    pip("install", "--quiet", "--no-deps", "--require-hashes", "-r", LOCK)
    pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT)
    with open(STAMP, "w") as handle:
        handle.write(wanted())


if __name__ == "__main__":
    main()

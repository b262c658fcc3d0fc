"""Make ``.venv`` hold exactly what ``requirements.lock`` says; do nothing when it already does.

Runs before anything is installed, so it uses the standard library only, and syntax that an
old Python can read far enough to be told what is wrong.
"""

# ruff: noqa: UP024, UP032 - an old Python cannot read an f-string

import base64
import csv
import fcntl
import hashlib
import importlib.util
import os
import re
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
VENV = os.path.join(ROOT, ".venv")
LOCK = os.path.join(ROOT, "requirements.lock")
STAMP = os.path.join(VENV, "installed.txt")
OLDEST, NEWEST = (3, 11), (3, 13)
REACHING = (
    "PIP_CACHE_DIR",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_NO_CACHE_DIR",
    "PIP_NO_INDEX",
    "PIP_PROXY",
    "PIP_RETRIES",
    "PIP_TIMEOUT",
    "PIP_TRUSTED_HOST",
)
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


def environment():
    """Return the variables of this process without those that change what pip installs, or where.

    Returns
    -------
    dict of str to str
        Of pip's own settings only those that say how to reach an index.

    Examples
    --------
    >>> "PIP_TARGET" in environment() or "PYTHONPATH" in environment()
    False
    """
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PYTHON")) or name in REACHING
    }


def pip(lock, *arguments):
    """Run pip inside the environment.

    Parameters
    ----------
    lock : int
        The lock that is held; pip holds it too.
    *arguments : str
        Words of pip's command line.

    Raises
    ------
    SystemExit
        With one sentence when pip fails.
    """
    command = [
        os.path.join(VENV, "bin", "python"),
        "-I",
        "-m",
        "pip",
        "--disable-pip-version-check",
    ]
    run = subprocess.run(
        command + list(arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(),
        pass_fds=[lock],
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


LOOK = r"""
import importlib.util, sys, sysconfig
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
helpers = importlib.util.find_spec("helpers")
print(sys.prefix, sysconfig.get_path("purelib"), helpers.origin if helpers else "", sep="\n")
for line in open(sys.argv[1], encoding="utf-8"):
    line = line.split(" --hash")[0].rstrip(" \\\n")
    if line and line[0] not in " #":
        one = Requirement(line)
        if not one.marker or one.marker.evaluate():
            print(canonicalize_name(one.name), str(one.specifier)[2:])
"""


def look():
    """Ask the environment's own Python what it is and what it should hold.

    Returns
    -------
    list of str
        Its folder, that of its packages, the file of the project's package, then a line with name
        and version for each package that the lock wants on this machine; empty where it does not
        start, or cannot read the lock.
    """
    python = os.path.join(VENV, "bin", "python")
    try:
        run = subprocess.run(
            [python, "-I", "-c", LOOK, LOCK],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return run.stdout.decode("utf-8", "replace").splitlines() if not run.returncode else []


def spoilt():
    """Return what is wrong with an environment that was finished once.

    Returns
    -------
    str
        A few words; empty where its interpreter starts, its packages are those of the lock in their
        versions and with their files, nothing stands beside them, and the project is installed from
        this folder.
    """
    told = look()
    if len(told) < 3 or not os.path.isdir(told[1]):
        return "its interpreter does not start"
    if os.path.realpath(told[0]) != os.path.realpath(VENV):
        return "its interpreter is that of another environment"
    source = os.path.join(ROOT, "src", "helpers", "__init__.py")
    if os.path.realpath(told[2]) != os.path.realpath(source):
        return "the package of the project is not that of this folder"
    folder, wants = told[1], dict(line.split(" ") for line in told[3:])
    there: dict = {}
    owned = {"__pycache__"}
    for name in os.listdir(folder):
        if name.endswith(".dist-info"):
            package, _, version = name[: -len(".dist-info")].partition("-")
            there.setdefault(re.sub(r"[-_.]+", "-", package).lower(), []).append((version, name))
    for package in sorted(wants):
        if [one for one, _ in there.get(package, [])] != [wants[package]]:
            return "{} {} is not what is installed".format(package, wants[package])
    for package in sorted(there):
        if package not in wants and package not in ("pip", project()):
            return "{} is installed and not in the lock".format(package)
        lost, names = altered_file(folder, there[package][0][1])
        if lost:
            return "{} of {} is gone or altered".format(lost, package)
        owned |= names
    for name in sorted(os.listdir(folder)):
        if name not in owned and not name.startswith(".") and not name.endswith("~"):
            return "{} is of no package".format(name)
    return ""


def project():
    """Return the name of the project, as pip writes it."""
    with open(os.path.join(ROOT, "pyproject.toml"), encoding="utf-8") as handle:
        found = re.search(r'^name *= *"([^"]+)"', handle.read(), flags=re.MULTILINE)
    return re.sub(r"[-_.]+", "-", found.group(1)).lower() if found else ""


def altered_file(folder, info):
    """Return a file that a package has installed and that is not there as it was.

    Parameters
    ----------
    folder : str
        Where packages are installed.
    info : str
        The name of the folder of its description.

    Returns
    -------
    tuple of (str, set of str)
        Its name, empty where all are there, each as long as it was, and with the same bytes where
        it is younger than the environment; and what stands in ``folder`` for the package.
    """
    names = {info}
    try:
        finished = os.stat(STAMP).st_mtime
        with open(os.path.join(folder, info, "RECORD"), encoding="utf-8", newline="") as handle:
            for name, told, size in (row for row in csv.reader(handle) if len(row) == 3):
                names.add(name.split("/")[0])
                if name.endswith(".pyc") or not size:
                    continue
                found = os.stat(os.path.join(folder, name))
                if found.st_size != int(size):
                    return name, names
                if found.st_mtime > finished and told != fingerprint(os.path.join(folder, name)):
                    return name, names
    except (OSError, ValueError):
        return "a file", names
    return "", names


def fingerprint(path):
    """Return the hash of a file as pip writes it down.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    str
        ``sha256=`` and the digest in base 64.
    """
    with open(path, "rb") as handle:
        digest = hashlib.sha256(handle.read()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


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
    if not os.path.exists(LOCK):
        stop("requirements.lock is missing; restore it from the repository")
    if installed() == wanted() and not spoilt():
        return
    with alone() as lock:
        fault = spoilt() if installed() == wanted() else "none"
        if not fault:
            return  # another one has made it meanwhile
        if fault != "none":
            sys.stderr.write("the environment .venv is spoilt ({}); making it anew\n".format(fault))
        if os.path.islink(VENV):
            # Making it anew would delete what it leads to, which may be another project's.
            stop(
                ".venv is a link and not what the lock describes; "
                "remove the link, then run make again"
            )
        refuse_without_venv()
        make(lock.fileno())


def alone():
    """Wait until no other process makes this environment.

    Returns
    -------
    file
        The lock, which is held until it is closed, and by pip too: one whose parent was killed
        goes on for a while.
    """
    folder = os.path.join(ROOT, ".run")
    if not os.path.isdir(folder):
        os.makedirs(folder)
    lock = open(os.path.join(folder, "env.lock"), "a")  # noqa: SIM115 - the caller closes it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (IOError, OSError):
        sys.stderr.write("  waiting for another make, which installs into .venv\n")
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def make(lock):
    """Make the environment.

    Parameters
    ----------
    lock : int
        The lock that is held.

    Raises
    ------
    SystemExit
        With one sentence when it cannot be made.
    """
    sys.stderr.write(
        "installing {} into .venv (once, a minute or two)\n".format(os.path.basename(LOCK))
    )
    if os.path.exists(STAMP):
        os.remove(STAMP)  # first, so that nobody takes the half for the whole
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[lock],
        env=environment(),
    )
    if made.returncode:
        stop(
            "the environment .venv could not be made: "
            + " ".join(made.stdout.decode("utf-8", "replace").split())[-200:]
        )
    # What comes as source is built into a wheel, since an older way to install leaves no list of
    # the files behind, by which :func:`spoilt` looks.
    pip(lock, "install", "--quiet", "--no-deps", "--use-pep517", "--require-hashes", "-r", LOCK)
    pip(
        lock,
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--editable",
        ROOT,
    )
    with open(STAMP + ".new", "w") as handle:
        handle.write(wanted())
    os.rename(STAMP + ".new", STAMP)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.stderr.write("stopped by Ctrl-C; run the same command again to go on\n")
        sys.exit(130)
    except (IOError, OSError) as error:
        stop("the environment .venv cannot be made or read: {}; mend that".format(error))

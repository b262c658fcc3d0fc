"""Make ``.venv`` hold exactly what ``requirements.lock`` says; do nothing when it already does.

Runs before anything is installed, so it uses the standard library only, and syntax that an
old Python can read far enough to be told what is wrong.
"""

# ruff: noqa: UP032 - an old Python cannot read an f-string

import csv
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


def locked():
    """Return the packages of the lock that this machine needs, as far as no condition is added.

    Returns
    -------
    dict of str to str
        Name, in lower case with hyphens, to version.

    Examples
    --------
    >>> "pytask" in locked()
    True
    """
    with open(LOCK, encoding="utf-8") as handle:
        found = re.findall(
            r"^([A-Za-z0-9._-]+)==([^ ;\\]+)[ \\]*$", handle.read(), flags=re.MULTILINE
        )
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def spoilt():
    """Return what is wrong with an environment that was finished once.

    Returns
    -------
    str
        A few words; empty where its interpreter starts, each locked package is there in its
        version with its files, and the project is installed from this folder.
    """
    python = os.path.join(VENV, "bin", "python")
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    try:
        run = subprocess.run([python, "-I", "-c", code], stdout=subprocess.PIPE, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return "its interpreter does not start"
    folder = run.stdout.decode("utf-8", "replace").strip()
    if run.returncode or not os.path.isdir(folder):
        return "its interpreter does not start"
    there: dict = {}
    for name in os.listdir(folder):
        if name.endswith(".dist-info"):
            package, _, version = name[: -len(".dist-info")].partition("-")
            there.setdefault(re.sub(r"[-_.]+", "-", package).lower(), []).append((version, name))
    for package, version in locked().items():
        ours = there.get(package, [])
        if [one for one, _ in ours] != [version]:
            return "{} {} is not what is installed".format(package, version)
        lost = missing_file(folder, ours[0][1])
        if lost:
            return "{} of {} is gone".format(lost, package)
    return ""


def missing_file(folder, info):
    """Return a file that a package has installed and that is not there as it was.

    Parameters
    ----------
    folder : str
        Where packages are installed.
    info : str
        The name of the folder of its description.

    Returns
    -------
    str
        Its name; empty where all are there, each as long as it was.
    """
    try:
        with open(os.path.join(folder, info, "RECORD"), encoding="utf-8", newline="") as handle:
            for name, _, size in (row for row in csv.reader(handle) if len(row) == 3):
                if name.endswith(".pyc") or not size:
                    continue
                if os.stat(os.path.join(folder, name)).st_size != int(size):
                    return name
    except (OSError, ValueError):
        return "a file"
    return ""


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
    if installed() == wanted():
        fault = spoilt()
        if not fault:
            return
        sys.stderr.write("the environment .venv is spoilt ({}); making it anew\n".format(fault))
    if os.path.islink(VENV):
        # Making it anew would delete what it leads to, which may be another project's.
        stop(
            ".venv is a link and not what the lock describes; remove the link, then run make again"
        )
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

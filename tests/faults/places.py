"""Two runs at once, full disks, folders that cannot be written."""

import os
import random
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from killed import edited
from tiny import Place, Project, Ran, Try, Verdict, can_mount, differ, mounted, recover

HOLDER = ("another", "other run", "already", "holds", "held", "lock", "running")


def together(draw: random.Random, everything: bool) -> list[Try]:
    """Start two runs at once: in one folder with one and with two names, cold and built."""
    acts: list[tuple[str, Callable[[Place], Verdict]]] = []
    for _ in range(3 if everything else 1):
        acts += [
            ("two cold runs", lambda place: _two(place, place.new(), named=False)),
            ("two runs after an edit", lambda place: _two(place, edited(place), named=False)),
            ("two named runs", lambda place: _two(place, edited(place), named=True)),
            ("four runs after an edit", lambda place: _two(place, edited(place), 4, named=False)),
        ]
    return [
        Try("together", f"{name} ({number + 1})", act, str(draw.random()))
        for number, (name, act) in enumerate(acts)
    ]


def _two(place: Place, project: Project, count: int = 2, *, named: bool) -> Verdict:
    if named:
        shutil.copy(project.root / "params/pakistan.yml", project.root / "params/second.yml")
    inputs = project.inputs()
    files = ["params/pakistan.yml", "params/second.yml"] if named else ["params/pakistan.yml"]
    running = []
    for number in range(count):
        running.append(project.start("--jobs", "1", "--params", files[number % len(files)]))
        running[-1].sleep(place.random.random() * 1.5)
    ran = [one.wait() for one in running]
    verdict = Verdict(traceback=any(one.traceback for one in ran))
    failed = [one for one in ran if one.code != 0]
    if any(one.code is None for one in ran):
        verdict.wrong = "a run did not end"
    elif len(failed) == len(ran):
        verdict.wrong = f"all of them failed: {failed[0].last}"
    elif failed:
        verdict.note = failed[0].last
        verdict.sentence = all(
            one.sentence and any(word in one.last for word in HOLDER) for one in failed
        )
    if not verdict.wrong:
        verdict.wrong = differ(place.store.expected(project), project.products())
    verdict.wrong = verdict.wrong or "; ".join(filter(None, (one.orphans() for one in running)))
    return recover(place.store, project, verdict, inputs)


def disks(draw: random.Random, everything: bool) -> list[Try]:
    """Fill the disk, run out of inodes, forbid writing, limit the size of a file."""
    acts: dict[str, Callable[[Place], Verdict]] = {}
    for number in range(8 if everything else 3):
        spare = draw.choice([40, 200, 700, 1500, 3000, 5000])
        acts[f"{spare} kB left on the disk ({number})"] = lambda place, spare=spare: _full(
            place, spare
        )
    for number in range(4 if everything else 1):
        size = draw.choice([64, 512, 2048, 6144])
        acts[f"a temporary folder of {size} kB ({number})"] = lambda place, size=size: (
            _full_temporary(place, size)
        )
    for number in range(3 if everything else 1):
        inodes = draw.choice([3, 15, 60, 150])
        acts[f"{inodes} inodes left ({number})"] = lambda place, inodes=inodes: _no_inodes(
            place, inodes
        )
    for number in range(4 if everything else 1):
        size = draw.choice([1, 8, 30, 100, 300])
        acts[f"no file larger than {size} kB ({number})"] = lambda place, size=size: _limited(
            place, size
        )
    folders = ["data/processed", "book/_build", "data/processed/executed", ".pytask", "."]
    for name in folders if everything else draw.sample(folders, 3):
        acts[f"read-only {name}"] = lambda place, name=name: _read_only(place, name)
    owned = ["data/processed/results.json", "book/_build/html", "data/processed/stages", ".pytask"]
    for name in owned if everything else owned[:2]:
        acts[f"{name} belongs to root"] = lambda place, name=name: _of_root(place, name)
    return [Try("disks", name, act, str(draw.random())) for name, act in acts.items()]


def _judge(place: Place, project: Project, ran: Ran, before: dict[str, str]) -> Verdict:
    """Judge a run that could not write: a sentence, or the right products after all."""
    verdict = Verdict(traceback=ran.traceback)
    if ran.code is None:
        verdict.wrong = "it did not end"
    elif ran.code == 0:
        verdict.wrong = differ(place.store.expected(project), project.products())
    else:
        verdict.sentence, verdict.note = ran.sentence, ran.last
        if gone := sorted(set(before) - set(project.products())):
            verdict.lost = f"{len(gone)} files are gone, such as {gone[0]}"
    return verdict


NO_MOUNT = Verdict(skipped="only root may mount a file system")


def _used(folder: Path) -> int:
    return int(subprocess.check_output(["du", "-sk", str(folder)], text=True).split()[0])


def _full(place: Place, spare: int) -> Verdict:
    if not can_mount():
        return NO_MOUNT
    with mounted(place.folder / "disk", "-o", "size=200m") as disk:
        project = place.built("disk/project")
        project.replace("notebooks/01-clean.ipynb", "made up", "drawn up")
        inputs, before = project.inputs(), project.products()
        # What is compiled counts too; a first command leaves it on the disk.
        filler = disk / "filler"
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize // 1024
        with filler.open("wb") as file:
            for _ in range(max(free - spare, 0)):
                file.write(b"\1" * 1024)
        ran = project.run("--jobs", "2")
        verdict = _judge(place, project, ran, before)
        filler.unlink()
        return recover(place.store, project, verdict, inputs)


def _no_inodes(place: Place, spare: int) -> Verdict:
    if not can_mount():
        return NO_MOUNT
    with mounted(place.folder / "disk", "-o", "size=200m,nr_inodes=20000") as disk:
        project = place.built("disk/project")
        project.replace("notebooks/01-clean.ipynb", "made up", "drawn up")
        inputs, before = project.inputs(), project.products()
        filler = disk / "filler"
        filler.mkdir()
        for number in range(max(os.statvfs(disk).f_ffree - spare, 0)):
            (filler / str(number)).touch()
        ran = project.run("--jobs", "2")
        verdict = _judge(place, project, ran, before)
        shutil.rmtree(filler)
        return recover(place.store, project, verdict, inputs)


def _full_temporary(place: Place, size: int) -> Verdict:
    if not can_mount():
        return NO_MOUNT
    project = edited(place)
    inputs, before = project.inputs(), project.products()
    with mounted(place.folder / "t", "-o", f"size={size}k") as disk:
        ran = project.run("--jobs", "2", extra={"TMPDIR": str(disk)})
        verdict = _judge(place, project, ran, before)
    return recover(place.store, project, verdict, inputs)


def _limited(place: Place, size: int) -> Verdict:
    project = edited(place)
    inputs, before = project.inputs(), project.products()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size << 10, size << 10))

    # What it says goes to a pipe, since the limit would hold for the file too.
    ran = project.run("--jobs", "2", before=limit)
    verdict = _judge(place, project, ran, before)
    return recover(place.store, project, verdict, inputs)


def _read_only(place: Place, name: str) -> Verdict:
    project = edited(place)
    inputs, before = project.inputs(), project.products()
    folder = project.root / name
    folder.mkdir(parents=True, exist_ok=True)
    if can_mount():
        bind = ["mount", "--bind", str(folder), str(folder)]
        subprocess.run(bind, check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        try:
            ran = project.run("--jobs", "2")
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    elif os.geteuid() == 0:
        return Verdict(skipped="root may write everywhere, and this one may not mount")
    else:
        mode = folder.stat().st_mode
        folder.chmod(0o555)
        try:
            ran = project.run("--jobs", "2")
        finally:
            folder.chmod(mode)
    verdict = _judge(place, project, ran, before)
    return recover(place.store, project, verdict, inputs)


def _of_root(place: Place, name: str) -> Verdict:
    """Let another user run where root has left files."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or not setpriv:
        return Verdict(skipped="only root can leave files of root")
    project = edited(place)
    inputs, before = project.inputs(), project.products()
    nobody = 65534
    for path in [place.folder.parent, place.folder.parent / "store"]:
        path.chmod(path.stat().st_mode | 0o055)
    place.folder.chmod(0o777)
    for path in [project.root, *project.root.rglob("*")]:
        os.chown(path, nobody, nobody, follow_symlinks=False)
    mine = project.root / name
    for path in [mine, *mine.rglob("*")]:
        os.chown(path, 0, 0)
        path.chmod(0o755 if path.is_dir() else 0o644)
    home = place.folder / "home"
    home.mkdir()
    os.chown(home, nobody, nobody)
    wrapper = [setpriv, f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"]
    ran = project.run(
        "--jobs", "2", wrapper=wrapper, extra={"HOME": str(home), "TMPDIR": str(home)}
    )
    verdict = _judge(place, project, ran, before)
    return recover(place.store, project, verdict, inputs)

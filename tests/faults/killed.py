"""Processes that are killed, stopped, held or starved at random moments."""

import random
import resource
import signal
from collections.abc import Callable

from tiny import Place, Project, Running, Try, Verdict, differ, recover

Stop = Callable[[Running], int | None]


def edited(place: Place) -> Project:
    """Return a built project of which one cell was edited, so that much must run again."""
    project = place.built()
    project.replace("notebooks/01-clean.ipynb", "made up", "drawn up")
    return project


def _moment(place: Place, share: float, cold: bool) -> float:
    """Return a moment within a run, in seconds; ``share`` is where, from 0 to 1."""
    return 0.1 + share * place.store.cold_seconds * (1.0 if cold else 0.9)


def _stopped(place: Place, share: float, jobs: int, stop: Stop, codes: set[int]) -> Verdict:
    """Stop a run at a moment, look at what is left, and run again."""
    cold = place.random.random() < 0.5
    project = place.new() if cold else edited(place)
    inputs = project.inputs()
    running = project.start("--jobs", str(jobs))
    verdict = Verdict()
    ended = not running.sleep(_moment(place, share, cold))
    if not ended:
        stop(running)
    ran = running.wait(30 if not ended else 150)
    left = running.orphans()
    if ran.code is None:
        verdict.wrong = "it did not end within 30 s"
    elif ran.code == 0:
        if differ(place.store.expected(project), project.products()):
            verdict.wrong = f"exit 0, though it was stopped: {ran.last}"
    elif codes and ran.code not in codes:
        verdict.wrong = f"exit {ran.code}, expected {' or '.join(map(str, sorted(codes)))}"
    if ran.code != 0 and "nothing had changed" in ran.out:
        verdict.wrong = "it said that nothing had changed"
    if left and not verdict.wrong:
        verdict.wrong = left
    if codes and ran.code != 0:
        verdict.sentence = len(ran.said) <= 2 and not ran.traceback
        verdict.note = ran.last
    verdict.traceback = ran.traceback
    return recover(place.store, project, verdict, inputs)


def _kill_group(running: Running) -> None:
    running.signal_group(signal.SIGKILL)


def _kill_main(running: Running) -> None:
    running.signal_main(signal.SIGKILL)


def kills(draw: random.Random, everything: bool) -> list[Try]:
    """Kill the group, the main process, a worker, a kernel, the mother of kernels."""
    tries = []
    for name, count, stop in (
        ("group", 20 if everything else 12, _kill_group),
        ("main process", 6 if everything else 2, _kill_main),
    ):
        for number in range(count):
            share, jobs = (number + draw.random()) / count, 1 + number % 2
            tries.append(
                Try(
                    "kills",
                    f"kill -9 of the {name} at {share:.2f} of a run, {jobs} at once",
                    lambda place, s=share, j=jobs, stop=stop: _stopped(place, s, j, stop, set()),
                    str(draw.random()),
                )
            )
    for what in ("kernel", "mother", "worker"):
        for number in range(6 if everything else 2):
            tries.append(
                Try(
                    "kills",
                    f"kill -9 of a {what} ({number + 1})",
                    lambda place, what=what: _part_killed(place, what),
                    str(draw.random()),
                )
            )
    return tries


def _part_killed(place: Place, what: str) -> Verdict:
    project = edited(place)
    inputs, before = project.inputs(), project.products()
    running = project.start("--jobs", "2")
    part = running.find(what)
    if part:
        running.sleep(place.random.random())
        part.send(signal.SIGKILL)
    ran = running.wait(90)
    left = running.orphans()
    verdict = Verdict(traceback=ran.traceback)
    if ran.code is None:
        verdict.wrong = "it waited for a killed process for ever"
    elif ran.code == 0:
        if differ(place.store.expected(project), project.products()):
            verdict.wrong = f"exit 0: {ran.last}"
    else:
        verdict.sentence, verdict.note = ran.sentence, ran.last
        if gone := sorted(set(before) - set(project.products())):
            verdict.lost = f"{len(gone)} files are gone, such as {gone[0]}"
    verdict.wrong = verdict.wrong or left
    return recover(place.store, project, verdict, inputs)


SIGNALS = {
    "Ctrl-C": (lambda running: running.signal_group(signal.SIGINT), {130}),
    "SIGTERM": (lambda running: running.signal_main(signal.SIGTERM), {143}),
    "SIGTERM to the group": (lambda running: running.signal_group(signal.SIGTERM), {143}),
    "SIGHUP": (lambda running: running.signal_group(signal.SIGHUP), {129}),
}


def signals(draw: random.Random, everything: bool) -> list[Try]:
    """Ask the command to stop, at random moments, with one and two workers."""
    tries = []
    count = 8 if everything else 2
    for name, (stop, codes) in SIGNALS.items():
        for number in range(count):
            share, jobs = (number + draw.random()) / count * 0.8, 1 + number % 2
            # A signal that comes before the program can catch it ends it by the number.
            both = codes | {128 - code for code in codes}
            tries.append(
                Try(
                    "signals",
                    f"{name} at {share:.2f} of a run, {jobs} at once",
                    lambda place, s=share, j=jobs, stop=stop, codes=both: _stopped(
                        place, s, j, stop, codes
                    ),
                    str(draw.random()),
                )
            )
    return tries


def held(draw: random.Random, everything: bool) -> list[Try]:
    """Hold processes for a while, and give too little memory."""
    tries = []
    for what in ("main process", "kernel", "worker"):
        for number in range(3 if everything else 1):
            tries.append(
                Try(
                    "held",
                    f"SIGSTOP and SIGCONT of the {what} ({number + 1})",
                    lambda place, what=what: _held(place, what),
                    str(draw.random()),
                )
            )
    sizes = [300, 600, 900, 1200, 1600, 2000] if everything else [400, 900, 1500]
    for size in sizes:
        megabytes = size + draw.randrange(100)
        tries.append(
            Try(
                "held",
                f"{megabytes} MB of address space",
                lambda place, m=megabytes: _starved(place, m),
                str(draw.random()),
            )
        )
    return tries


def _held(place: Place, what: str) -> Verdict:
    project = edited(place)
    inputs = project.inputs()
    running = project.start("--jobs", "2")
    running.sleep(0.3 + place.random.random())
    if what != "main process":
        part = running.find(what)
        if part:
            part.send(signal.SIGSTOP)
            running.sleep(4)
            part.send(signal.SIGCONT)
    else:
        running.signal_main(signal.SIGSTOP)
        running.sleep(4)
        running.signal_main(signal.SIGCONT)
    ran = running.wait()
    verdict = Verdict(traceback=ran.traceback)
    if ran.code != 0:
        verdict.wrong = f"exit {ran.code} after it was held for 4 s: {ran.last}"
    elif said := differ(place.store.expected(project), project.products()):
        verdict.wrong = said
    verdict.wrong = verdict.wrong or running.orphans()
    return recover(place.store, project, verdict, inputs)


def _starved(place: Place, megabytes: int) -> Verdict:
    project = edited(place)
    inputs, before = project.inputs(), project.products()
    limit = megabytes << 20

    def starve() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    running = project.start(before=starve)
    ran = running.wait(90)
    verdict = Verdict(traceback=ran.traceback)
    if ran.code is None:
        verdict.wrong = "it did not end within 90 s"
    elif ran.code == 0:
        verdict.wrong = differ(place.store.expected(project), project.products())
    else:
        verdict.sentence, verdict.note = ran.sentence, ran.last
        if gone := sorted(set(before) - set(project.products())):
            verdict.lost = f"{len(gone)} files are gone, such as {gone[0]}"
    verdict.wrong = verdict.wrong or running.orphans()
    return recover(place.store, project, verdict, inputs)

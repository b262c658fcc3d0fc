"""Products of stages and of the book that somebody edits, deletes or adds."""

import random
from pathlib import Path

from tiny import Place, Project, Try, Verdict, differ

WAYS = ("edited", "cut short", "emptied", "deleted", "swapped with another")


def products(draw: random.Random, everything: bool) -> list[Try]:
    """Alter products one at a time; what is chosen covers every folder and ending."""
    tries = []
    count = 120 if everything else 12
    for number in range(count):
        where = ("processed", "html")[number % 2]
        way = "added" if number % 7 == 6 else draw.choice(WAYS)
        tries.append(
            Try(
                "products",
                f"a file of {where} {way} ({number + 1})",
                lambda place, where=where, way=way: _altered(place, where, way),
                str(draw.random()),
            )
        )
    return tries


def _choose(place: Place, project: Project, where: str) -> Path:
    """Draw a folder and an ending first, so that pictures do not crowd out pages."""
    top = {"processed": project.processed, "html": project.html}[where]
    kinds: dict[tuple[str, str], list[Path]] = {}
    for name in project.products():
        path = project.root / name.lstrip("/")
        if path.is_relative_to(top):
            kinds.setdefault((path.parent.name[:12], path.suffix), []).append(path)
    return place.random.choice(kinds[place.random.choice(sorted(kinds))])


def _altered(place: Place, where: str, way: str) -> Verdict:
    project = place.built()
    chosen = _choose(place, project, where)
    added = ""
    if way == "edited":
        blob = bytearray(chosen.read_bytes() or b"\0")
        blob[place.random.randrange(len(blob))] ^= 1 << place.random.randrange(8)
        chosen.write_bytes(blob)
    elif way == "cut short":
        blob = chosen.read_bytes()
        chosen.write_bytes(blob[: place.random.randrange(len(blob) or 1)])
    elif way == "emptied":
        chosen.write_bytes(b"")
    elif way == "deleted":
        chosen.unlink()
    elif way == "swapped with another":
        other = _choose(place, project, where)
        one, two = chosen.read_bytes(), other.read_bytes()
        chosen.write_bytes(two)
        other.write_bytes(one)
    else:
        new = chosen.with_name(f"added-{place.random.randrange(1000)}{chosen.suffix}")
        new.write_bytes(chosen.read_bytes())
        added = f"/{new.relative_to(project.root).as_posix()}"
    ran = project.run("--jobs", "1")
    name = chosen.relative_to(project.root).as_posix()
    verdict = Verdict(traceback=ran.traceback, note=f"{name}: {ran.last}")
    found = project.products()
    if where == "processed" and added:  # beside the outputs it misleads nobody; in the book it does
        found.pop(added, None)
    expected = place.store.expected(project)
    if ran.code == 0:
        verdict.recovered = found == expected
        if not verdict.recovered:
            verdict.wrong = f"{name} {way}: exit 0, {differ(expected, found)}"
        return verdict
    verdict.sentence = ran.sentence
    again = project.run("--jobs", "1")
    verdict.recovered = again.code == 0 and project.products() == expected
    if not verdict.recovered:
        verdict.lost = f"{name} {way}: no re-run mends it: {again.last}"
    return verdict

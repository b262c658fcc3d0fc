"""Publishers' files that are damaged: each refused by its reader, or the same table."""

import functools
import random

from tiny import Place, Try, Verdict

OFTEN = 20  # one in so many is tried in the suite of 15 minutes


def readers(draw: random.Random, everything: bool) -> list[Try]:
    """Return a try for each damage to the file of each command."""
    import publishers

    tries = []
    for label, made in publishers.every().items():
        seed = draw.randrange(2**32)
        named = list(publishers.damages(made, random.Random(seed)))
        kept = named if everything else draw.sample(named, len(named) // OFTEN)
        tries += [
            Try("readers", f"{label}: {what}", functools.partial(_act, label, data), str(seed))
            for what, data in kept
        ]
    return tries


@functools.cache
def _sound(label: str) -> str:
    import publishers

    return publishers.sound_table(publishers.every()[label])


def _act(label: str, data: bytes, place: Place) -> Verdict:
    """Give the file to its reader."""
    import publishers

    found = publishers.fault(publishers.every()[label], data, _sound(label))
    verdict = Verdict(sentence=True, note=found)
    if found.startswith("silent"):
        verdict.wrong = found
    elif found:
        verdict.sentence, verdict.traceback = False, found.startswith("traceback")
    return verdict

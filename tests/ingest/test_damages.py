"""A few damages to the file of every command; ``make faults`` tries them all."""

import random

import publishers
import pytest

FILES = publishers.every()
TRIED = 3


@pytest.mark.parametrize("label", FILES)
def test_a_damaged_file_is_one_sentence_or_the_same_table(label):
    made, draw = FILES[label], random.Random(label)
    sound = publishers.sound_table(made)
    drawn = draw.sample(list(publishers.damages(made, draw)), TRIED)
    assert {what: publishers.fault(made, data, sound) for what, data in drawn} == {
        what: "" for what, _ in drawn
    }


@pytest.mark.parametrize("label", FILES)
def test_each_file_has_enough_damages(label):
    names = [what for what, _ in publishers.damages(FILES[label], random.Random(1))]
    assert len(names) >= 25 and len(names) == len(set(names))


def test_every_command_has_a_file():
    from helpers.cli.ingest import COMMANDS

    assert {made.command for made in FILES.values()} == set(COMMANDS)

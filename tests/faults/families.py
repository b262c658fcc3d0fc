"""The families of faults by name; each draws its tries from a generator."""

import random
from collections.abc import Callable

from cells import cells
from descriptions import descriptions
from hostile import edits, hostile, success
from killed import held, kills, signals
from places import disks, together
from products import products
from readers import readers
from suites import suites
from surroundings import surroundings
from tables import tables
from tiny import Try

FAMILIES: dict[str, Callable[[random.Random, bool], list[Try]]] = {
    "success": success,
    "kills": kills,
    "signals": signals,
    "held": held,
    "together": together,
    "disks": disks,
    "tables": tables,
    "readers": readers,
    "products": products,
    "edits": edits,
    "surroundings": surroundings,
    "cells": cells,
    "descriptions": descriptions,
    "hostile": hostile,
    "suites": suites,
}

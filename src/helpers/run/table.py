"""The stage table: which notebook reads and writes what. Nothing else knows the order."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean

RAW_ENDINGS = (".csv", ".yml", ".geojson")
RESULTS = "results"  # among the inputs: what all stages before recorded


class Window(BaseModel):
    """The months that every stage needs."""

    model_config = ConfigDict(extra="forbid")
    first: str = Field(pattern=r"^\d{4}-\d{2}$")
    last: str = Field(pattern=r"^\d{4}-\d{2}$")


class StageEntry(BaseModel):
    """One notebook with its inputs and outputs, by name."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(pattern=r"^\d\d-[a-z0-9-]+$")
    reads: list[str]
    writes: list[str]

    @property
    def notebook(self) -> Path:
        return paths.NOTEBOOKS / f"{self.name}.ipynb"

    @property
    def raw(self) -> list[Path]:
        """The raw tables among the inputs."""
        return [paths.RAW / name for name in self.reads if name.endswith(RAW_ENDINGS)]

    @property
    def processed(self) -> list[str]:
        """The processed tables among the inputs, by name."""
        return [name for name in self.reads if not name.endswith(RAW_ENDINGS) and name != RESULTS]


class StageTable(BaseModel):
    """All stages in the order in which they stand."""

    model_config = ConfigDict(extra="forbid")
    window: Window
    stage: list[StageEntry]

    def __getitem__(self, name: str) -> StageEntry:
        for entry in self.stage:
            if entry.name == name:
                return entry
        known = [entry.name for entry in self.stage]
        raise InputError(f"stages.toml has no stage '{name}'" + did_you_mean(name, known))

    def before(self, entry: StageEntry) -> list[StageEntry]:
        """The stages whose results ``entry`` reads: all before it when it asks for them, else none."""
        return self.stage[: self.stage.index(entry)] if RESULTS in entry.reads else []


def read_stages(path: Path | None = None) -> StageTable:
    """Read the stage table; :class:`InputError` where a stage reads what no earlier one writes."""
    path = path or paths.STAGES
    try:
        table = StageTable.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise InputError(f"{path.name}: {' '.join(str(error).split())}") from None
    written: dict[str, str] = {}
    for entry in table.stage:
        for name in entry.processed:
            if name not in written:
                raise InputError(
                    f"{path.name}, stage '{entry.name}': no earlier stage writes '{name}'"
                    + did_you_mean(name, written)
                )
        if RESULTS in entry.writes:
            raise InputError(
                f"{path.name}, stage '{entry.name}': '{RESULTS}' is what stages record, no table to write"
            )
        for name in entry.writes:
            if name in written:
                raise InputError(
                    f"{path.name}: both '{written[name]}' and '{entry.name}' write '{name}'"
                )
            written[name] = entry.name
    return table


def raw_tables(table: StageTable) -> list[Path]:
    """Return every raw table that some stage reads, once, in order."""
    return list(dict.fromkeys(path for entry in table.stage for path in entry.raw))

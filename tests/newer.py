"""A made-up file of single events that goes on after the one at hand, in GED's layout.

The events up to the last year at hand are the table's own, each row taken apart. The later ones are
invented, but their months hold as many events and deaths of each type as the table of months does,
and their provinces share them as in the table of provinces.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.base import paths
from helpers.raw.contract import load

RELEASE = "26.1"
OLD, NEW = "Federally Administered Tribal Areas", "Khyber Pakhtunkwa province"
BALOCHISTAN = "Balochistan province"
CODED_APART = 2022  # the last year in which the publisher codes the tribal areas apart
TYPES = {"state-based": 1, "non-state": 2, "one-sided": 3}
DEAD = ["deaths_a", "deaths_b", "civilians", "deaths_unknown"]
SPELT = {"civilians": "deaths_civilians", "deaths_best": "best", "deaths_low": "low"}
SPELT |= {"deaths_high": "high", "province": "adm_1", "district": "adm_2", "dyad": "dyad_name"}
# Districts of the former agencies as the publisher writes them since it codes them in the province.
RENAMED = ["Bajaur", "Khyber", "Kurram", "Mohmand", "North Waziristan", "Orakzai"]
RENAMED += ["Lower South Waziristan", "Upper South Waziristan"]
SIDES = {
    ("state-based", False): ("Government of Pakistan", "TTP"),
    ("state-based", True): ("Government of Pakistan", "BRAS"),
    ("non-state", False): ("Shia (Pakistan)", "Sunni (Pakistan)"),
    ("non-state", True): ("BLA", "BLF"),
    ("one-sided", False): ("TTP", "Civilians"),
    ("one-sided", True): ("BRAS", "Civilians"),
}


def shared(total: int, parts: int, generator: np.random.Generator) -> np.ndarray:
    """Return a total dealt to parts, a few of which get most of it."""
    weights = generator.gamma(0.6, size=parts) + 1e-9
    return generator.multinomial(total, weights / weights.sum())


def taken_apart(table: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    """Return one row an event, of rows that sum several."""
    events = table.loc[table.index.repeat(table["events"])].reset_index(drop=True)
    numbers = table["events"].to_numpy()
    for name in [*DEAD, "under", "over"]:
        given = {
            "under": table["deaths_best"] - table["deaths_low"],
            "over": table["deaths_high"] - table["deaths_best"],
        }.get(name, table.get(name))
        dealt = [shared(max(int(one), 0), n, generator) for one, n in zip(given, numbers)]
        events[name] = np.concatenate(dealt)
    events["deaths_best"] = events[DEAD].sum(axis=1)
    events["deaths_low"] = (events["deaths_best"] - events["under"]).clip(lower=0)
    events["deaths_high"] = events["deaths_best"] + events["over"]
    return events.drop(columns=["under", "over"])


def invented(first: int, generator: np.random.Generator) -> pd.DataFrame:
    """Return sums by month, place and type from a year on, of invented events."""
    months, country = load(paths.RAW / "country_month.csv"), _country()
    ours = months[(months["country"] == country) & (months["version"] == RELEASE)]
    states = _between_states(country)
    provinces, districts = load(paths.RAW / "province_month.csv"), _districts()
    weights = provinces[provinces["country"] == country].groupby(["year", "province"])["events"]
    weights = weights.sum().unstack(fill_value=0)
    rows = []
    for one in ours[ours["year"] >= first].itertuples():
        weight = weights.loc[min(one.year, weights.index.max())]
        for kind in TYPES:
            told = kind.replace("-", "_")
            n = int(getattr(one, f"events_{told}"))
            dead = shared(int(getattr(one, f"deaths_{told}")), n, generator) if n else []
            where = generator.choice(weight.index, size=n, p=weight / weight.sum())
            pairs = states.get((one.year, one.month), []) if kind == "state-based" else []
            sides = [*pairs[: n // 2], *[None] * n]
            for place, killed, pair in zip(where, dead, sides):
                at = (one.year, one.month)
                rows.append(_event(at, kind, place, killed, districts, generator, pair))
    return pd.DataFrame(rows)


def _between_states(country: str) -> dict[tuple[int, int], list[tuple[str, str]]]:
    """Return by year and month the two governments of each event between states."""
    dyads, found = load(paths.RAW / "group_month.csv"), {}
    sides = dyads["dyad"].str.split(" - ", expand=True, n=1).set_axis(["a", "b"], axis=1)
    ours = sides.apply(lambda one: one.str.startswith("Government of")).all(axis=1)
    ours &= sides.eq(f"Government of {country}").any(axis=1) & (dyads["version"] == RELEASE)
    for row in dyads[ours].join(sides).itertuples():
        found.setdefault((row.year, row.month), []).extend([(row.a, row.b)] * int(row.events))
    return found


def _event(at, kind, place, killed, districts, generator, pair) -> dict:
    """Return an invented event."""
    year, month = at
    known = districts["old" if year <= CODED_APART else "new"].get(place, [None])
    a, b = pair or SIDES[kind, place == BALOCHISTAN]
    parts = {"state-based": [0.4, 0.5, 0.1, 0], "non-state": [0.5, 0.5, 0, 0]}
    dealt = generator.multinomial(killed, parts.get(kind, [0, 0, 1, 0]))
    return {
        "year": year,
        "month": month,
        "province": place,
        "district": generator.choice(known),
        "type_of_violence": kind,
        "dyad": f"{a} - {b}",
        "side_a": a,
        "side_b": b,
        **dict(zip(DEAD, dealt)),
        "deaths_best": killed,
        "deaths_low": killed,
        "deaths_high": killed + 1,
    }


def _country() -> str:
    from publishers import COUNTRY

    return COUNTRY


def _districts() -> dict[str, dict[str, list[str]]]:
    """Return the districts of each province as the publisher spells them, before and since."""
    events = load(paths.RAW / "pakistan_events.csv").dropna(subset=["district"])
    recent = events[events["year"] >= events["year"].max() - 6]
    old = {name: sorted(part.unique()) for name, part in recent.groupby("province")["district"]}
    new = {name: list(part) for name, part in old.items() if name != OLD}
    new[NEW] = new[NEW] + [f"{name} district" for name in RENAMED]
    return {"old": old, "new": new}


def _points(events: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return latitude and longitude of each event: of its district, else of the whole country."""
    places = load(paths.RAW / "places.csv")
    places = places[(places["level"] == "district") & places["latitude"].notna()]
    of_name = places.drop_duplicates("name").set_index("name")[["latitude", "longitude"]]
    by_spelling = load(paths.RAW / "places.csv").query("level == 'district'")
    name = by_spelling.drop_duplicates("spelling").set_index("spelling")["name"]
    found = of_name.reindex(events["district"].map(name)).fillna(of_name.mean())
    return tuple(found[one].set_axis(events.index) for one in of_name)


def in_layout(events: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    """Return events in the publisher's columns, as text."""
    start = pd.to_datetime(
        {"year": events["year"], "month": events["month"].fillna(1).astype(int), "day": 1}
    )
    days = pd.to_timedelta(generator.integers(0, 28, len(events)), unit="D")
    across = events["month"].isna()
    start = start.where(across, start + days)
    end = start.where(~across, pd.to_datetime(events["year"].astype(str) + "-12-31"))
    dyads = {name: 20000 + at for at, name in enumerate(sorted(events["dyad"].unique()))}
    north, east = _points(events)
    told = events.rename(columns=SPELT).assign(
        id=np.arange(1, len(events) + 1) + 600000,
        relid=[f"PAK-{at}" for at in range(len(events))],
        active_year=1,
        code_status="Clear",
        type_of_violence=events["type_of_violence"].map(TYPES),
        dyad_new_id=events["dyad"].map(dyads),
        number_of_sources=1,
        where_prec=events["district"].notna().map({True: 2, False: 5}),
        latitude=north.round(3),
        longitude=east.round(3),
        priogrid_gid=((north + 90) // 0.5).astype(int) * 720
        + ((east + 180) // 0.5).astype(int)
        + 1,
        country=_country(),
        country_id=770,
        region="Asia",
        event_clarity=1,
        date_prec=across.map({True: 5, False: 1}),
        date_start=start.dt.strftime("%Y-%m-%d 00:00:00.000"),
        date_end=end.dt.strftime("%Y-%m-%d 00:00:00.000"),
    )
    return told.drop(columns=["month", "events", "deaths_squared"], errors="ignore")


def events(generator: np.random.Generator) -> pd.DataFrame:
    """Return the made-up events."""
    held = load(paths.RAW / "pakistan_events.csv")
    later = invented(int(held["year"].max()) + 1, generator)
    every = pd.concat([taken_apart(held, generator), later], ignore_index=True)
    return in_layout(every, generator)


def write(folder: Path, seed: int = 1) -> Path:
    """Write the file as the publisher names it."""
    path = folder / f"GEDEvent_v{RELEASE.replace('.', '_')}.csv"
    events(np.random.default_rng(seed)).to_csv(path, index=False)
    return path


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))

"""What was recorded of each country, as one row each."""

import pandas as pd

PREFIX = "profile."
COLUMNS = [
    "name",
    "last_year",
    "deaths",
    "events",
    "deaths_before",
    "per_event",
    "change",
    "change_low",
    "change_high",
    "log_change",
    "log_change_error",
    "break_p",
    "break_month",
    "skill",
    "next_year",
]
WORDS = ("name", "break_month")
CHAPTER = "21-profile"


def one_row_each(recorded: pd.DataFrame) -> pd.DataFrame:
    """Return what was recorded of each country in one row.

    Parameters
    ----------
    recorded : pandas.DataFrame, one row a country and key
        As of :func:`helpers.run.results.profiles`.

    Returns
    -------
    pandas.DataFrame, index ``country``, sorted
        ``place``, and the columns of :data:`COLUMNS` less the name: ``change_low`` and
        ``change_high`` are the ends of the interval; missing where a country has no such result.

    Examples
    --------
    >>> rows = {"place": "a", "key": ["profile.name", "profile.deaths"], "word": ["A", ""]}
    >>> table = pd.DataFrame(rows).assign(value=[None, 4.0], low=float("nan"), high=float("nan"))
    >>> one_row_each(table)[["place", "deaths"]].to_dict("index")
    {'A': {'place': 'a', 'deaths': 4.0}}
    """
    rows = recorded.assign(key=recorded["key"].str.removeprefix(PREFIX))
    wide = rows.pivot(index="place", columns="key", values="value")
    words = rows.pivot(index="place", columns="key", values="word")
    for name in WORDS:
        if name in words:
            wide[name] = words[name]
    change = rows[rows["key"] == "change"].set_index("place")
    wide["change_low"], wide["change_high"] = change["low"], change["high"]
    found = wide.reindex(columns=COLUMNS).reset_index()
    numeric = [name for name in COLUMNS if name not in WORDS]
    found = found.astype(dict.fromkeys(numeric, "float64"))
    return found.set_index("name").rename_axis("country").sort_index()


def listed(table: pd.DataFrame, drawn: pd.DataFrame, least: float = 0.05) -> pd.DataFrame:
    """Return the countries as the comparison shows them.

    Parameters
    ----------
    table : pandas.DataFrame, index ``country``
        As of :func:`one_row_each`, and ``break_p`` as it is to be judged.
    drawn : pandas.DataFrame, index ``country``
        ``value``: the change of each country drawn together with the others.
    least : float, default 0.05
        The p-value below which a break is named.

    Returns
    -------
    pandas.DataFrame
        One row a country that had deaths, most first.

    Examples
    --------
    >>> columns = ["place", *COLUMNS[1:]]
    >>> table = pd.DataFrame([["a", *[1.0] * 14]], ["A"], columns).rename_axis("country")
    >>> listed(table, pd.DataFrame({"value": [2.0]}, ["A"]))["drawn together"].tolist()
    [2.0]
    """
    rows = table[table["deaths"] > 0].sort_values("deaths", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "country": rows.index,
            "deaths": rows["deaths"],
            "per event": rows["per_event"],
            "change": rows["change"],
            "drawn together": drawn["value"].reindex(rows.index),
            "break": rows["break_month"].where(rows["break_p"] < least),
            "skill": rows["skill"],
            "next year": rows["next_year"],
            "place": rows["place"],
        }
    ).reset_index(drop=True)


def label(place: str) -> str:
    """Return the label of the page of a country in the book of a sweep.

    Parameters
    ----------
    place : str
        Its folder, as of :func:`helpers.run.results.profiles`.

    Returns
    -------
    str
        That of the first cell of the page.

    Examples
    --------
    >>> label("grand_fenwick")
    'cell-grand-fenwick-21-profile-1'
    """
    return f"cell-{place.replace('_', '-')}-{CHAPTER}-1"

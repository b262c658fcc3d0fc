"""Facts of the UCDP commands, which build from tables summed by others or from events."""

import pandas as pd

from helpers.base.models import Strict
from helpers.base.names import as_slug
from helpers.ingest.facts import CountryFacts, Facts
from helpers.ingest.ucdp_sums import spans
from helpers.raw.rules import Sums
from helpers.raw.sidecar import Column, Sidecar


class EventWords(Strict):
    """What a sidecar says otherwise when its table is built from events.

    Attributes
    ----------
    version, built_by : str
        As in :class:`~helpers.ingest.facts.About`; figures in braces are filled in.
    notes : list of str
        What a reader must know.
    notes_of : dict of str to list of str
        Country to what only its readers must know.
    """

    version: str
    built_by: str
    notes: list[str]
    notes_of: dict[str, list[str]] = {}


class OwnWords(Strict):
    """What the sidecar of a country's events says when they come from a researcher's own file.

    Attributes
    ----------
    table, title, description, built_by : str
        As in the facts; {country} and {place}, its name as a part of a file's, are filled in.
    notes : list of str
        What a reader must know.
    """

    table: str
    title: str
    description: str
    built_by: str
    notes: list[str]


class EventsFacts(CountryFacts):
    """Facts of a command that takes the events of one country out of a file.

    Attributes
    ----------
    own : OwnWords
        What is said instead of a researcher's own file, of whichever country.
    """

    own: OwnWords

    def of_file(self, country: str, date: str) -> Facts:
        """Return the facts of a researcher's own file.

        Parameters
        ----------
        country : str
            As UCDP spells it.
        date : str
            Day on which the file was fetched, YYYY-MM-DD.

        Returns
        -------
        Facts
            Of that country; rules that name the tables beside it name its own.
        """
        place, here = as_slug(country), as_slug(self.country)
        rules = [
            rule.model_copy(update={"of": rule.of.replace(here, place, 1)})
            if isinstance(rule, Sums)
            else rule
            for rule in self.about.rules
        ]
        words = self.own.model_dump(exclude={"table"})
        about = self.about.model_copy(update=words | {"date_accessed": date, "rules": rules})
        table = self.own.table.format(place=place)
        return Facts(table=table, about=about, country=country)


class UcdpFacts(Facts):
    """Facts of a command that reads tables or events.

    Attributes
    ----------
    events : EventWords
        The words of the sidecar of a table built from events.
    """

    events: EventWords

    def of_events(
        self, key: list[str], columns: dict[str, Column], events: pd.DataFrame
    ) -> Sidecar:
        """Return the sidecar of a table built from events, not yet stamped.

        Parameters
        ----------
        key : list of str
            Columns that identify a row.
        columns : dict of str to Column
            The columns in the order of the table.
        events : pandas.DataFrame
            The events it is built from.

        Returns
        -------
        Sidecar
            With the figures ``version`` (releases), ``spans``, ``n_events``, ``deaths`` and
            ``n_odd``, the events whose low estimate exceeds the high one.
        """
        about = self.about.model_copy(update=self.events.model_dump())
        return self.model_copy(update={"about": about}).sidecar(
            key,
            columns,
            version=", ".join(sorted(events["release"].unique())),
            spans=spans(events),
            n_events=f"{len(events):,}",
            deaths=f"{events['deaths_best'].sum():,}",
            n_odd=f"{(events['deaths_low'] > events['deaths_high']).sum():,}",
        )

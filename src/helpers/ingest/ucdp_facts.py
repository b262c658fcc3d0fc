"""Facts of the UCDP commands, which build from tables summed by others or from events."""

import pandas as pd

from helpers.base.models import Strict
from helpers.ingest.facts import Facts
from helpers.ingest.ucdp_sums import spans
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

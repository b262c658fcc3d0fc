"""What a licence that forbids to pass rows on lets one show of them: sums, and of what."""

from pydantic import Field

from helpers.base.models import Strict

PERIODS = ("day", "month", "year")  # what a date may be cut to, beside the names of columns


class Aggregates(Strict):
    """Sums that may be passed on where rows may not.

    Attributes
    ----------
    by : list of str
        What they may be by: names of columns, and of ``day``, ``month`` and ``year`` the finest
        that is allowed.
    least : int
        How many events each must be of, at least.
    of : str
        The column that says how many events a row is of; where none is named, a row is one.

    Examples
    --------
    >>> allowed = Aggregates(by=["country", "month"])
    >>> allowed.least, allowed.period()
    (3, 'month')
    """

    by: list[str] = Field(min_length=1)
    least: int = Field(3, ge=1)
    of: str = ""

    def period(self) -> str:
        """Return the finest period that is allowed.

        Returns
        -------
        str
            One of :data:`PERIODS`; empty where none is.
        """
        return next((one for one in PERIODS if one in self.by), "")

    def told(self) -> str:
        """Return in words what may be shown.

        Returns
        -------
        str
            A part of a sentence.
        """
        return f"sums by {', '.join(self.by)}, of at least {self.least} each"

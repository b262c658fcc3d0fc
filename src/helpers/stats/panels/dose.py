"""What follows a dose, and what came before it, in places whose counts have memory.

A dose that is given where there is more to treat is no experiment. So the same ratio is asked
forwards and backwards, and worlds without an effect say how often it would be found all the same:
one in which dose and counts have nothing in common, one in which a shared shock drives both (a wave
of violence, or of reporting), and one in which the dose answers the count of its period.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, positive, regular, whole
from helpers.stats.counts.negbin import fit_quasi_poisson
from helpers.stats.estimate import Estimate

START = 0.5  # added to counts before their logarithm
LEAST = 12  # pairs of periods
MOST = 15.0  # log mean that is still drawn
HIGHEST_RHO = 0.95


def following(dose: pd.DataFrame, counts: pd.DataFrame, after: int = 1) -> Estimate:
    """Return by what factor counts differ some periods after a dose that is twice as large.

    Each place has a level of its own, and what was counted before is held: the count of the dose's
    own period where the counts come after it, and that of the period before the counts where they
    come before it. The variance is that of Poisson times what the residuals show.

    Parameters
    ----------
    dose, counts : pandas.DataFrame of int, shape (n, places), same regular index and columns
        Missing where nothing was printed; such periods take no part.
    after : int, default 1
        Periods from the dose to the counts, not 0; below 0 the counts come first, and no effect
        of the dose can be meant.

    Returns
    -------
    Estimate
        Ratio of the counts for a doubling of the dose, with interval and p-value of Student's t;
        ``n`` pairs. Half a unit is added before a logarithm, so zeros take part.

    Raises
    ------
    InputError
        The tables differ, ``after`` is 0, fewer than 12 pairs are left, a number is no count, or
        the dose does not vary.

    Examples
    --------
    Counts that halve whenever the dose doubles.

    >>> months = pd.period_range("2020-01", periods=40, freq="M")
    >>> dose = pd.DataFrame({"a": [8, 16, 32, 16] * 10}, months)
    >>> counts = (6400 / (dose + 0.5)).round().shift(1)
    >>> round(following(dose, counts).value, 2)
    0.5
    """
    from scipy.stats import t as student

    rows = _pairs(dose, counts, after)
    columns = {f"level {place:g}": rows["place"] == place for place in rows["place"].unique()}
    columns |= {"dose": np.log2(rows["dose"] + START), "held": np.log(rows["held"] + START)}
    design = pd.DataFrame(columns).astype("float64")
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise InputError("the dose does not vary beside the levels and the counts before")
    fit = fit_quasi_poisson(rows["count"], design)
    middle, error = float(fit.params["dose"]), float(fit.bse["dose"])
    free = len(rows) - design.shape[1]
    reach = student.ppf(0.975, free) * error
    low, value, high = np.exp([middle - reach, middle, middle + reach])
    p = float(2 * student.sf(abs(middle) / error, free))
    method = "quasi-Poisson, the count before held, levels of places"
    return Estimate(float(value), float(low), float(high), p, len(rows), method)


@dataclass(frozen=True)
class DoseWorld:
    """Doses and counts of places as they might have been.

    Attributes
    ----------
    places : mapping of str to Place
        By name: means and noise.
    dose, counts : pandas.DataFrame of bool, shape (n, places)
        Where something was printed.
    """

    places: dict[str, "Place"]
    dose: pd.DataFrame
    counts: pd.DataFrame

    def draw(
        self, ratio: float, generator: np.random.Generator
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return a dose and counts, which a doubling of the dose changes in the next period.

        Parameters
        ----------
        ratio : float
            Factor of the next count for a doubling of the dose, above 0; 1 for no effect.
        generator : numpy.random.Generator
            Source of the counts.

        Returns
        -------
        tuple of pandas.DataFrame of float, shape (n, places)
            Dose and counts, missing where the observed ones are.

        Raises
        ------
        InputError
            ``ratio`` is not above 0, or ``generator`` is a seed.
        """
        own, log = generator_of(generator), float(np.log2(positive(ratio, "the ratio")))
        pairs = [place.draw(log, len(self.dose), own) for place in self.places.values()]
        dose, counts = (
            pd.DataFrame(np.where(seen, np.column_stack(drawn), np.nan), seen.index, seen.columns)
            for seen, drawn in zip((self.dose, self.counts), zip(*pairs))
        )
        return dose, counts


@dataclass(frozen=True)
class Place:
    """The noise of one place, on the log scale.

    Attributes
    ----------
    level, dose_level : float
        Means of the logarithms of counts and dose.
    rho, sd, own : float
        Memory and spread of the latent wave behind the counts, and spread of a period's own.
    dose_rho, dose_sd : float
        Memory and spread of the dose's own part.
    shared : float
        By how much the dose follows the latent wave.
    answers : float
        By how much it follows the count of its period.
    """

    level: float
    dose_level: float
    rho: float
    sd: float
    own: float
    dose_rho: float
    dose_sd: float
    shared: float = 0.0
    answers: float = 0.0

    def draw(
        self, log: float, n: int, generator: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the dose and the counts of ``n`` periods.

        Parameters
        ----------
        log : float
            Logarithm to the base of two of the ratio that a doubling of the dose brings.
        n : int
            Periods.
        generator : numpy.random.Generator
            Source of the counts.

        Returns
        -------
        tuple of numpy.ndarray of float, shape (n,)
            Dose and counts.
        """
        wave = self.sd * _autoregression(self.rho, n, generator)
        about = self.dose_sd * _autoregression(self.dose_rho, n, generator)
        expected = self.level + wave + self.own * generator.standard_normal(n)
        dose, counts, moved = np.empty(n), np.empty(n), 0.0
        for at in range(n):
            counts[at] = generator.poisson(np.exp(min(expected[at] + moved, MOST)))
            seen = np.log(counts[at] + START) - self.level
            logs = self.dose_level + about[at] + self.shared * wave[at] + self.answers * seen
            dose[at] = generator.poisson(np.exp(min(logs, MOST)))
            moved = log * (np.log(dose[at] + START) - self.dose_level)
        return dose, counts


def dose_worlds(dose: pd.DataFrame, counts: pd.DataFrame) -> dict[str, DoseWorld]:
    """Return the worlds without an effect that a dose and counts may come from, fitted by moments.

    Parameters
    ----------
    dose, counts : pandas.DataFrame of int, shape (n, places)
        As of :func:`following`.

    Returns
    -------
    dict of str to DoseWorld
        ``apart``, ``common shock`` (all that the two have in common is a wave behind both) and
        ``answer`` (all of it is that the dose follows the count of its period).

    Raises
    ------
    InputError
        The tables differ, a number is no count, or a place has fewer than 12 printed pairs.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=40, freq="M")
    >>> dose = pd.DataFrame({"a": [8, 16, 32, 16] * 10}, months)
    >>> list(dose_worlds(dose, dose))
    ['apart', 'common shock', 'answer']
    """
    _alike(dose, counts)
    fitted = {str(name): _place(dose[name], counts[name]) for name in dose}
    printed = dose.notna(), counts.notna()
    kinds = zip(("apart", "common shock", "answer"), zip(*fitted.values()))
    return {kind: DoseWorld(dict(zip(fitted, places)), *printed) for kind, places in kinds}


def _alike(dose: pd.DataFrame, counts: pd.DataFrame) -> None:
    """Refuse tables that do not fit together, and what is no count."""
    if not (dose.columns.equals(counts.columns) and dose.index.equals(counts.index)):
        raise InputError("dose and counts have other periods or places: expected the same")
    regular(pd.Series(0.0, dose.index), "the dose")
    for name, table in {"the dose": dose, "the counts": counts}.items():
        values = table.to_numpy(dtype="float64")
        values = values[~np.isnan(values)]
        if (values < 0).any() or (values % 1 != 0).any():
            raise InputError(f"{name} holds a number that is no count: expected 0, 1, 2, …")


def _pairs(dose: pd.DataFrame, counts: pd.DataFrame, after: int) -> pd.DataFrame:
    """Return a row for each pair of a dose and a count that is printed with the one held."""
    _alike(dose, counts)
    if whole(after, "after", -len(dose), len(dose)) == 0:
        raise InputError("after is 0: expected periods after the dose, or before it")
    held = 0 if after > 0 else after - 1
    tables = {"dose": dose, "count": counts.shift(-after), "held": counts.shift(-held)}
    rows = {name: table.to_numpy("float64").ravel("F") for name, table in tables.items()}
    rows["place"] = np.repeat(np.arange(dose.shape[1], dtype="float64"), len(dose))
    found = pd.DataFrame(rows).dropna().reset_index(drop=True)
    if len(found) < LEAST:
        raise InputError(f"{len(found)} pairs are printed: expected at least {LEAST}")
    return found


def _place(dose: pd.Series, counts: pd.Series) -> list[Place]:
    """Return a place without a link, with a shared wave, and with a dose that answers."""
    logs, given = (np.log(one.astype("float64") + START) for one in (counts, dose))
    y, x = logs - logs.mean(), given - given.mean()
    if int((x.notna() & y.notna()).sum()) < LEAST:
        raise InputError(f"'{dose.name}' has fewer than {LEAST} periods with dose and count")
    rho, wave, own = _wave(y, float(counts.mean()))
    sampling = 1 / max(float(dose.mean()), START)
    common, spread = _moment(x, y, 0), _moment(x, x, 0) - sampling
    most = np.sqrt(max(0.0, spread) / wave) if wave else 0.0
    shared = float(np.clip(common / wave, -most, most)) if wave else 0.0
    answers = common / _moment(y, y, 0) if y.any() else 0.0
    left = x - answers * y
    rest = _moment(left, left, 0) - sampling
    about = (float(logs.mean()), float(given.mean()), rho, float(np.sqrt(wave)), own)
    return [
        Place(*about, _memory(x), _root(spread)),
        Place(*about, _memory(left), _root(spread - shared**2 * wave), shared=shared),
        Place(*about, _memory(left), _root(rest), answers=answers),
    ]


def _wave(y: pd.Series, mean: float) -> tuple[float, float, float]:
    """Return memory and variance of the latent wave, and the spread that a period has for itself.

    Of an autoregression seen with noise the products one and two periods apart give the memory.
    """
    total, one, two = (_moment(y, y, lag) for lag in (0, 1, 2))
    rho = float(np.clip(two / one, 0.0, HIGHEST_RHO)) if one > 0 else 0.0
    wave = min(one / rho, total) if rho else 0.0
    return rho, wave, _root(total - wave - 1 / max(mean, START))


def _memory(series: pd.Series) -> float:
    """Return the correlation of a centred series with the period before, from 0 on."""
    total = _moment(series, series, 0)
    return float(np.clip(_moment(series, series, 1) / total, 0.0, HIGHEST_RHO)) if total else 0.0


def _root(variance: float) -> float:
    """Return a standard deviation, 0 where the moments leave no variance."""
    return float(np.sqrt(max(0.0, variance)))


def _moment(one: pd.Series, other: pd.Series, lag: int) -> float:
    """Return the mean product of two centred series some periods apart, printed pairs alone."""
    found = (one * other.shift(-lag)).mean()
    return 0.0 if np.isnan(found) else float(found)


def _autoregression(rho: float, n: int, generator: np.random.Generator) -> np.ndarray:
    """Return a stationary autoregression of variance one, shape (n,)."""
    path, scale = generator.standard_normal(n), np.sqrt(1 - rho**2)
    for at in range(1, n):
        path[at] = rho * path[at - 1] + scale * path[at]
    return path

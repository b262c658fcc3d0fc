"""When the rate of counts changed: exact likelihood and posterior of one date, or of several.

Counts are Poisson with a rate that is constant between changes. For one change the p-value is
conditional on the total, which leaves a multinomial without unknowns, and the posterior is that of
Raftery and Akman (1986) for counts; for several it comes from a sum over all ways to cut the series
(Barry and Hartigan 1992; Fearnhead 2006). Months that vary more than Poisson counts, or remember,
give dates that are too sure and p-values that are too small: the fit says so.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import count, counts, generator_of, level_of, positive, regular
from helpers.stats.estimate import Estimate

LARGEST = 1e15  # what multinomial draws still take
LEAST = 4  # periods
DOUBT = 0.05  # a smaller p-value of the check of dispersion or of memory is said


@dataclass(frozen=True)
class ChangePoint:
    """One change of a rate.

    Attributes
    ----------
    first : pandas.Period
        Most likely first period of the new rate.
    low, high : pandas.Period
        Ends of the central credible interval of that date.
    posterior : pandas.Series of float, shape (n - 1,), index of periods
        Chance that each period after the first is the first of the new rate; sums to 1.
    before, after : float
        Rates at the most likely date, in counts a period.
    ratio : Estimate
        Of the later to the earlier rate, without unit; the interval is averaged over the dates, the
        p-value is for a rate that never changed.
    dispersion : float
        Pearson's, within the two spells, over ``inflation``; 1 where the noise is as assumed.
    warnings : tuple of str
        Sentences to read before relying on it.
    """

    first: pd.Period
    low: pd.Period
    high: pd.Period
    posterior: pd.Series
    before: float
    after: float
    ratio: Estimate
    dispersion: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChangePoints:
    """Several changes of a rate.

    Attributes
    ----------
    numbers : pandas.Series of float, shape (most + 1,), index of numbers of changes
        Posterior chance of each number, each as likely as any other beforehand.
    dates : pandas.DataFrame, one row a change
        Columns ``first`` (most likely first period of the new rate), ``low`` and ``high``
        (pandas.Period, ends of the central credible interval of the date).
    rates : pandas.Series of float, shape (changes + 1,)
        Between the most likely dates, in counts a period.
    n : int
        Number of periods.
    warnings : tuple of str
        Sentences to read before relying on it.
    """

    numbers: pd.Series
    dates: pd.DataFrame
    rates: pd.Series
    n: int
    warnings: tuple[str, ...] = ()


def change_point(
    y: pd.Series,
    generator: np.random.Generator,
    *,
    inflation: float = 1,
    draws: int = 1999,
    level: float = 0.95,
) -> ChangePoint:
    """Return the date at which the rate of counts changed, and whether it did.

    Parameters
    ----------
    y : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least four periods.
    generator : numpy.random.Generator
        Draws the multinomial counts of a rate that never changed.
    inflation : float
        Variance over mean of the counts of a period, 1 for Poisson; above 1 counts are worth as
        many times fewer.
    draws : int
        Number of draws, at least 99.
    level : float
        Of the intervals, between 0 and 1.

    Returns
    -------
    ChangePoint
        The prior of each rate is exponential with the mean of the series, that of the date flat.

    Raises
    ------
    InputError
        When the index has gaps or is not regular, a value is no count, all are 0, the periods are
        fewer than four, or the inflation, the draws or the level are not what is expected.

    References
    ----------
    Raftery and Akman (1986), Bayesian analysis of a Poisson process with a change-point.
    Worsley (1986), Confidence regions and tests for a change-point.

    Examples
    --------
    Ten a year, then twenty.

    >>> years = pd.period_range("2001", periods=12, freq="Y")
    >>> y = pd.Series([9, 11, 10, 8, 12, 10, 21, 19, 22, 18, 20, 20], years)
    >>> found = change_point(y, np.random.default_rng(1), draws=199)
    >>> str(found.first), found.before, found.after, found.ratio.p
    ('2007', 10.0, 20.0, 0.005)
    """
    index, values, phi = _ready(y, inflation)
    level_of(level)
    p = _chance(values, phi, generator_of(generator), draws)
    n, at = len(values), int(_gains(values[None])[0].argmax()) + 1
    logs = _marginals(values / phi)
    weights = _shares(logs[0, 1:n] + logs[1:n, n])
    posterior = pd.Series(weights, index[1:])
    low, high = _ends(posterior, level)
    before, after = float(values[:at].mean()), float(values[at:].mean())
    fitted = np.r_[np.full(at, before), np.full(n - at, after)]
    spread, said = _doubts(values, fitted, phi, 2)
    low_ratio, high_ratio = _ratio_ends(values / phi, weights, level)
    value = after / before if before else np.inf
    method = "Poisson change point, exact conditional p, intervals averaged over the date"
    method += f", variance inflation {phi:g}" if phi != 1 else ""
    ratio = Estimate(value, low_ratio, high_ratio, p, n, method, level, said)
    return ChangePoint(index[at], low, high, posterior, before, after, ratio, spread, said)


def change_points(
    y: pd.Series,
    *,
    most: int = 5,
    number: int | None = None,
    inflation: float = 1,
    level: float = 0.95,
) -> ChangePoints:
    """Return the dates at which the rate of counts changed, and how often it did.

    Parameters
    ----------
    y : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least four periods.
    most : int
        Largest number of changes, at most a third of the periods.
    number : int, optional
        Number of changes where it is known; the most probable one when left out.
    inflation : float
        Variance over mean of the counts of a period, 1 for Poisson.
    level : float
        Of the intervals of the dates, between 0 and 1.

    Returns
    -------
    ChangePoints
        The prior of each rate is exponential with the mean of the series, that of the number flat,
        and each way to cut the series as often is as likely as another.

    Raises
    ------
    InputError
        As :func:`change_point`, or when ``most`` or ``number`` is out of range.

    References
    ----------
    Barry and Hartigan (1992), Product partition models for change point problems.
    Fearnhead (2006), Exact and efficient Bayesian inference for multiple changepoint problems.

    Examples
    --------
    >>> years = pd.period_range("2001", periods=15, freq="Y")
    >>> y = pd.Series([9, 11, 10, 8, 12, 29, 31, 30, 28, 32, 5, 4, 6, 5, 5], years)
    >>> found = change_points(y)
    >>> found.dates["first"].astype(str).tolist(), found.rates.tolist()
    (['2006', '2011'], [10.0, 30.0, 5.0])
    """
    index, values, phi = _ready(y, inflation)
    level_of(level)
    n, top = len(values), len(values) // 3
    if not 1 <= count(most, "the largest number of changes") <= top:
        raise InputError(f"most is {most}: expected 1 to {top} changes in {n} periods")
    if number is not None and count(number, "the number of changes") > most:
        raise InputError(f"number is {number}: expected 0 to {most} changes")
    logs = _marginals(values / phi)
    ahead, back = _sums(logs, int(most)), _sums(logs[::-1, ::-1].T, int(most))
    numbers = pd.Series(_shares(ahead[:, n] - _ways(n, int(most))), range(int(most) + 1))
    chosen = int(numbers.idxmax()) if number is None else int(number)
    rows = []
    for change in range(chosen):
        # Spells up to the change, times spells after it: all ways that put it at each period.
        weights = _shares(ahead[change, 1:n] + back[chosen - 1 - change, ::-1][1:n])
        rows.append(_ends(pd.Series(weights, index[1:]), level))
    starts = _cuts(logs, chosen)
    dates = pd.DataFrame(rows, columns=["low", "high"])
    dates.insert(0, "first", [index[start] for start in starts])
    rates = [spell.mean() for spell in np.split(values, starts)]
    fitted = np.repeat(rates, np.diff([0, *starts, n]))
    _, said = _doubts(values, fitted, phi, chosen + 1)
    return ChangePoints(numbers, dates, pd.Series(rates), n, said)


def _ready(y: pd.Series, inflation: float) -> tuple[pd.PeriodIndex, np.ndarray, float]:
    index, values = regular(y, "the series"), counts(y, "the series", LEAST)
    if values.sum() < 2:
        raise InputError(f"the series holds {values.sum():.0f} events: expected at least two")
    if values.sum() > LARGEST:
        raise InputError(
            f"the series sums to {values.sum():g}: expected at most {LARGEST:g} events"
        )
    return index, values, positive(inflation, "the variance inflation")


def _chance(values: np.ndarray, phi: float, generator: np.random.Generator, draws: int) -> float:
    """Return the p-value of the best single change, given the total."""
    if count(draws, "the number of draws") < 99:
        raise InputError(f"draws is {draws}: expected at least 99 for a p-value")
    n, total = len(values), max(round(values.sum() / phi), 1)
    null = _gains(generator.multinomial(total, np.full(n, 1 / n), size=int(draws))).max(axis=1)
    seen = _gains(values[None]).max() / phi
    return float((1 + (null >= seen - 1e-9).sum()) / (1 + draws))


def _gains(values: np.ndarray) -> np.ndarray:
    """Return by how much a change after each period raises the log-likelihood (draws by n - 1)."""
    from scipy.special import xlogy

    n = values.shape[1]
    spent, total = np.cumsum(values, axis=1)[:, :-1], values.sum(axis=1, keepdims=True)
    periods = np.arange(1, n)
    split = xlogy(spent, spent / periods)
    split += xlogy(total - spent, (total - spent) / (n - periods))
    return np.asarray(split - xlogy(total, total / n))


def _marginals(values: np.ndarray) -> np.ndarray:
    """Return the log marginal likelihood of each spell from i up to, not with, j (n + 1, n + 1)."""
    from scipy.special import gammaln

    ends, rate = np.r_[0, np.cumsum(values)], 1 / values.mean()
    sums, lengths = ends[None] - ends[:, None], np.subtract.outer(*[np.arange(len(ends))] * 2).T
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(rate) + gammaln(1 + sums) - (1 + sums) * np.log(rate + lengths)
    return np.where(lengths > 0, logs, -np.inf)


def _sums(logs: np.ndarray, most: int) -> np.ndarray:
    """Return the log likelihood of the periods up to each over all cuts into 1, 2, ... spells."""
    from scipy.special import logsumexp

    found = [logs[0]]
    for _ in range(most):
        with np.errstate(divide="ignore"):
            found.append(logsumexp(found[-1][:, None] + logs, axis=0))
    return np.array(found)


def _cuts(logs: np.ndarray, changes: int) -> list[int]:
    """Return the starts of the spells of the most likely way to cut the series."""
    best, came = logs[0], []
    for _ in range(changes):
        ways = best[:, None] + logs
        came.append(ways.argmax(axis=0))
        best = ways.max(axis=0)
    starts: list[int] = []
    end = len(logs) - 1
    for one in reversed(came):
        end = int(one[end])
        starts.insert(0, end)
    return starts


def _ways(periods: int, most: int) -> np.ndarray:
    """Return the log number of ways to place 0, 1, ... changes."""
    from scipy.special import gammaln

    changes = np.arange(most + 1)
    return np.asarray(
        gammaln(periods) - gammaln(changes + 1) - gammaln(periods - changes), dtype="float64"
    )


def _shares(logs: np.ndarray) -> np.ndarray:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _ends(posterior: pd.Series, level: float) -> tuple[pd.Period, pd.Period]:
    """Return the ends of the central credible interval of a date."""
    below = posterior.cumsum().to_numpy()
    places = np.searchsorted(below, [0.5 - level / 2, 0.5 + level / 2])
    low, high = posterior.index[np.minimum(places, len(below) - 1)]
    return low, high


def _ratio_ends(values: np.ndarray, weights: np.ndarray, level: float) -> tuple[float, float]:
    """Return the credible interval of the later over the earlier rate, averaged over the dates.

    Given the date both rates are gamma, and their ratio is a multiple of an F.
    """
    from scipy.optimize import brentq
    from scipy.stats import f

    n, rate, spent = len(values), 1 / values.mean(), np.cumsum(values)[:-1]
    earlier, later = 1 + spent, 1 + values.sum() - spent
    periods = np.arange(1, n)
    scale = later / (rate + n - periods) / (earlier / (rate + periods))

    def end(chance: float) -> float:
        def over(log: float) -> float:
            return float(weights @ f.cdf(np.exp(log) / scale, 2 * later, 2 * earlier)) - chance

        return float(np.exp(brentq(over, -60, 60, xtol=1e-10)))

    return end(0.5 - level / 2), end(0.5 + level / 2)


def _doubts(
    values: np.ndarray, fitted: np.ndarray, phi: float, rates: int
) -> tuple[float, tuple[str, ...]]:
    """Return the dispersion within the spells, and what it and their memory give to say."""
    from scipy.stats import chi2, norm

    scaled = (values - fitted) / np.sqrt(phi * np.maximum(fitted, 1e-9))
    n, square = len(values), float(scaled @ scaled)
    spread, said = square / (n - rates), []
    if chi2.sf(square, n - rates) < DOUBT:
        said.append(
            f"within the spells counts vary {spread:.1f} times as much as assumed: dates and "
            f"p-values are too sure; give inflation={spread * phi:.1f}"
        )
    if square and norm.sf(float(scaled[1:] @ scaled[:-1]) / square * np.sqrt(n)) < DOUBT:
        said.append(
            "neighbouring periods within the spells resemble each other: a level that wanders "
            "looks like changes; use helpers.stats.months.interrupted"
        )
    return spread, tuple(said)

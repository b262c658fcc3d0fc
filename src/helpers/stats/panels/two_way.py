"""Poisson regression with unit and period effects, for many arrangements of the treatment at once.

``ln E[y_it] = a_i + g_t + effect of its label``: on a balanced panel the likelihood equations hold
units of one treatment history, and periods in which every history has the same label, by their sums
alone, so a panel of any size becomes a table of histories by spans. Given each span's total the
histories share it multinomially (Palmgren 1981); Newton's method solves what is left. With one date
the ratio is that of totals: (treated after / before) / (others after / before).
"""

import numpy as np

from helpers.stats.panels.long_run import long_run

UNBOUNDED = 20.0


def spans_of(labels: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and counts by span, the periods in which every history has the same label.

    Parameters
    ----------
    labels : numpy.ndarray of int, shape (histories, t)
        Label of each treatment history in each period.
    counts : numpy.ndarray of float, shape (t, u)
        Counts by period and unit.

    Returns
    -------
    labels : numpy.ndarray of int, shape (histories, spans)
        Labels by span.
    sums : numpy.ndarray of float, shape (u, spans)
        Counts by unit and span.

    Examples
    --------
    Three periods, the treated history from the second on:

    >>> import numpy as np
    >>> labels, sums = spans_of(
    ...     np.array([[0, 0, 0], [0, 1, 1]]), np.array([[5, 1], [6, 2], [7, 3]])
    ... )
    >>> labels.tolist(), sums.tolist()
    ([[0, 0], [0, 1]], [[5.0, 13.0], [1.0, 5.0]])
    """
    distinct, span = np.unique(labels, axis=1, return_inverse=True)
    return distinct, (counts.T @ np.eye(distinct.shape[1])[span.ravel()])


def log_ratios(sums: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the log rate ratio of each label for each arrangement.

    Parameters
    ----------
    sums : numpy.ndarray of float, shape (u, spans)
        Counts by unit and span.
    labels : numpy.ndarray of int, shape (histories, spans)
        0 for no effect, 1, 2, ... for each ratio.
    rows : numpy.ndarray of int, shape (arrangements, u)
        The history of each unit.

    Returns
    -------
    numpy.ndarray of float64, shape (arrangements, labels)
        Natural logarithms. A ratio of 0 is ``-inf``; one without bound is ``inf``; NaN where the
        counts say nothing about it.

    References
    ----------
    Palmgren (1981), The Fisher information matrix for log linear models.

    Examples
    --------
    The treated unit doubles from 10 to 20, the other stays at 30.

    >>> import numpy as np
    >>> sums, labels = np.array([[30.0, 30.0], [10.0, 20.0]]), np.array([[0, 0], [0, 1]])
    >>> np.exp(log_ratios(sums, labels, np.array([[0, 1], [1, 0]]))).round(6).tolist()
    [[2.0], [0.5]]
    """
    histories, spans = labels.shape
    tables = (rows[:, None, :] == np.arange(histories)[:, None]).astype(float) @ sums
    last = int(labels.max())
    design = np.zeros((histories, spans, histories - 1 + last))
    for history in range(1, histories):
        design[history, :, history - 1] = 1
    for label in range(1, last + 1):
        design[:, :, histories - 2 + label] = labels == label
    member = design[:, :, histories - 1 :].reshape(-1, last)
    empty = tables.reshape(len(rows), -1) @ member == 0
    found = _newton(tables, design, (empty @ member.T > 0).reshape(tables.shape))[
        :, histories - 1 :
    ]
    found = np.where(np.abs(found) > UNBOUNDED, np.copysign(np.inf, found), found)
    return np.where(empty, -np.inf, found)


def working_weights(before: np.ndarray) -> np.ndarray:
    """Return the weights that let units of every size speak as clearly as their noise allows.

    Counts vary by more than their mean m: by m + a m^2, where the share a is the median over units
    of what their counts before any treatment show beyond Poisson's variance. Divided by 1 + a m,
    the counts of a large unit no longer drown those of the others, and small units, whose noise is
    mostly Poisson's, do not get more say than they have to tell.

    Parameters
    ----------
    before : numpy.ndarray of float, shape (t, u)
        Counts by period and unit before any treatment.

    Returns
    -------
    numpy.ndarray of float64, shape (u,)
        Above 0, at most 1; all 1 where there is one period, which shows no noise.

    References
    ----------
    McCullagh and Nelder (1989), Generalized linear models, chapter 9.

    Examples
    --------
    Two units whose counts vary by half of their means, one of them ten times the other:

    >>> import numpy as np
    >>> small, large = np.array([5, 15, 10, 10]), np.array([150, 50, 100, 100])
    >>> working_weights(np.column_stack([small, large])).round(2).tolist()
    [0.32, 0.05]
    """
    periods, means = len(before), (before.sum(axis=0) + 0.5) / len(before)
    fitted = np.outer(before.sum(axis=1), before.sum(axis=0)) / max(before.sum(), 1.0)
    known = fitted.sum(axis=0) > 0
    if periods < 2 or not known.any():
        return np.ones(before.shape[1])
    excess = np.square(before - fitted) * periods / (periods - 1) - fitted
    shares = excess.sum(axis=0)[known] / np.square(fitted).sum(axis=0)[known]
    return 1 / (1 + max(float(np.median(shares)), 0.0) * means)


def scores(values: np.ndarray, treated: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the studentised score of the treatment for each arrangement.

    Without an effect the fit is the product of the margins, and so are its weights: the treatment
    less its weighted unit and period means is what the score sums over, of counts weighted by their
    noise (:func:`working_weights`). Its variance is what the histories' shares of each period did
    before any treatment, memory included (:func:`helpers.stats.panels.long_run.long_run`), and no
    less than Poisson's: an effect that grows, or a burst of counts, is not taken for noise. Unlike
    a log ratio the score is finite for units with few counts.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (t, u)
        Counts by period and unit.
    treated : numpy.ndarray of bool, shape (histories, t)
        Whether each history is treated in each period; the first never is, none is in the first two
        periods.
    rows : numpy.ndarray of int, shape (arrangements, u)
        The history of each unit.

    Returns
    -------
    numpy.ndarray of float64, shape (arrangements,)
        In standard errors: above 0 where the treated rise beside the others, 0 for no effect.

    References
    ----------
    Newey and West (1987), A simple, positive semi-definite, heteroskedasticity and autocorrelation
    consistent covariance matrix.

    Examples
    --------
    Which of two units is called treated turns the sign.

    >>> import numpy as np
    >>> values = np.array([[10.0, 11.0], [9.0, 10.0], [10.0, 22.0], [11.0, 20.0]])
    >>> treated = np.array([[False] * 4, [False, False, True, True]])
    >>> one, other = scores(values, treated, np.array([[0, 1], [1, 0]]))
    >>> bool(one > 1), bool(np.isclose(one, -other))
    (True, True)
    """
    first = int(treated.any(axis=0).argmax())
    weights = working_weights(values[:first])
    members = (rows[:, None, :] == np.arange(len(treated))[:, None]).astype(float)
    tables = members @ (values * weights).T
    own, shared = tables.sum(axis=2, keepdims=True), tables.sum(axis=1, keepdims=True)
    total = own.sum(axis=1, keepdims=True)
    mean_own = (treated * shared).sum(axis=2, keepdims=True) / total
    mean_shared = (treated * own).sum(axis=1, keepdims=True) / total
    centred = treated - mean_own - mean_shared + (mean_own * own).sum(axis=1, keepdims=True) / total
    score = (centred * (tables - own * shared / total)).sum(axis=(1, 2))
    poisson = (centred**2 * (members @ (values * weights**2).T)).sum(axis=(1, 2))
    noise, reach = _share_noise(tables[:, :, :first]), centred * shared
    variance = np.einsum("aht,ahk,akt->a", reach, noise, reach, optimize=True)
    size = np.sqrt(np.maximum(variance, poisson))
    return np.divide(score, size, out=np.zeros(len(rows)), where=size > 1e-9 * values.sum())


def _share_noise(tables: np.ndarray) -> np.ndarray:
    """Return long-run covariances (arrangements, histories, histories) of shares of each period."""
    shared = tables.sum(axis=1, keepdims=True)
    usual = tables.sum(axis=2, keepdims=True) / np.maximum(shared.sum(axis=2, keepdims=True), 1e-9)
    shares = np.divide(
        tables, shared, out=np.broadcast_to(usual, tables.shape).copy(), where=shared > 0
    )
    return long_run(np.swapaxes(shares - usual, 1, 2))


def _newton(
    tables: np.ndarray, design: np.ndarray, never: np.ndarray, steps: int = 80
) -> np.ndarray:
    """Return the coefficients (tables by k).

    Cells of a label without any count (``never``) have mean 0 and drop out.
    """
    flat = design.reshape(-1, design.shape[2])
    k, totals = flat.shape[1], tables.sum(axis=1)
    squares = (flat[:, :, None] * flat[:, None, :]).reshape(len(flat), k * k)
    params = np.zeros((len(tables), k))
    for _ in range(steps):
        logs = np.where(never, -np.inf, (params @ flat.T).reshape(tables.shape))
        share = np.exp(logs - logs.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        means = share * totals[:, None, :]
        within = np.einsum("bcs,csk->bsk", share, design)
        information = (means.reshape(len(tables), -1) @ squares).reshape(-1, k, k)
        information -= np.einsum("bsk,bs,bsl->bkl", within, totals, within, optimize=True)
        # A label without counts has no information: its coefficient stays at 0, and the caller
        # names it.
        information += 1e-12 * (totals.sum(axis=1)[:, None, None] + 1) * np.eye(k)
        change = np.linalg.solve(
            information, ((tables - means).reshape(len(tables), -1) @ flat)[:, :, None]
        )[:, :, 0]
        params = np.clip(params + np.clip(change, -2, 2), -3 * UNBOUNDED, 3 * UNBOUNDED)
        if np.abs(change).max() < 1e-11:
            break
    settled = (np.abs(change) < 1e-6) | (np.abs(params) > UNBOUNDED)
    return np.where(settled, params, np.nan)

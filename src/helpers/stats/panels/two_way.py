"""Poisson regression with an effect for each unit and each period, for many arrangements of the treatment at once.

``ln E[y_it] = a_i + g_t + effect of its label``: on a balanced panel the likelihood equations hold units of one treatment
history, and periods in which every history has the same label, by their sums alone, so a panel of any size becomes a
table of histories by spans. Given each span's total the histories share it multinomially (Palmgren 1981); Newton's method
solves what is left. With one date the ratio is that of totals: (treated after / before) / (others after / before).
"""

import numpy as np

UNBOUNDED = 20.0


def spans_of(labels: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the labels by span (histories by spans) and the counts by unit and span.

    ``labels`` (histories by periods), ``counts`` (periods by units); a span holds the periods with the same labels.
    """
    distinct, span = np.unique(labels, axis=1, return_inverse=True)
    return distinct, (counts.T @ np.eye(distinct.shape[1])[span.ravel()])


def log_ratios(sums: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the log rate ratio of each label 1, 2, … (arrangements by labels).

    ``sums`` (units by spans), ``labels`` (histories by spans, 0 for no effect), ``rows`` (arrangements by units).
    A ratio of 0 is ``-inf``; one without bound is ``inf``; NaN where the counts say nothing about it.
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


def scores(values: np.ndarray, treated: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the studentised score of the treatment for each arrangement (``rows``, arrangements by units), 0 for no effect.

    ``values`` (periods by units), ``treated`` (histories by periods). Without an effect the fit is the product of the
    margins, and so are its weights: the treatment less its weighted unit and period means is what the score sums over. The
    variance is that of the residuals after one step towards the effect (White 1980). Unlike a log ratio the score is finite
    for units with few counts, and one burst of counts does not make it large.
    """
    histories = np.arange(len(treated))
    tables = (rows[:, None, :] == histories[:, None]).astype(float) @ values.T
    own, shared = tables.sum(axis=2, keepdims=True), tables.sum(axis=1, keepdims=True)
    total = own.sum(axis=1, keepdims=True)
    means = own * shared / total
    residuals = tables - means
    mean_own = (treated * shared).sum(axis=2, keepdims=True) / total
    mean_shared = (treated * own).sum(axis=1, keepdims=True) / total
    centred = treated - mean_own - mean_shared + (mean_own * own).sum(axis=1, keepdims=True) / total
    score = (centred * residuals).sum(axis=(1, 2))
    step = score / (means * centred**2).sum(axis=(1, 2))
    size = np.sqrt(
        np.square(centred * (residuals - step[:, None, None] * means * centred)).sum(axis=(1, 2))
    )
    return np.divide(score, size, out=np.zeros(len(rows)), where=size > 1e-9 * values.sum())


def _newton(
    tables: np.ndarray, design: np.ndarray, never: np.ndarray, steps: int = 80
) -> np.ndarray:
    """Return the coefficients (tables by k); cells of a label without any count (``never``) have mean 0 and drop out."""
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
        # A label without counts has no information; its coefficient stays at 0 and is named by the caller.
        information += 1e-12 * (totals.sum(axis=1)[:, None, None] + 1) * np.eye(k)
        change = np.linalg.solve(
            information, ((tables - means).reshape(len(tables), -1) @ flat)[:, :, None]
        )[:, :, 0]
        params = np.clip(params + np.clip(change, -2, 2), -3 * UNBOUNDED, 3 * UNBOUNDED)
        if np.abs(change).max() < 1e-11:
            break
    settled = (np.abs(change) < 1e-6) | (np.abs(params) > UNBOUNDED)
    return np.where(settled, params, np.nan)

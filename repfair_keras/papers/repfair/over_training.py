"""When do the shares of the groups settle, and what becomes of undecided images and quality by then?

Runs: the sweep `confirm`. Measured: how a run's share of the second group moves over its checkpoints.
"""

import numpy as np
from matplotlib.figure import Figure

from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.metrics.over_training import early_mean, late_mean, values_between
from repfair_keras.papers.corrected_shares import corrected
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.page_text import NO_RUN, paragraphs, stand_in, stand_in_note
from repfair_keras.papers.repfair.over_training_plot import plot_training
from repfair_keras.papers.run_rows import (
    ALGORITHM_1,
    EARLY,
    GAN,
    REPFAIR,
    identity,
    late_shares,
    n_known,
    of_last_step,
    of_method,
)
from repfair_keras.papers.seed_text import mean_text, seeds_text
from repfair_keras.papers.verdict import MAJORITY_RULE, Part, judge, majority_part, missing_seeds
from repfair_keras.reporting.markdown.text import NONE, number, table

STEADY = 0.03  # the gap that the paper has left after its repair
NEAR = 0.05  # of the late mean: where a share that has settled stays
SETTLED_RULE = (
    "A run has settled if its share of the second group wanders by at most 3 points (standard deviation over "
    "the checkpoints of the second half) and its means over the third and the last quarter of training "
    "differ "
    "by at most 3 points: that is the gap which the paper reports after its repair. That every run has "
    "settled is shown or contradicted by the runs that there are."
)


def settling_rows(records: list[dict]) -> list[dict]:
    """Returns a row per run: how its share of the second group moves, and what was logged early and late.

    Args:
        records: records of runs.

    Returns:
        list of dicts: `identity`, `late_shares`; of the second group's share
        `wander` (standard deviation over the late checkpoints), `drift` (size of the mean of the last quarter
        minus that of the third), `settled` and `settled_since` (step from which on it stays within 5 points
        of its late mean); `early_*` (first quarter) and `late_*` (second half) of `undecided`, `right_label`
        and `kid/<group>`.
    """
    return [_row(corrected(of_last_step(record))) for record in records]


def _row(record):
    log, groups = record["log"], record["data"]["groups"]
    columns = ["undecided", "right_label", *(f"kid/{name}" for name in groups)]
    early = {f"early_{column}": early_mean(log, column, EARLY) for column in columns}
    late = {f"late_{column}": late_mean(log, column) for column in columns}
    return {
        **identity(record),
        **late_shares(record),
        **_movement(log, f"share/{groups[1]}"),
        **early,
        **late,
    }


def _movement(log, column):
    late = values_between(log, column, 0.5, 1)
    third, last = (values_between(log, column, *ends) for ends in ((0.5, 0.75), (0.75, 1)))
    wander = float(np.std(late, ddof=1)) if len(late) > 1 else None
    drift = abs(float(np.mean(last) - np.mean(third))) if third and last else None
    known = wander is not None and drift is not None
    return {
        "n_checkpoints": len(late),
        "wander": wander,
        "drift": drift,
        "settled": max(wander, drift) <= STEADY if known else None,
        "settled_since": settled_since(log, column) if late else None,
    }


def settled_since(log: list[dict], column: str) -> float | None:
    """Returns the step from which on a column stays within 5 points of its late mean, else `None`.

    Args:
        log: list of dicts of floats with `step`.
        column: name of a column of shares.
    """
    level, since = late_mean(log, column), None
    for row in reversed([row for row in log if row.get(column) is not None]):
        if abs(row[column] - level) > NEAR:
            break
        since = row["step"]
    return since


def measure(material: Material) -> Measured:
    """Counts how many runs have settled, and compares early with late training."""
    rows = settling_rows(material.records)
    texts = (
        [stand_in(material.records, "mnist"), _movement_text(rows), _change_text(rows)] if rows else [NO_RUN]
    )
    missing = missing_seeds(rows, [GAN, REPFAIR], "settled")
    parts = [] if missing else verdict(rows)
    return judge(rows, paragraphs(texts), parts, [SETTLED_RULE, MAJORITY_RULE], missing)


def verdict(rows: list[dict]) -> list[Part]:
    """The parts of the claim."""
    settled = _settled([*of_method(rows, GAN), *of_method(rows, REPFAIR)])
    share = majority_part("the shares have settled", sum(settled), len(settled), "runs of both methods")
    return [share, Part("they have settled in every one of these runs", all(settled))]


def _settled(rows):
    return [row["settled"] for row in rows if row["settled"] is not None]


def _by_method(rows):
    return {method: of_method(rows, method) for method in METHOD_NAMES if of_method(rows, method)}


def _movement_text(rows):
    header = [
        "method",
        "wander (points)",
        "drift (points)",
        "settled",
        "within 5 points since step",
    ]
    lines = [_movement_line(method, runs) for method, runs in _by_method(rows).items()]
    return (
        f"{table(header, lines)}\n\n"
        "Wander is the standard deviation of the second group's share over the checkpoints of the second "
        "half of training; drift the size of the difference between its means over the third and the last "
        "quarter; means over seeds with 95 % t intervals. A run that lost a group has settled, too: at a "
        "share of 0 or 100 %. Measured is the generator of each step, not the average of its weights."
    )


def _movement_line(method, rows):
    settled = _settled(rows)
    return [
        method_name(method),
        *(mean_text(rows, column, 100, low=0) for column in ("wander", "drift")),
        f"{sum(settled)} of {len(settled)}",
        seeds_text(rows, "settled_since", digits=6),
    ]


def _change_text(rows):
    columns = dict.fromkeys(column for row in rows for column in row if column.startswith("early_"))
    names = [column.removeprefix("early_") for column in columns]
    names = [name for name in names if n_known(rows, f"late_{name}")]
    if not names:
        return ""
    lines = []
    for method, runs in _by_method(rows).items():
        cells = [f"{_mean(runs, f'early_{name}')} → {_mean(runs, f'late_{name}')}" for name in names]
        lines.append([method_name(method), *cells])
    return (
        f"{table(['method', *map(_heading, names)], lines)}\n\n"
        "Means over seeds of the first quarter → the second half of training, with the number of seeds "
        "that have a value: a group that is hardly generated has no KID. Undecided and right label are "
        "shares of all images."
    )


def _heading(column):
    return column.replace("kid/", "KID of ").replace("right_label", "right label")


def _mean(rows, column):
    values = [row[column] for row in rows if row.get(column) is not None]
    return f"{number(float(np.mean(values)), 3)} ({len(values)})" if values else NONE


def plot(material: Material) -> Figure | None:
    """Plots shares and quality over training; `None` without records."""
    note = stand_in_note(material.records, "mnist")
    records = [corrected(of_last_step(record)) for record in material.records]
    return plot_training(records, note=note) if records else None


FIGURE = PaperFigure(
    title="Shares and quality over training",
    claim=(
        "The paper counts groups once, after 200 epochs, and averages over seven or ten trainings (section "
        "4.1 says both). That supposes shares that have settled and do not hang on the checkpoint."
    ),
    sweep="confirm",
    measure=measure,
    plot=plot,
    select={"method": ALGORITHM_1},
)

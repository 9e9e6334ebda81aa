"""When do the shares of the groups settle, and what becomes of undecided images and quality by then?"""

import numpy as np

from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.metrics.over_training import early_mean, late_mean, values_between
from repfair_keras.papers.corrected import corrected
from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.plots import over_training
from repfair_keras.papers.run_rows import (
    EARLY,
    GAN,
    NO_RUN,
    PARTS,
    REPFAIR,
    each_text,
    identity,
    late_shares,
    mean_text,
    missing_seeds,
    n_known,
    of_method,
    stand_in,
    stand_in_note,
)
from repfair_keras.papers.verdict import MAJORITY_RULE, Part, judge, majority_part
from repfair_keras.reporting.markdown.text import NONE, number, table

STEADY = 0.03  # the gap that the paper has left after its repair
NEAR = 0.05  # of the late mean: where a share that has settled stays
RULE = (
    "A run has settled if its share of the second group wanders by at most 3 points (standard deviation over "
    "the checkpoints of the second half) and its means over the third and the last quarter of training "
    "differ "
    "by at most 3 points: that is the gap which the paper reports after its repair. That every run has "
    "settled is shown or contradicted by the runs that there are."
)


def settling_rows(records):
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
    return [_row(corrected(record)) for record in records]


def _row(record):
    log, groups = record["log"], record["data"]["groups"]
    share = f"share/{groups[1]}"
    columns = ["undecided", "right_label", *(f"kid/{name}" for name in groups)]
    early = {f"early_{column}": early_mean(log, column, EARLY) for column in columns}
    late = {f"late_{column}": late_mean(log, column) for column in columns}
    return {**identity(record), **late_shares(record), **_movement(log, share), **early, **late}


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


def settled_since(log, column):
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


def measure(material):
    """Tells how many runs have settled, and what changes from early to late training."""
    rows = settling_rows(material.records)
    told = [stand_in(material.records, "mnist"), _movement_text(rows), _change_text(rows)]
    text = "\n\n".join(filter(None, told)) if rows else NO_RUN
    missing = missing_seeds(rows, [GAN, REPFAIR], "settled")
    return judge(rows, text, [] if missing else _claims(rows), [RULE, MAJORITY_RULE], missing)


def _claims(rows):
    both = [*of_method(rows, GAN), *of_method(rows, REPFAIR)]
    settled = [row["settled"] for row in both if row["settled"] is not None]
    share = majority_part("the shares have settled", sum(settled), len(settled), "runs of both methods")
    return [share, Part("they have settled in every one of these runs", all(settled))]


def _movement_text(rows):
    lines = []
    for method in filter(lambda method: of_method(rows, method), METHOD_NAMES):
        mine = of_method(rows, method)
        settled = [row["settled"] for row in mine if row["settled"] is not None]
        lines.append([method_name(method), *(mean_text(mine, c, 100, low=0) for c in ("wander", "drift"))])
        lines[-1] += [f"{sum(settled)} of {len(settled)}", each_text(mine, "settled_since", digits=6)]
    header = [
        "method",
        "wander (points)",
        "drift (points)",
        "settled",
        "within 5 points since step",
    ]
    return (
        f"{table(header, lines)}\n\n"
        "Wander is the standard deviation of the second group's share over the checkpoints of the second "
        "half of training; drift the size of the difference between its means over the third and the last "
        "quarter; means over seeds with 95 % t intervals. A run that lost a group has settled, too: at a "
        "share of 0 or 100 %."
    )


def _change_text(rows):
    columns = dict.fromkeys(column for row in rows for column in row if column.startswith("early_"))
    names = [column.removeprefix("early_") for column in columns]
    names = [name for name in names if n_known(rows, f"late_{name}")]
    if not names:
        return ""
    lines = []
    for method in filter(lambda method: of_method(rows, method), METHOD_NAMES):
        mine = of_method(rows, method)
        cells = [f"{_mean(mine, f'early_{name}')} → {_mean(mine, f'late_{name}')}" for name in names]
        lines.append([method_name(method), *cells])
    return (
        f"{table(['method', *(_named(name) for name in names)], lines)}\n\n"
        "Means over seeds of the first quarter → the second half of training, with the number of seeds "
        "that have a value: a group that is hardly generated has no KID. Undecided and right label are "
        "shares of all images."
    )


def _named(column):
    return column.replace("kid/", "KID of ").replace("right_label", "right label")


def _mean(rows, column):
    values = [row[column] for row in rows if row.get(column) is not None]
    return f"{number(float(np.mean(values)), 3)} ({len(values)})" if values else NONE


def draw(material):
    """Draws shares and quality over training; `None` without records."""
    note = stand_in_note(material.records, "mnist")
    records = [corrected(record) for record in material.records]
    return over_training.draw(records, note=note) if records else None


OVER_TRAINING = PaperFigure(
    title="Shares and quality over training",
    claim=(
        "The paper counts groups once, after 200 epochs, and averages over seven or ten trainings (section "
        "4.1 says both). That supposes shares that have settled and do not hang on the checkpoint."
    ),
    sweep="mnist_methods",
    measure=measure,
    draw=draw,
    select={"method": PARTS},
)

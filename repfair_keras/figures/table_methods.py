"""Methods on tables beside real rows: fairness and accuracy of classifiers, likeness, leakage."""

from repfair_keras.figures import method_panels
from repfair_keras.figures.method_panels import PERCENT, Panel

UNIT = {"low": 0, "high": 1}
MORE = {"worse_is_more": False, **UNIT}
SUBTITLE = "trained on synthetic rows, tested on real ones; logistic regression"
SUBTITLE_OF_VALUES = "trained on synthetic rows, tested on real ones; gradient boosting of values as they are"
OF_BINS = [
    Panel("demographic parity\n← better", "demographic_parity/lr", "real_demographic_parity/lr", **UNIT),
    Panel("FTU\n← better", "ftu/lr", "real_ftu/lr", **UNIT),
    Panel("accuracy\nbetter →", "accuracy/lr", "real_accuracy/lr", **MORE),
    Panel("likeness of columns\nbetter →", "similarity", "real_similarity", **MORE),
    Panel("AUROC, group from codes\n← better", "leak", even=0.5, **UNIT),
]
OF_VALUES = [
    Panel("AUROC\nbetter →", "auroc/values", "real_auroc/values", **MORE),
    Panel("DP ratio\nbetter →", "disparate_impact/values", "real_disparate_impact/values", **MORE),
    Panel("EO ratio\nbetter →", "equalised_odds_ratio/values", "real_equalised_odds_ratio/values", **MORE),
    Panel("shapes\nbetter →", "shapes", "real_shapes", **MORE),
    Panel("trends\nbetter →", "trends", "real_trends", **MORE),
    Panel("exact copies (%)\n← better", "exact_copies", "real_exact_copies", **PERCENT),
]


def plot(rows, title):
    """Plots fairness and accuracy of classifiers, likeness of rows, and what latents tell of the group.

    Args:
        rows: dicts, one per run: `method`, `seed` and the columns of `reporting.table_row.to_row`.
        title: title of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if there are no rows.
    """
    if any(row.get("auroc/values") is not None for row in rows):
        panels, subtitle = OF_VALUES, SUBTITLE_OF_VALUES
    else:
        panels, subtitle = OF_BINS, SUBTITLE
    return method_panels.plot(rows, panels, f"{title}\n{subtitle}", real_label="real rows")

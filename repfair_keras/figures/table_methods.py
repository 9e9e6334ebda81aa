"""Methods on tables beside real rows: fairness and accuracy of classifiers, likeness, leakage."""

from repfair_keras.figures import method_panels
from repfair_keras.figures.method_panels import Panel

UNIT = {"low": 0, "high": 1}
SUBTITLE = "trained on synthetic rows, tested on real ones; logistic regression"


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
    panels = [
        Panel("demographic parity\n← better", "demographic_parity/lr", "real_demographic_parity/lr", **UNIT),
        Panel("FTU\n← better", "ftu/lr", "real_ftu/lr", **UNIT),
        Panel("accuracy\nbetter →", "accuracy/lr", "real_accuracy/lr", worse_is_more=False, **UNIT),
        Panel("likeness of columns\nbetter →", "similarity", "real_similarity", worse_is_more=False, **UNIT),
        Panel("AUROC, group from codes\n← better", "leak", even=0.5, **UNIT),
    ]
    return method_panels.plot(rows, panels, f"{title}\n{SUBTITLE}", real_label="real rows")

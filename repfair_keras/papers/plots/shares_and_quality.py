"""Methods on images beside one another: shares of the groups, and what they cost in quality."""

from matplotlib.figure import Figure

from repfair_keras.figures import method_panels
from repfair_keras.figures.labels import label
from repfair_keras.figures.method_panels import PERCENT, Panel


def plot(
    rows: list[dict],
    group: str,
    title: str,
    subtitle: str,
    when: str = "late",
    paper: dict | None = None,
    note: str = "",
) -> Figure:
    """Plots up to six panels with a common axis of methods: a point per seed, and the mean with its interval.

    A run without a value has a group too rare to be measured.

    Args:
        rows: dicts, one per run: `method`, `seed`, `<when>_share` (of `group`), `<when>_gap`, `corrected_class_gap`,
            `<when>_undecided`, `label_agreement_worst`, `kid_worst`, and what real images reach:
            `real_undecided`, `real_label_agreement_worst`, `real_kid_worst`; each may be `None`.
        group: name of the group whose share is shown.
        title: title of the figure.
        subtitle: said below it: what was measured when.
        when: prefix of the columns of shares, gaps and undecided images: `late` or `end`.
        paper: dict of method to the gap that the paper reports, in [0, 1], shown as a cross.
        note: said between title and subtitle.

    Raises:
        InputError: if there are no rows.
    """
    text = "\n".join(filter(None, [title, note, subtitle]))
    missing = "a seed with a group too rare to be measured"
    return method_panels.plot(rows, _panels(group, when, paper or {}), text, missing_label=missing)


def _panels(group, when, paper):
    right = ("label_agreement_worst", "real_label_agreement_worst")
    gap = "gap between groups (points)\n← better"
    return [
        Panel(f"share of {label(group)} (%)", f"{when}_share", even=50, always=True, **PERCENT),
        Panel(gap, f"{when}_gap", always=True, paper=paper, **PERCENT),
        Panel("gap within classes (points)\n← better", "corrected_class_gap", **PERCENT),
        Panel("undecided (%)\n← better", f"{when}_undecided", "real_undecided", **PERCENT),
        Panel("right label, worst group (%)\nbetter →", *right, worse_is_more=False, **PERCENT),
        Panel("KID, worst group\n← better", "kid_worst", "real_kid_worst"),
    ]

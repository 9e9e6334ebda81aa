"""The report on a synthetic table as Markdown, and its main lines for the console."""

from repfair_keras.evaluation.markdown.codes import codes
from repfair_keras.evaluation.markdown.text import NONE, number, percent, table

METRICS = {
    "accuracy": "accuracy",
    "auroc": "AUROC",
    "demographic_parity": "DP",
    "disparate_impact": "disparate impact",
    "equal_opportunity": "equal opportunity",
    "equalised_odds": "equalised odds",
    "ftu": "FTU",
}
CAPTIONS = {
    "codes": "Real and synthetic codes in two dimensions",
    "columns": "Likeness of each column",
    "downstream": "Classifiers, tested on real rows",
}


def to_markdown(report, figures=()):
    """Returns the whole report as Markdown.

    Args:
        report: dict that `make_table_report` returned, with its origin.
        figures: names of image files in the folder `figures`, beside the Markdown file.

    Returns:
        str, ends with a newline.
    """
    groups = report["groups"]
    blocks = [
        f"# {report['name']}: a synthetic table like {report['dataset']}",
        f"{report['n']:,} synthetic rows, seed {report['sample_seed']}; groups by `{report['sensitive']}`, "
        f"target `{report['target']}`, positive is `{report['positive']}`.",
        "## The target in the rows",
        table(
            ["rows", *groups],
            [[side, *map(percent, shares)] for side, shares in report["positive_by_group"].items()],
        ),
        f"Share of `{report['positive']}` in each group.",
        "## Classifiers, tested on real rows",
        downstream_table(report),
        "Value (95 % interval over test rows). DP, equal opportunity, equalised odds: differences between "
        "groups, 0 is equal. Disparate impact: a ratio, 1 is equal. FTU: how far the mean prediction moves "
        "when the group of all rows is changed, 0 for a classifier that ignores it.",
        _proxy(report),
        "## Likeness",
        _quality(report),
        "## Privacy",
        _privacy(report),
        *(["## Codes", *told] if (told := codes(report)) else []),
        *(f"![{CAPTIONS.get(_stem(name), _stem(name))}](figures/{name})" for name in figures),
    ]
    return "\n\n".join(blocks) + "\n"


def downstream_table(report):
    """Markdown table: a line for each classifier and what it was trained on."""
    rows = [
        [classifier.replace("_", " "), trained_on, *(_interval(found[name]) for name in METRICS)]
        for classifier, by_training in report["downstream"].items()
        for trained_on, found in by_training.items()
    ]
    return table(["classifier", "trained on", *METRICS.values()], rows)


def to_lines(report):
    """The main numbers as text for the console."""
    quality, found = report["quality"], report["downstream"]["logistic_regression"]
    yield f"{report['n']:,} synthetic rows, groups by {report['sensitive']}, target {report['target']}"
    yield f"{'trained on':12}" + "".join(f"{title:>12}" for title in ("accuracy", "AUROC", "DP", "FTU"))
    for side, each in found.items():
        values = [each[name] for name in ("accuracy", "auroc", "demographic_parity", "ftu")]
        yield f"{side:12}" + "".join(f"{NONE if v is None else format(v[0], '.3f'):>12}" for v in values)
    yield (
        f"likeness of columns {quality['column_similarity']:.3f} (real rows "
        f"{quality['column_similarity_real']:.3f}), of pairs {quality['pair_similarity']:.3f} "
        f"({quality['pair_similarity_real']:.3f})"
    )
    if report.get("codes"):
        leak = report["codes"]["leakage"]
        shown = ", ".join(
            f"{leak[name]['auroc']:.3f} ({name.replace('_', ' ')})" for name in leak if name != "majority"
        )
        yield f"AUROC of the group from codes: {shown}; 0.5: nothing can be told"


def _quality(report):
    quality = report["quality"]
    names = ("precision", "recall", "density", "coverage")
    header = ["rows", "columns", "pairs", *names]
    lines = [
        [
            title,
            number(quality[f"column_similarity{end}"]),
            number(quality[f"pair_similarity{end}"]),
            *(number(quality[f"neighbours{end}"][name]) for name in names),
        ]
        for title, end in (("synthetic", ""), ("real training rows", "_real"))
    ]
    return (
        table(header, lines)
        + "\n\nAgainst real test rows. Columns, pairs: 1 - total variation distance, mean."
    )


def _privacy(report):
    found = report["privacy"]
    return (
        "Columns in which a row differs from the closest training row, on average: "
        f"{number(found['distance'])} (real test rows {number(found['distance_held_out'])}). Equal to a "
        f"training row, up to the bins of numbers: {percent(found['copies'])} "
        f"({percent(found['copies_held_out'])}). Closer to a training row than to a test row: "
        f"{percent(found['closer_to_training'])}; 50 % is best."
    )


def _proxy(report):
    shown = ", ".join(f"{side} {number(value, 3)}" for side, value in report["proxy"].items())
    return (
        "A proxy that equals the group in 95 % of the rows, in its place: its association (Cramér's V) with "
        f"the prediction, after training on {shown}."
    )


def _interval(value):
    return NONE if value is None else f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})"


def _stem(name):
    return name.rsplit(".", 1)[0]

"""The report on a synthetic table as Markdown, and its main lines for the console."""

from repfair_keras.reporting.markdown.classifiers import downstream_table, explained
from repfair_keras.reporting.markdown.latents import codes
from repfair_keras.reporting.markdown.text import NONE, number, percent, table

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
        explained("rows"),
        _proxy(report),
        "## Likeness",
        _quality(report),
        "## Privacy",
        _privacy(report),
        *(["## Codes", *told] if (told := codes(report)) else []),
        *(f"![{CAPTIONS.get(_stem(name), _stem(name))}](figures/{name})" for name in figures),
    ]
    return "\n\n".join(blocks) + "\n"


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


def _stem(name):
    return name.rsplit(".", 1)[0]

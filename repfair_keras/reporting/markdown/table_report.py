"""The report on a synthetic table as Markdown, and its main lines for the console."""

from repfair_keras.metrics.catalog import metric_info
from repfair_keras.reporting.markdown.classifiers import downstream_table, explained, shown_interval
from repfair_keras.reporting.markdown.latents import latents
from repfair_keras.reporting.markdown.table_values import value_lines, values
from repfair_keras.reporting.markdown.text import code, number, percent, table, warning

MAIN = ("accuracy", "auroc", "demographic_parity", "ftu")
CAPTIONS = {
    "codes": "Real and synthetic latents in two dimensions",
    "columns": "Likeness of each column",
    "downstream": "Classifiers, tested on real rows",
    "utility": "Gradient boosting of the values as they are, tested on real rows",
    "privacy": "Whose rows can be told",
}

GROUP_COLUMN = {
    "real_equal": "real, equal, without the group",
    "synthetic": "synthetic, without the group",
    "shuffled": "synthetic, group shuffled",
}


def to_markdown(report, figures=()):
    """Returns the whole report as Markdown.

    Args:
        report: `TableReport`.
        figures: names of image files in the folder `figures`, beside the Markdown file.

    Returns:
        str, ends with a newline.
    """
    of_latents = latents(report)
    blocks = [
        f"# {report.name}: a synthetic table like {report.dataset}",
        f"{report.n:,} synthetic rows, seed {report.sample_seed}; groups by {code(report.sensitive)}, "
        f"target {code(report.target)}, positive is {code(report.positive)}.",
        *(warning(text) for text in report.warnings),
        "## The target in the rows",
        table(
            ["rows", *report.groups],
            [[side, *map(percent, shares)] for side, shares in report.positive_by_group.items()],
        ),
        f"Share of {code(report.positive)} in each group.",
        "## Classifiers, tested on real rows",
        downstream_table(report),
        explained("rows"),
        *_group_column(report),
        _proxy(report),
        *values(report),
        "## Likeness",
        _quality(report),
        "## Privacy",
        _privacy(report),
        *(["## Latents", *of_latents] if of_latents else []),
        *(f"![{CAPTIONS.get(_stem(name), _stem(name))}](figures/{name})" for name in figures),
    ]
    return "\n\n".join(blocks) + "\n"


def to_lines(report):
    """The main numbers as text for the console."""
    quality, infos = report.quality, [metric_info(name) for name in MAIN]
    yield f"{report.n:,} synthetic rows, groups by {report.sensitive}, target {report.target}"
    yield f"{'trained on':12}" + "".join(f"{info.label:>12}" for info in infos)
    for side, metrics in report.downstream["logistic_regression"].items():
        values = [metrics[info.name] for info in infos]
        cells = (info.shown(value and value[0]) for info, value in zip(infos, values, strict=True))
        yield f"{side.replace('_', ', '):12}" + "".join(f"{cell:>12}" for cell in cells)
    if report.tested:
        yield f"{'majority':12}{infos[0].shown(report.tested['majority']):>12}  (the same for everybody)"
    yield from (f"WARNING: {text}" for text in report.warnings)
    yield from value_lines(report)
    yield (
        f"likeness of columns {number(quality.column_similarity, 3)} (real rows "
        f"{number(quality.column_similarity_real, 3)}), of pairs {number(quality.pair_similarity, 3)} "
        f"({number(quality.pair_similarity_real, 3)})"
    )
    if report.latents:
        info = metric_info("leak")
        shown = ", ".join(
            f"{info.shown(auroc)} ({name.replace('_', ' ')})" for name, auroc in report.latents.aurocs.items()
        )
        yield f"{info.label}: {shown}; 0.5: nothing can be told"


def _quality(report):
    names = ("precision", "recall", "density", "coverage")
    header = ["rows", "columns", "pairs", *(metric_info(name).label for name in names)]
    lines = [
        [
            title,
            number(getattr(report.quality, f"column_similarity{end}")),
            number(getattr(report.quality, f"pair_similarity{end}")),
            *(number(getattr(report.quality, f"neighbours{end}")[name]) for name in names),
        ]
        for title, end in (("synthetic", ""), ("real training rows", "_real"))
    ]
    return (
        table(header, lines)
        + "\n\nAgainst real test rows. Columns, pairs: 1 - total variation distance, mean."
    )


def _privacy(report):
    privacy = report.privacy
    return (
        "Columns in which a row differs from the closest training row, on average: "
        f"{number(privacy.distance)} (real test rows {number(privacy.distance_held_out)}). Equal to a "
        f"training row, up to the bins of numbers: {percent(privacy.copies)} "
        f"({percent(privacy.copies_held_out)}). Closer to a training row than to a test row: "
        f"{percent(privacy.closer_to_training)}; {percent(metric_info('closer_to_training').target)} is best."
    )


def _group_column(report):
    """What the column of the group does; nothing of early reports."""
    if not report.group_column:
        return []
    infos = [metric_info(name) for name in ("accuracy", "demographic_parity", "ftu")]
    rows = [
        [text, *(shown_interval(report.group_column[key].get(info.name), info) for info in infos)]
        for key, text in GROUP_COLUMN.items()
    ]
    said = "What the column of the group does to a logistic regression: without it, and with the groups shuffled."
    return [said, table(["trained on", *(info.label for info in infos)], rows)]


def _proxy(report):
    shown = ", ".join(f"{side} {number(value, 3)}" for side, value in report.proxy.items())
    return (
        "A proxy that equals the group in 95 % of the rows, in its place: its association (Cramér's V) with "
        f"the prediction, after training on {shown}."
    )


def _stem(name):
    return name.rsplit(".", 1)[0]

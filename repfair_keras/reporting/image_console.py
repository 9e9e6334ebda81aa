"""A report on images as text for the console."""

from repfair_keras.metrics.catalog import QUALITY, metric_info

MOST_GROUPS = 4  # whose quality fits in a line
DISTANCES = ("gap", "kl", "tv", "fd")
REASONS = {"low confidence": "of which the classifier is not sure", "corners": "with corners that disagree"}


def format_table(report):
    """Returns a report as an aligned table, at most 100 columns wide.

    Args:
        report: `ImageReport`.

    Returns:
        str, plain text without a newline at its end.
    """
    rows = _rows(report)
    of_all = "of all, corrected for the classifier's errors" if report.shares_are_corrected else "as counted"
    title = f"Groups in {_count(report.n)} generated images: shares {of_all}"
    warnings = [f"WARNING: {text}" for text in report.warnings]
    blocks = [[title], _aligned(rows), _distances(report), _quality(report), _notes(report)]
    lines = [*warnings, *(line for block in blocks if block for line in [*block, ""])]
    return "\n".join(lines[:-1])


def _rows(report):
    """Cells of the table: a header, one row per group, one for all images and one for the undecided."""
    rules, agreement = report.rules, report.label_agreement
    header = ["group", "share", f"{100 * report.level:.0f} % interval", "counted", *rules, "recall"]
    groups = [_group_cells(report, group) for group in range(len(report.groups))]
    accuracy = report.classifier.accuracy if report.classifier else None
    all_images = ["all", "", "", "", *("" for _ in rules), _percent(accuracy)]
    undecided = ["undecided", "", "", _percent(report.undecided)]
    undecided += [*(_percent(rule.undecided) for rule in rules.values()), ""]
    if agreement:
        header += ["labels", "judge"]
        for cells, labels, judge in zip(groups, agreement.by_group, agreement.judge_by_group, strict=True):
            cells += [_percent(labels), _percent(judge)]
        all_images += [_percent(agreement.overall), _percent(agreement.judge_accuracy)]
        undecided += ["", ""]
    return [header, *groups, all_images, undecided]


def _group_cells(report, group):
    share = list(report.shares.values())[group]
    return [
        _shortened(report.groups[group]),
        _percent(share.value),
        "-" if share.low is None else f"{_percent(share.low)} to {_percent(share.high)}",
        _percent(report.proportions[group] if report.proportions else None),
        *(_percent(rule.proportions[group]) for rule in report.rules.values()),
        _percent(report.classifier.by_group[group] if report.classifier else None),
    ]


def _distances(report):
    source = report.corrected if report.shares_are_corrected else report
    if source.proportions is None:
        return [report.note] if report.note else []
    lines = []
    for metric in DISTANCES:
        info = metric_info(metric)
        lines.append(f"{info.label:21} {info.shown(getattr(source, metric))} {info.unit}".rstrip())
    for attribute, found in (getattr(source, "marginals", None) or {}).items():
        pairs = zip(found["values"], found["proportions"], strict=True)
        lines.append(f"{attribute}: {', '.join(f'{value} {_percent(share)}' for value, share in pairs)}")
    if getattr(source, "worst", None):
        lines.append(f"furthest below what was asked: {source.worst}")
    if report.judges and report.judges.ranges:
        pairs = zip(report.groups, report.judges.ranges, strict=True)
        each = ", ".join(f"{name} {_percent(low)} to {_percent(high)}" for name, (low, high) in pairs)
        lines.append(f"over {len(report.judges.each)} judges: {each}")
    if report.p_value is not None:
        side = "off target" if report.p_value < 1 - report.level else "may be on target"
        lines.append(f"a generator on target: p = {report.p_value:.2g}, {side}")
    return lines


def _quality(report):
    """The quality of all images, of each group where they fit, and of real images in their place."""
    quality = report.quality
    if quality is None or quality.overall is None:
        return (quality.notes if quality else None) or ["Quality was not measured."]
    names = report.groups if len(report.groups) <= MOST_GROUPS else []
    cells = [["quality", "all", *map(_shortened, names), "worst group", "real images"]]
    for metric, split in (quality.by_group or {}).items():
        groups = [_number(value) for value in split.values][: len(names)]
        real, worst = _number((quality.real or {}).get(metric)), _shortened(split.worst or "-")
        cells.append([metric_info(metric).label, _number(split.overall), *groups, worst, real])
    return _aligned(cells)


def _notes(report):
    notes = ["counted: share of the images whose group is clear; the others are undecided"]
    if report.quality and report.quality.extractor:
        lower = " and ".join(info.label for info in map(metric_info, QUALITY) if not info.higher_is_better)
        notes.append(
            f"quality: features of {report.quality.extractor.called}; {lower}: lower is better, the "
            "others higher"
        )
    if report.classifier:
        n_test = sum(map(sum, report.classifier.confusion))
        reasons = [f"{n:,} {REASONS.get(name, name)}" for name, n in report.undecided_reasons.items()]
        if reasons:
            notes.append(f"undecided: {', '.join(reasons)}")
        unseen = "that it must not have been" if report.classifier.made_elsewhere else "that it was not"
        notes.append(f"recall: of the classifier, on {n_test:,} real images {unseen} trained on")
    if report.label_agreement:
        notes.append(
            "labels: share of images in which the judge, a classifier of labels, sees the label asked for"
        )
        notes.append("judge: accuracy on real images it was not trained on")
    return notes


def _aligned(rows):
    """Lines of a table: the first column at the left, the others of numbers at the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [_line(row, widths) for row in rows]


def _line(cells, widths):
    name, *numbers = zip(cells, widths, strict=True)
    return "  ".join([name[0].ljust(name[1]), *(cell.rjust(width) for cell, width in numbers)]).rstrip()


def _count(n):
    return "-" if n is None else f"{n:,}"


def _number(value):
    return "-" if value is None else f"{value:.3g}"


def _percent(share):
    return "-" if share is None else f"{100 * share:.1f} %"


def _shortened(name, width=22):
    return name if len(name) <= width else name[: width - 1] + "…"

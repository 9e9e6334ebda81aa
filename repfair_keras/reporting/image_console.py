"""A report as text for the console."""

MOST_GROUPS = 4  # whose quality fits in a line
_REASONS = {"low confidence": "below confidence {:g}", "corners": "with corners that disagree"}


def format_table(report):
    """Returns a report as an aligned table, at most 100 columns wide.

    Args:
        report: dict that `make_report` returned.

    Returns:
        str, plain text without a newline at its end.
    """
    rows = _rows(report)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    title = f"Groups in {report['n']:,} generated images, {report['n_decided']:,} of them decided"
    table = [_line(row, widths) for row in rows]
    warnings = [f"WARNING: {text}" for text in report["warnings"]]
    return "\n".join(
        [*warnings, title, "", *table, "", *_distances(report), "", *_quality(report), "", *_notes(report)]
    )


def _rows(report):
    """Cells of the table: a header, one row per group, one for all images and one for the undecided."""
    rules, classifier, agreement = report["rules"], report["classifier"], report["label_agreement"]
    header = ["group", "share", "95 % interval", *rules, "classifier"]
    groups = [_group_cells(report, group) for group in range(len(report["groups"]))]
    every = ["all", "", "", *("" for _ in rules), _percent(classifier["accuracy"])]
    undecided = ["undecided", _percent(report["undecided"]), ""]
    undecided += [*(_percent(rule["undecided"]) for rule in rules.values()), ""]
    if agreement:
        header += ["labels", "judge"]
        for cells, labels, judge in zip(
            groups, agreement["by_group"], agreement["judge_by_group"], strict=True
        ):
            cells += [_percent(labels), _percent(judge)]
        every += [_percent(agreement["overall"]), _percent(agreement["judge_accuracy"])]
        undecided += ["", ""]
    return [header, *groups, every, undecided]


def _group_cells(report, group):
    share, interval = None, "-"
    if report["proportions"] is not None:
        share = report["proportions"][group]
        interval = " to ".join(_percent(end) for end in report["intervals"][group])
    return [
        _shortened(report["groups"][group]),
        _percent(share),
        interval,
        *(_percent(rule["proportions"][group]) for rule in report["rules"].values()),
        _percent(report["classifier"]["by_group"][group]),
    ]


def _distances(report):
    if report["proportions"] is None:
        return [report["note"]]
    p = report["test"]["p_value"]
    side = "off target" if p < 0.05 else "may be on target"
    return [
        f"gap  {100 * report['gap']:.1f} points",
        f"KL   {report['kl']:.5f} (a generator on target: below {report['noise_floor']:.5f} in 95 %)",
        f"TV   {report['tv']:.4f}",
        f"FD   {report['fd']:.4f}",
        f"{report['test']['name']} test of the counts: p = {p:.2g}, {side}",
    ]


def _quality(report):
    """The quality of all images, of each group where they fit, and of real images in their place."""
    quality = report["quality"]
    if quality["overall"] is None:
        return quality["notes"]
    names = report["groups"] if len(report["groups"]) <= MOST_GROUPS else []
    cells = [["quality", "all", *map(_shortened, names), "worst group", "real images"]]
    for metric, found in quality["by_group"].items():
        groups = [_number(value) for value in found["by_group"]][: len(names)]
        real = _number(quality["real"][metric])
        cells.append([metric, _number(found["overall"]), *groups, _shortened(found["worst"] or "-"), real])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [_line(row, widths) for row in cells]


def _notes(report):
    confidence = report["classifier"]["confidence"]
    reasons = [
        f"{n:,} {_REASONS[name].format(confidence)}" for name, n in report["undecided_reasons"].items()
    ]
    n_test = sum(map(sum, report["classifier"]["confusion"]))
    corrected, extractor = report["corrected"] or {}, report["quality"]["extractor"]["hash"]
    if "proportions" in corrected:
        shares = zip(report["groups"], corrected["proportions"], corrected["intervals"], strict=True)
        texts = [f"{name} {_percent(p)} ({_percent(a)} to {_percent(b)})" for name, p, (a, b) in shares]
        side = "may be on target" if corrected["on_target"] else "off target"
        corrected = f"{'; '.join(texts)}: {side}"
    else:
        corrected = corrected.get("note", "-")
    notes = [
        f"corrected for the classifier's errors: {corrected}",
        f"quality: features of extractor {extractor}; fid and kid: lower is better, the others higher",
        f"undecided: {', '.join(reasons)}",
        f"classifier: accuracy on {n_test:,} real images it was not trained on",
    ]
    if report["label_agreement"]:
        notes.append(
            "labels: share of images in which the judge, a classifier of labels, sees the label asked for"
        )
        notes.append("judge: accuracy on real images it was not trained on")
    return notes


def _line(cells, widths):
    name, *numbers = zip(cells, widths, strict=True)
    return "  ".join([name[0].ljust(name[1]), *(cell.rjust(width) for cell, width in numbers)]).rstrip()


def _number(value):
    return "-" if value is None else f"{value:.3g}"


def _percent(share):
    return "-" if share is None else f"{100 * share:.1f} %"


def _shortened(name, width=22):
    return name if len(name) <= width else name[: width - 1] + "…"

"""The parts of the Markdown report on how good the images are."""

from repfair_keras.metrics.catalog import QUALITY, metric_info
from repfair_keras.reporting.markdown.text import count, escape, number, percent, points, table

CLOSE = 1.5  # FID over that of real images in its place


def verdict(report):
    """Returns the headline on quality: the worst group, by the first metric that has one."""
    quality = report.quality
    for metric, split in ((quality.by_group if quality else None) or {}).items():
        if split.worst is not None:
            return _worst_group(report, metric, split)
    missing = _not_measured(report.groups, quality)
    rare = f" in {missing}, too rare" if missing else ""
    return f"**Quality by group was not measured{rare}.**"


def _worst_group(report, metric, split):
    info, place = metric_info(metric), report.groups.index(split.worst)
    real = (report.quality.real_by_group or {}).get(metric)
    beside = real.values[place] if real else None
    ratio = split.relative_to_real[place] if split.relative_to_real else None
    close = ratio is not None and ratio < CLOSE
    headline = "near real images in every group" if close else f"worst in {escape(split.worst)}"
    return (
        f"**Quality: {headline}.** {info.label} of {escape(split.worst)} {number(split.values[place])} "
        f"({info.advice}; real images in their place: {number(beside)}). Groups are compared by "
        "how far each is from real images of its own."
    )


def _not_measured(names, quality):
    """Names of the groups without a value in the metric that most groups have."""
    values = [split.values for split in ((quality.by_group if quality else None) or {}).values()]
    best = max(values, key=lambda row: sum(value is not None for value in row), default=[])
    return " and ".join(escape(name) for name, value in zip(names, best, strict=False) if value is None)


def quality(report):
    """Returns the metrics over all images, per group and per class, beside what real images reach."""
    measured = report.quality
    if not measured:
        return ["Quality was not measured."]
    parts = [
        *([_extractor(measured.extractor)] if measured.extractor else []),
        *(f"- {escape(note)}" for note in measured.notes or ()),
    ]
    if not measured.overall:
        return parts
    lower = [info.label for info in map(metric_info, QUALITY) if not info.higher_is_better]
    parts.append(
        "In brackets: real images in the same place, as many of them. "
        f"{' and '.join(lower)}: lower is better; the "
        "others: higher is better, and density may exceed 1. *Difference* and *ratio* are between largest "
        "and smallest value."
    )
    if measured.by_group:
        parts += _split(measured, "group", report.groups)
    else:
        real = measured.real or {}
        rows = [[metric_info(m).label, _beside(measured.overall[m], real.get(m))] for m in QUALITY]
        parts += [f"**All images**, {count(measured.n)} on each side.", table(["metric", "all images"], rows)]
    if measured.by_class:
        parts += _split(measured, "class", report.classes)
    return parts


def _extractor(extractor):
    accuracies = [
        f"{percent(accuracy)} of {plural}"
        for accuracy, plural in ((extractor.label_accuracy, "labels"), (extractor.group_accuracy, "groups"))
        if accuracy is not None
    ]
    right = f", right for {' and '.join(accuracies)} of held-out real images" if accuracies else ""
    by = f"the extractor with hash {extractor.hash}" if extractor.trained_here else extractor.called
    return f"Features: {number(extractor.features)}, by {escape(by)}{right}."


def _split(measured, what, names):
    splits, real_splits = (getattr(measured, f"{side}by_{what}") or {} for side in ("", "real_"))
    real = measured.real or {}
    rows = [["all images", *(_beside(split.overall, real.get(m)) for m, split in splits.items())]]
    for index, name in enumerate(names):
        reached = {metric: split.values[index] for metric, split in real_splits.items()}
        rows.append([name, *(_beside(split.values[index], reached.get(m)) for m, split in splits.items())])
    for statistic in ("difference", "ratio"):
        rows.append([statistic, *(number(getattr(split, statistic), 3) for split in splits.values())])
    rows.append([f"worst {what}", *(split.worst or "-" for split in splits.values())])
    return [
        f"**By {what}**, with {count(getattr(measured, f'n_by_{what}'))} images of each on each side; "
        f"all images: {count(measured.n)}.",
        table([what, *(metric_info(metric).label for metric in splits)], rows),
    ]


def _beside(value, real):
    return f"{number(value, 3)} ({number(real, 3)})" if real is not None else number(value, 3)


def labels(report):
    """Returns how often a judge sees the label asked for; nothing without classes."""
    agreement = report.label_agreement
    if not agreement:
        return []
    groups = zip(report.groups, agreement.by_group, agreement.judge_by_group, strict=True)
    rows = [[name, percent(share), percent(judge)] for name, share, judge in groups]
    rows.append(["all images", percent(agreement.overall), percent(agreement.judge_accuracy)])
    rows.append(["difference", points(agreement.difference), "-"])
    classes = zip(report.classes, agreement.by_class, strict=True)
    header = ["group", "label asked for", "the same on real images"]
    return [
        "Share of images in which a classifier of labels sees the label that was asked for.",
        table(header, rows),
        table(["class", "label asked for"], [[name, percent(share)] for name, share in classes]),
    ]


def memorisation(report):
    """Returns whether generated images copy training images."""
    check = report.memorisation
    if not check:
        return ["Copies of training images were not looked for."]
    expected = percent(check.expected_suspects)
    against = (
        "real images, which need not be those it was trained on: copies of others, or of these in "
        "another group's form, are not found"
        if check.training_known is False
        else "training images"
    )
    suspects = metric_info("suspects").label
    rows = [
        [f"{suspects}, all", percent(check.suspects.overall), expected],
        *(
            [f"{suspects}, {name}", percent(share), expected]
            for name, share in zip(report.groups, check.suspects.by_group, strict=True)
        ),
        [metric_info("distance_ratio").label, number(check.distance_ratio), "1"],
        [metric_info("nndr").label, number(check.nndr), number(check.nndr_real)],
    ]
    return [
        f"{count(check.n)} generated images against {count(check.n_training)} {against}. "
        "The distance is relative to that between real images. Distances are of pixels: they find copies, "
        "not variations.",
        table(["median, or share", "generated", "real"], rows),
    ]

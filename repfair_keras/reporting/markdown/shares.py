"""The parts of the Markdown report on how the groups are represented."""

from repfair_keras.metrics.catalog import metric_info
from repfair_keras.reporting.markdown.text import (
    count,
    escape,
    interval,
    number,
    percent,
    points,
    table,
    warning,
)

DISTANCES = ("gap", "l1", "kl", "tv", "fd", "chebyshev", "noise_floor")


def shares_table(report):
    """Returns the shares of the groups, as counted and corrected, with their intervals."""
    unknown = [None] * len(report.groups)
    undecided = report.undecided_by_group
    columns = [
        report.groups,
        map(percent, report.target or unknown),
        map(percent, getattr(report.corrected, "proportions", None) or unknown),
        map(interval, getattr(report.corrected, "intervals", None) or unknown),
        map(percent, report.proportions or unknown),
        map(interval, report.intervals or unknown),
        map(interval, report.bounds or unknown),
        map(percent, (undecided.by_group if undecided else None) or unknown),
    ]
    level = f"{100 * report.level:.0f} % interval"
    header = [
        "group",
        "target",
        "share",
        level,
        "counted",
        "95 % interval",
        "of all, at least and most",
        "undecided",
    ]
    return table(header, list(zip(*columns, strict=True)))


def representation(report):
    """Returns distances from the target, the noise beside them, epsilon and what simple rules count."""
    rows = [_distance(report, metric) for metric in DISTANCES]
    parts = [
        "The share of a group is of all images, corrected for the errors of the classifier, with what the noise "
        "of the sample and of the classifier's test leaves open. *Counted* is its share of the images whose "
        "group is clear, as the classifier says; *at least and most* is that of all, with all undecided images "
        "in other groups, and in it. *Undecided* is the share that is not clear among the images in which the "
        "classifier leans to that group.",
        shares_table(report),
        _undecided(report),
        table(["distance from the target", "corrected", "counted"], rows),
    ]
    if report.test and not report.shares_are_corrected:
        parts.append(
            f"Test of a generator on target ({escape(report.test.name)}, of the counts): "
            f"p = {number(report.test.p_value, 2)}, statistic {number(report.test.statistic)}."
        )
    return [*parts, *_marginals(report), *_epsilon(report.epsilon), *_rules(report)]


def _distance(report, metric):
    """A line of a table: a distance as counted and corrected; what is a share is in points."""
    info = metric_info(metric)
    text = points if info.unit == "points" else number
    return [info.label, *map(text, (getattr(report.corrected, metric, None), getattr(report, metric)))]


def _undecided(report):
    why = ", ".join(f"{escape(reason)} {count(n)}" for reason, n in report.undecided_reasons.items())
    both = f" (images by reason, one can have several: {why})" if why else ""
    return f"{percent(report.undecided)} of {count(report.n)} images are undecided{both}."


def _marginals(report):
    """Shares of each attribute, where groups are intersections, and the worst of these."""
    marginals = getattr(report.corrected, "marginals", None) or {}
    for attribute, found in marginals.items():
        columns = (found[name] for name in ("values", "target", "proportions", "intervals"))
        rows = [
            [value, percent(target), percent(share), interval(ends)]
            for value, target, share, ends in zip(*columns, strict=True)
        ]
        yield table([attribute, "target", "share", f"{100 * report.level:.0f} % interval"], rows)
    if marginals:
        worst = report.shares[report.corrected.worst]
        asked = report.target[report.groups.index(report.corrected.worst)]
        yield (
            f"The intersection that is the furthest below what was asked: **{escape(report.corrected.worst)}**, "
            f"{percent(worst.value)} of {percent(asked)}."
        )


def _epsilon(epsilon):
    if not epsilon:
        return []
    return [
        f"Epsilon of Definition 1, the largest {escape(epsilon.distance).upper()} over "
        f"{epsilon.repeats} samplings of {count(epsilon.n)} images: **{number(epsilon.epsilon)}**. "
        f"A generator exactly on target gets {number(epsilon.balanced_mean)} on average and stays below "
        f"{number(epsilon.balanced_quantile)} in 95 % of cases."
    ]


def _rules(report):
    if not report.rules:
        return []
    header = ["rule", *report.groups, "undecided", "right on real images"]
    rows = [
        [name, *map(percent, [*rule.proportions, rule.undecided, rule.accuracy])]
        for name, rule in report.rules.items()
    ]
    return ["Shares that simple rules count instead of the classifier:", table(header, rows)]


def classifier(report):
    """Returns the errors of the classifier that counted, and how far they can be corrected."""
    errors = report.classifier
    if not errors:
        return ["Nothing is known of the classifier that counted."]
    n = sum(map(sum, errors.confusion))
    parts = [
        f"On {count(n)} real images {_unseen(errors)}, the classifier is right for "
        f"{percent(errors.accuracy)}{_balanced(errors)}. From this table the shares are corrected:",
        _confusion(report.groups, errors.confusion),
        f"Of these images {percent(errors.undecided_real)} are undecided{_thresholds(report)}.",
    ]
    if errors.confusion_decided:
        parts.append(_confusion(report.groups, errors.confusion_decided, errors.undecided_real_by_group))
    if errors.calibration_errors:
        apart = zip(report.groups, errors.calibration_errors, strict=True)
        each = ", ".join(f"{escape(name)} {number(error)}" for name, error in apart)
        parts.append(f"How far its confidence is from its accuracy (expected calibration error): {each}.")
    return [*parts, *_correction(report), *_nearest_real(report.nearest_real, report.groups)]


def _nearest_real(found, groups):
    if not found:
        return []
    shares = ", ".join(
        f"{escape(name)} {percent(share)}" for name, share in zip(groups, found.proportions, strict=True)
    )
    return [
        f"A second way to count, of {count(found.n)} images whose group is clear: by the group of the real image most "
        f"like each they are {shares}. Both ways agree on {percent(found.agreement)} of them; were the images like "
        f"real ones, on {percent(found.expected)} at least."
    ]


def _unseen(errors):
    if not errors.made_elsewhere:
        return "that it was not trained on"
    return f"(whoever made it, {escape(errors.candidate)}, must not have trained it on these: it errs more on others)"


def _balanced(errors):
    if errors.balanced_accuracy is None:
        return ""
    return f"; groups counted equal, {percent(errors.balanced_accuracy)}"


def _thresholds(report):
    errors = report.classifier
    if not errors.thresholds:
        return f" at confidence {number(errors.confidence)}"
    each = ", ".join(
        f"{escape(name)} {number(least)}"
        for name, least in zip(report.groups, errors.thresholds, strict=True)
    )
    return f", at most {percent(errors.max_undecided)} of each group being meant to be; least probabilities: {each}"


def judges(report):
    """Returns what further judges say of the groups; nothing where there is one judge."""
    found = report.judges
    if not found:
        return []
    rows = []
    for place, judge in enumerate(found.each, 1):
        recalls = ", ".join(map(percent, judge["recalls"]))
        shares = ["cannot be told"] * len(report.groups)
        if judge["proportions"] is not None:
            pairs = zip(judge["proportions"], judge["intervals"], strict=True)
            shares = [f"{percent(share)} ({interval(ends)})" for share, ends in pairs]
        side = {True: "may be on target", False: "off target", None: "-"}[judge["on_target"]]
        rows.append([f"{place}: {judge['candidate']}", recalls, *shares, side])
    ranges = [interval(ends) for ends in found.ranges] if found.ranges else ["-"] * len(report.groups)
    rows.append(["lowest to highest", "", *ranges, ""])
    depends = "**The conclusion depends on the judge.** " if found.depends else ""
    return [
        f"{depends}Classifiers of other networks and seeds, each with held-out images of its own. The last line is "
        "over all judges, and over shares of the images of which each is sure at .6 and at .9.",
        table(["judge", "recalls", *report.groups, "target"], rows),
    ]


def _correction(report):
    """How far the shares can be corrected."""
    corrected = report.corrected
    if not corrected:
        return
    if corrected.condition is not None:
        yield (
            f"Condition number of its rates: {number(corrected.condition)} (1: a classifier without "
            "errors). It multiplies the noise of the counts."
        )
    if corrected.ill_conditioned:
        yield warning("The classifier confuses the groups so often that the corrected shares mean little.")
    if corrected.note:
        said = "Shares cannot be told" if report.proportions is None else "The shares are not corrected"
        yield warning(f"{said}: {corrected.note}")


def _confusion(groups, counts, undecided=None):
    header = ["true group", *(f"seen as {name}" for name in groups), "right"]
    rows = []
    for i, row in enumerate(counts):
        right = row[i] / sum(row) if sum(row) else None
        rows.append([groups[i], *map(count, row), percent(right)])
    if undecided is not None:
        header.append("undecided")
        rows = [[*row, count(n)] for row, n in zip(rows, undecided, strict=True)]
    return table(header, rows)


def classes(report):
    """Returns the shares in every class; nothing without classes."""
    unknown = [None] * len(report.classes)
    columns = ("n", "undecided", "gap", "kl", "noise_floor")
    rows = [
        [name, *map(percent, shares), count(n), percent(undecided), points(gap), number(kl), number(floor)]
        for name, shares, n, undecided, gap, kl, floor in zip(
            report.classes,
            report.by_class,
            *(getattr(report, f"by_class_{column}") or unknown for column in columns),
            strict=True,
        )
    ]
    labels = (metric_info(column).label for column in columns[1:])
    header = ["class", *report.groups, "images", *labels]
    return [table(header, rows)] if rows else []


def asked(report):
    """Returns whether images show the group asked for; nothing if the generator is told no groups."""
    asked = report.asked
    if not asked:
        return []
    header = ["made for", "images", *(f"seen as {name}" for name in report.groups)]
    header += ["undecided", "purity", "95 % interval", "corrected", f"{100 * report.level:.0f} % interval"]
    columns = (asked.n, asked.seen, asked.purity, asked.intervals, asked.corrected, asked.corrected_intervals)
    rows = [
        [name, count(n), *map(count, seen), percent(p), interval(ends), percent(true), interval(its_ends)]
        for name, n, seen, p, ends, true, its_ends in zip(report.groups, *columns, strict=True)
    ]
    parts = [
        "The generator is told the group, so the shares above are those that were asked for. Purity: the "
        "share of the images made for a group that show it, of those whose group is clear.",
        table(header, rows),
    ]
    if asked.label_association is not None:
        parts.append(
            "How far the label that the judge sees goes with the group asked for, Cramér's V (0: not at all, 1: one "
            f"fixes the other): {number(asked.label_association, 2)}; of the training images "
            f"{number(asked.label_association_training, 2)}."
        )
    texts = {
        "purity": "Purity in every class, as counted: does bias move to subgroups?",
        "undecided": "Undecided in every class:",
        "right_label": "Images that show the label asked for:",
    }
    for name, text in texts.items():
        cells = getattr(asked, f"{name}_by_class")
        if cells and cells[0]:
            lines = [[group, *map(percent, row)] for group, row in zip(report.groups, cells, strict=True)]
            parts += [text, table(["made for", *report.classes], lines)]
    return parts


def intersections(report):
    """Returns the groups crossed with a second attribute; nothing if there was none."""
    crossed = report.intersections
    if not crossed:
        return []
    if crossed.note:
        return [f"Groups by {escape(crossed.attribute)} cannot be told: {escape(crossed.note)}"]
    rows, within = [], []
    for name, shares, counts, own in zip(
        report.groups, crossed.shares, crossed.counts, crossed.within, strict=True
    ):
        cells = zip(shares, counts, strict=True)
        rows.append([name, *(f"{percent(share)} ({count(n)})" for share, n in cells)])
        within.append([name, *map(percent, own or [None] * len(counts))])
    header = ["group", *crossed.values]
    return [
        f"Groups by {escape(crossed.attribute)}: share of the images that are clear in both, and their "
        f"number. {percent(crossed.undecided)} are unclear in one of the two. The classifier of the "
        f"second attribute is right for {percent(crossed.accuracy)} of real images. Cramér's V: "
        f"{number(crossed.cramers_v, 2)} (0: unrelated, 1: one fixes the other), p = "
        f"{number(crossed.p_value, 2)} for a generator in which they are unrelated.",
        table(header, rows),
        "Within each group:",
        table(header, within),
    ]

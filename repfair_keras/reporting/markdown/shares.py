"""The parts of the Markdown report on how the groups are represented."""

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

DISTANCES = {
    "l1": "L1 distance",
    "kl": "KL (nats)",
    "tv": "total variation",
    "fd": "fairness discrepancy (L2)",
    "chebyshev": "largest distance of a share (Chebyshev)",
}


def corrected_shares(report):
    """Returns the report's corrected shares, `{}` where they are not known."""
    corrected = report.get("corrected") or {}
    return corrected if corrected.get("proportions") else {}


def shares_table(report):
    """Returns the shares of the groups, as counted and corrected, with their intervals."""
    unknown = [None] * len(report["groups"])
    corrected = corrected_shares(report)
    columns = [
        report["groups"],
        map(percent, report.get("target") or unknown),
        map(percent, report["proportions"] or unknown),
        map(interval, report["intervals"] or unknown),
        map(percent, corrected.get("proportions") or unknown),
        map(interval, corrected.get("intervals") or unknown),
        map(percent, (report.get("undecided_by_group") or {}).get("by_group") or unknown),
    ]
    header = ["group", "target", "counted", "95 % interval", "corrected", "95 % interval", "undecided"]
    return table(header, list(zip(*columns, strict=True)))


def representation(report):
    """Returns distances from the target, the noise beside them, epsilon and what simple rules count."""
    corrected = corrected_shares(report)
    rows = [["gap (largest minus smallest share)", points(report["gap"]), points(corrected.get("gap"))]]
    rows += [[name, number(report.get(key)), number(corrected.get(key))] for key, name in DISTANCES.items()]
    rows += [["noise floor of KL", number(report["noise_floor"]), "-"]]
    parts = [
        "The share of a group is of the images whose group is clear. *Undecided* is the share that is not "
        "clear among the images in which the classifier leans to that group.",
        shares_table(report),
        _undecided(report),
        table(["distance from the target", "counted", "corrected"], rows),
    ]
    if report.get("test"):
        test = report["test"]
        parts.append(
            f"Test of a generator on target ({escape(test['name'])}): p = {number(test['p_value'], 2)}, "
            f"statistic {number(test['statistic'])}."
        )
    return [*parts, *_epsilon(report.get("epsilon")), *_rules(report)]


def _undecided(report):
    reasons = report.get("undecided_reasons") or {}
    why = ", ".join(f"{escape(reason)} {count(n)}" for reason, n in reasons.items())
    both = f" (images by reason, one can have several: {why})" if why else ""
    return f"{percent(report['undecided'])} of {count(report['n'])} images are undecided{both}."


def _epsilon(epsilon):
    if not epsilon:
        return []
    return [
        f"Epsilon of Definition 1, the largest {escape(epsilon['distance']).upper()} over "
        f"{epsilon['repeats']} samplings of {count(epsilon['n'])} images: **{number(epsilon['epsilon'])}**. "
        f"A generator exactly on target gets {number(epsilon['balanced_mean'])} on average and stays below "
        f"{number(epsilon['balanced_quantile'])} in 95 % of cases."
    ]


def _rules(report):
    if not report.get("rules"):
        return []
    header = ["rule", *report["groups"], "undecided", "right on real images"]
    rows = [
        [name, *map(percent, [*rule["proportions"], rule["undecided"], rule["accuracy"]])]
        for name, rule in report["rules"].items()
    ]
    return ["Shares that simple rules count instead of the classifier:", table(header, rows)]


def classifier(report):
    """Returns the errors of the classifier that counted, and how far they can be corrected."""
    errors, corrected = report.get("classifier"), report.get("corrected") or {}
    if not errors:
        return ["Nothing is known of the classifier that counted."]
    n = sum(map(sum, errors["confusion"]))
    parts = [
        f"On {count(n)} real images that it was not trained on, the classifier is right for "
        f"{percent(errors['accuracy'])}. Of them {percent(errors.get('undecided_real'))} are undecided at "
        f"confidence {number(errors.get('confidence'))}.",
        _confusion(report["groups"], errors["confusion"]),
    ]
    if errors.get("confusion_decided"):
        parts.append("The same with undecided images apart; from this table the shares are corrected:")
        unclear = errors.get("undecided_real_by_group")
        parts.append(_confusion(report["groups"], errors["confusion_decided"], unclear))
    if corrected.get("condition") is not None:
        parts.append(
            f"Condition number of its rates: {number(corrected['condition'])} (1: a classifier without "
            "errors). It multiplies the noise of the counts."
        )
    if corrected.get("ill_conditioned"):
        parts.append(
            warning("The classifier confuses the groups so often that the corrected shares mean little.")
        )
    if corrected.get("note"):
        parts.append(warning(f"The shares are not corrected: {corrected['note']}"))
    return parts


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
    names = report.get("classes") or []
    unknown = [None] * len(names)
    columns = ("n", "undecided", "gap", "kl", "noise_floor")
    rows = [
        [name, *map(percent, shares), count(n), percent(undecided), points(gap), number(kl), number(floor)]
        for name, shares, n, undecided, gap, kl, floor in zip(
            names,
            report["by_class"],
            *(report.get(f"by_class_{column}") or unknown for column in columns),
            strict=True,
        )
    ]
    header = ["class", *report["groups"], "images", "undecided", "gap", "KL (nats)", "noise floor of KL"]
    return [table(header, rows)] if rows else []


def asked(report):
    """Returns whether images show the group asked for; nothing if the generator is told no groups."""
    told = report.get("asked")
    if not told:
        return []
    groups, header = (
        report["groups"],
        ["made for", "images", *(f"seen as {name}" for name in report["groups"])],
    )
    header += ["undecided", "purity", "95 % interval", "corrected", "95 % interval"]
    columns = (
        told[name] for name in ("n", "seen", "purity", "intervals", "corrected", "corrected_intervals")
    )
    rows = [
        [name, count(n), *map(count, seen), percent(p), interval(ends), percent(true), interval(its_ends)]
        for name, n, seen, p, ends, true, its_ends in zip(groups, *columns, strict=True)
    ]
    parts = [
        "The generator is told the group, so the shares above are those that were asked for. Purity: the "
        "share of the images made for a group that show it, of those whose group is clear.",
        table(header, rows),
    ]
    texts = {
        "purity": "Purity in every class, as counted: does bias move to subgroups?",
        "undecided": "Undecided in every class:",
        "right_label": "Images that show the label asked for:",
    }
    for name, text in texts.items():
        cells = told[f"{name}_by_class"]
        if cells[0]:
            lines = [[group, *map(percent, row)] for group, row in zip(groups, cells, strict=True)]
            parts += [text, table(["made for", *report["classes"]], lines)]
    return parts


def intersections(report):
    """Returns the groups crossed with a second attribute; nothing if there was none."""
    crossed = report.get("intersections")
    if not crossed:
        return []
    rows, within = [], []
    for name, shares, counts, own in zip(
        report["groups"], crossed["shares"], crossed["counts"], crossed["within"], strict=True
    ):
        cells = zip(shares, counts, strict=True)
        rows.append([name, *(f"{percent(share)} ({count(n)})" for share, n in cells)])
        within.append([name, *map(percent, own or [None] * len(counts))])
    header = ["group", *crossed["values"]]
    return [
        f"Groups by {escape(crossed['attribute'])}: share of the images that are clear in both, and their "
        f"number. {percent(crossed['undecided'])} are unclear in one of the two. The classifier of the "
        f"second attribute is right for {percent(crossed['accuracy'])} of real images. Cramér's V: "
        f"{number(crossed['cramers_v'], 2)} (0: unrelated, 1: one fixes the other), p = "
        f"{number(crossed.get('p_value'), 2)} for a generator in which they are unrelated.",
        table(header, rows),
        "Within each group:",
        table(header, within),
    ]

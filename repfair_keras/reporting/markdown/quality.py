"""The parts of the Markdown report on how good the images are."""

from repfair_keras.metrics.fidelity import HIGHER_IS_BETTER
from repfair_keras.reporting.image_row import value_in_worst
from repfair_keras.reporting.markdown.text import count, escape, number, percent, points, table

CLOSE = 1.5  # FID over that of real images in its place
NAMES = {metric: {"fid": "FID", "kid": "KID"}.get(metric, metric) for metric in HIGHER_IS_BETTER}


def verdict(report):
    """Returns the headline on quality: the worst group, by the first metric that has one."""
    quality = report.get("quality") or {}
    for metric, found in (quality.get("by_group") or {}).items():
        if found["worst"] is not None:
            real = (quality.get("real_by_group") or {}).get(metric) or {}
            beside = value_in_worst({**real, "worst": found["worst"]} if real else None, report["groups"])
            better = "higher" if HIGHER_IS_BETTER[metric] else "lower"
            ratio = None
            if found.get("relative_to_real"):
                ratio = value_in_worst(found, report["groups"], "relative_to_real")
            close = ratio is not None and ratio < CLOSE
            headline = "near real images in every group" if close else f"worst in {escape(found['worst'])}"
            return (
                f"**Quality: {headline}.** {NAMES[metric]} of {escape(found['worst'])} "
                f"{number(value_in_worst(found, report['groups']))} "
                f"({better} is better; real images in their place: {number(beside)}). Groups are compared by "
                "how far each is from real images of its own."
            )
    missing = _not_measured(report["groups"], quality)
    rare = f" in {missing}, too rare" if missing else ""
    return f"**Quality by group was not measured{rare}.**"


def _not_measured(names, quality):
    """Names of the groups without a value in the metric that most groups have."""
    values = [found["by_group"] for found in (quality.get("by_group") or {}).values()]
    best = max(values, key=lambda row: sum(value is not None for value in row), default=[])
    return " and ".join(escape(name) for name, value in zip(names, best, strict=False) if value is None)


def quality(report):
    """Returns the metrics over all images, per group and per class, beside what real images reach."""
    measured = report.get("quality")
    if not measured:
        return ["Quality was not measured."]
    parts = [
        _extractor(measured.get("extractor") or {}),
        *(f"- {escape(note)}" for note in measured.get("notes") or ()),
    ]
    if not measured.get("by_group"):
        return parts
    parts.append(
        "In brackets: real images in the same place, as many of them. FID and KID: lower is better; the "
        "others: higher is better, and density may exceed 1. *Difference* and *ratio* are between largest "
        "and smallest value."
    )
    parts += _split(report, "group", report["groups"])
    if measured.get("by_class"):
        parts += _split(report, "class", report["classes"])
    return parts


def _extractor(extractor):
    accuracies = [
        f"{percent(extractor.get(f'{what}_accuracy'))} of {plural}"
        for what, plural in (("label", "labels"), ("group", "groups"))
        if extractor.get(f"{what}_accuracy") is not None
    ]
    right = f", right for {' and '.join(accuracies)} of held-out real images" if accuracies else ""
    return (
        f"Features: {number(extractor.get('features'))}, by the extractor with hash "
        f"{escape(extractor.get('hash'))}{right}."
    )


def _split(report, what, names):
    measured, key = report["quality"], f"by_{what}"
    found, real_split = measured[key], measured.get(f"real_{key}") or {}
    real = measured.get("real") or {}
    rows = [["all images", *(_beside(each["overall"], real.get(m)) for m, each in found.items())]]
    for index, name in enumerate(names):
        reached = {metric: each[key][index] for metric, each in real_split.items()}
        rows.append([name, *(_beside(each[key][index], reached.get(m)) for m, each in found.items())])
    for statistic in ("difference", "ratio"):
        rows.append([statistic, *(number(each[statistic], 3) for each in found.values())])
    rows.append([f"worst {what}", *(each["worst"] or "-" for each in found.values())])
    return [
        f"**By {what}**, with {count(measured.get(f'n_{key}'))} images of each on each side; all images: "
        f"{count(measured.get('n'))}.",
        table([what, *(NAMES[metric] for metric in found)], rows),
    ]


def _beside(value, real):
    return f"{number(value, 3)} ({number(real, 3)})" if real is not None else number(value, 3)


def labels(report):
    """Returns how often a judge sees the label asked for; nothing without classes."""
    agreement = report.get("label_agreement")
    if not agreement:
        return []
    groups = zip(report["groups"], agreement["by_group"], agreement["judge_by_group"], strict=True)
    rows = [[name, percent(share), percent(judge)] for name, share, judge in groups]
    rows.append(["all images", percent(agreement["overall"]), percent(agreement["judge_accuracy"])])
    rows.append(["difference", points(agreement.get("difference")), "-"])
    classes = zip(report["classes"], agreement["by_class"], strict=True)
    header = ["group", "label asked for", "the same on real images"]
    return [
        "Share of images in which a classifier of labels sees the label that was asked for.",
        table(header, rows),
        table(["class", "label asked for"], [[name, percent(share)] for name, share in classes]),
    ]


def memorisation(report):
    """Returns whether generated images copy training images."""
    found = report.get("memorisation")
    if not found:
        return ["Copies of training images were not looked for."]
    suspects, expected = found["suspects"], found["expected_suspects"]
    against = (
        "training images"
        if found.get("training_known", True)
        else "real images, which need not be those it was trained on: copies of others, or of these in "
        "another group's form, are not found"
    )
    rows = [
        ["suspects of copying, all", percent(suspects["overall"]), percent(expected)],
        *(
            [f"suspects of copying, {name}", percent(share), percent(expected)]
            for name, share in zip(report["groups"], suspects["by_group"], strict=True)
        ),
        ["distance to the nearest training image", number(found["distance_ratio"]), "1"],
        ["nearest over second nearest distance", number(found["nndr"]), number(found["nndr_real"])],
    ]
    return [
        f"{count(found['n'])} generated images against {count(found['n_training'])} {against}. "
        "The distance is relative to that between real images. Distances are of pixels: they find copies, "
        "not variations.",
        table(["median, or share", "generated", "real"], rows),
    ]

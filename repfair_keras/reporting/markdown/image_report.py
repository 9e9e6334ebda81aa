"""The report as Markdown, for people."""

from pathlib import PurePosixPath
from urllib.parse import quote

from repfair_keras.reporting.markdown import quality as markdown_quality
from repfair_keras.reporting.markdown import shares as markdown_shares
from repfair_keras.reporting.markdown.classifiers import downstream_table, explained
from repfair_keras.reporting.markdown.latents import latents
from repfair_keras.reporting.markdown.text import count, escape, interval, number, percent, table, warning

CAPTIONS = {
    "representation": "Share of each group, overall and per class",
    "confusion": "Confusion matrix of the group classifier",
    "intersections": "Groups crossed with the second attribute",
    "asked": "Images that show the group they were made for",
    "quality": "Quality per group",
    "class_quality": "Quality per class",
    "codes": "Real and synthetic latents in two dimensions",
    "downstream": "Classifiers, tested on real images",
    "nearest": "Generated images nearest to a training image",
    "samples": "Samples",
    "assigned": "Images of each group, and undecided ones",
    "groups": "Real images of each group",
    "gradient_norms": "Gradient norms of the discriminator per group",
    "losses": "Losses",
}


LEVEL = 0.05  # of tests of counts alone, in early reports


def to_markdown(report, figures=()):
    """Returns the whole report as Markdown.

    Args:
        report: `ImageReport`.
        figures: names of image files in the folder `figures`, beside the Markdown file.

    Returns:
        str, ends with a newline.
    """
    shown = {PurePosixPath(figure).stem: figure for figure in figures}
    sections = [
        ("Representation", markdown_shares.representation(report), ["representation"]),
        ("Error of the classifier", markdown_shares.classifier(report), ["confusion"]),
        ("Judges", markdown_shares.judges(report), []),
        ("Classes", markdown_shares.classes(report), []),
        ("Intersections", markdown_shares.intersections(report), ["intersections"]),
        ("Groups asked for", markdown_shares.asked(report), ["asked"]),
        ("Quality", markdown_quality.quality(report), ["quality", "class_quality"]),
        ("Labels", markdown_quality.labels(report), []),
        ("Latents", latents(report), ["codes"]),
        ("Classifiers, tested on real images", _classifiers(report), ["downstream"]),
        ("Copies of training images", markdown_quality.memorisation(report), ["nearest"]),
    ]
    blocks = _headline(report)
    for title, parts, names in sections:
        pictures = [_picture(shown.pop(name)) for name in names if name in shown]
        if parts or pictures:
            blocks += [f"## {title}", *parts, *pictures]
    if shown:
        blocks += ["## Other figures", *map(_picture, shown.values())]
    blocks += ["## What these numbers assume", "\n".join(f"- {text}" for text in _assumptions(report))]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _headline(report):
    origin = {
        "method": report.method,
        "data set": report.dataset,
        "groups by": report.grouping,
        "seed of training": report.seed,
        "seed of samples": report.sample_seed,
    }
    known = [f"{key}: {escape(value)}" for key, value in origin.items() if value is not None]
    header = ["group", "share", f"{100 * report.level:.0f} % interval"]
    rows = [
        [name, percent(share.value), interval((share.low, share.high))]
        for name, share in report.shares.items()
    ]
    corrected = "all corrected" if report.shares_are_corrected else "not corrected"
    title = report.name or report.method or "generated images"
    return [
        f"# Report: {escape(title)}",
        "; ".join(known) + ("." if known else ""),
        f"Shares of the groups in {count(report.n)} generated images, {corrected} for "
        f"classifier error; the group of {percent(report.undecided)} is not clear.",
        table(header, rows),
        *(warning(text) for text in report.warnings),
        _verdict(report),
        markdown_quality.verdict(report),
    ]


def _verdict(report):
    """Says whether the shares can come from a generator on target, and what the correction changes."""
    if not report.shares_are_corrected and report.proportions is None:
        return f"**{escape(report.note or 'There are no shares.')}**"
    p = report.p_value
    if p is None:
        return "**The shares were not tested against the target.**"
    known = report.corrected.on_target if report.shares_are_corrected else None
    on_target = p >= LEVEL if known is None else known
    verdict = "may be on target" if on_target else "are not on target"
    errors = "are not in this" if known is None else "are taken into account"
    caution = " That is no proof that they are." if on_target else ""
    return (
        f"**The shares {verdict}**; the classifier's errors {errors}.{caution} A generator on target gives "
        f"shares as far from it in {percent(p)} of samples of {count(report.n)} images (p = {number(p, 2)})."
    )


def _classifiers(report):
    """What classifiers learn from the images, where the group can be taken out of them."""
    if not report.downstream:
        return []
    return [
        downstream_table(report),
        f"They tell {', '.join(map(escape, report.positive_classes))} from the other classes; they see "
        "the image without its group, and the group. A generated image has the group and the class that it "
        "was made for, or, where none was asked for, those that the classifier and the judge of labels see. "
        "Real images that are tested on are not trained on here; the generator may have seen them. "
        f"{explained('images')}",
    ]


def _assumptions(report):
    errs = report.corrected.assumption if report.corrected else None
    errs = errs or "the classifier errs on generated images as on real ones"
    extractor = report.quality.extractor if report.quality else None
    beside = ""
    if report.epsilon:
        beside = (
            f" Here {number(report.epsilon.epsilon)}, where a generator exactly on target gets "
            f"{number(report.epsilon.balanced_mean)} on average."
        )
    return [
        f"The correction assumes that {escape(errs)}. Errors are measured on real images; that they hold for "
        "generated ones is an assumption that nothing here tests.",
        "The intervals hold the noise of the sample, and those of corrected shares that of the classifier's test. "
        "At 99 % these hold the true share in at least 93 % of samples with nearly every classifier. "
        "They do not hold the noise of training: another seed gives another generator. Compare methods over "
        "several seeds.",
        "Every image counts for the corrected shares, an undecided one for the group to which the classifier "
        "leans; so it does for quality, labels and copies. Undecided images are left out of what is counted.",
        "Tables per class, and of a second attribute, are as counted, not corrected for classifier error.",
        "FID is biased by the number of images: the fewer, the larger. So every group has the same number, "
        "and every class; do not compare groups with all images, or with another number of images.",
        *([_comparable(extractor)] if extractor else []),
        f"Epsilon is a maximum over samplings, and so biased upward by noise.{beside}",
    ]


def _comparable(extractor):
    if extractor.trained_here:
        return (
            "The extractor of features was trained on this data. Quality can be compared only with numbers of the same "
            f"extractor (hash {escape(extractor.hash)}), not with published ones."
        )
    return (
        f"Quality was measured in features of {escape(extractor.called)}. Numbers compare with others in the same "
        "features, of as many images."
    )


def _picture(figure):
    stem = PurePosixPath(figure).stem
    caption = CAPTIONS.get(stem, stem.replace("_", " "))
    return f"![{escape(caption)}](figures/{quote(figure)})"

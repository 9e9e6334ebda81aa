"""What a reader must know first: signs that the images are not such as the classifier was tested on."""

from dataclasses import asdict

from repfair_keras.evaluation.images.nearest_real import apart
from repfair_keras.metrics.downstream import trivial
from repfair_keras.metrics.representation import total_variation

UNDECIDED_MORE = 0.05  # share of images undecided beyond what real images would be
RULE_RIGHT = 0.95  # accuracy of a rule on real images, above which it is believed
RULE_APART = 0.05  # its distance (total variation) from the counts, above which it contradicts them
FAR = 0.3  # coverage below this part of that of real images
REPEATED = 0.01  # share of images that are copies of others in the sample


def warnings_of(report):
    """Yields one sentence for each sign in an `ImageReport`."""
    expected = report.corrected.expected_undecided if report.corrected else None
    if expected is not None and report.undecided > expected + UNDECIDED_MORE:
        yield (
            f"{percent(report.undecided)} of the images are undecided, where {percent(expected)} of real "
            "images of these groups would be: they are not like real ones, and the classifier may err more on them."
        )
    if report.proportions is None:
        yield report.note
    else:
        yield from _rules_that_contradict(report)
        why = apart(report.nearest_real and asdict(report.nearest_real), report.groups)
        if why:
            yield f"The shares are not sure: {why}"
    if report.judges is not None and report.judges.depends:
        yield (
            "The conclusion depends on the judge: some find the shares on target and others do not. Do not rely on "
            "either."
        )
    overall, real = report.quality.overall, report.quality.real
    if overall is not None and overall["coverage"] < FAR * real["coverage"]:
        yield (
            f"The images are far from real ones (coverage {overall['coverage']:.2f}, real images "
            f"{real['coverage']:.2f}): what the classifier says of them is not reliable."
        )
    if report.downstream:
        yield from trivial(report.downstream, report.tested)
    if report.duplicates > REPEATED:
        yield f"{percent(report.duplicates)} of the images are exact copies of others in the sample."


def _rules_that_contradict(report):
    for name, rule in report.rules.items():
        if rule.accuracy < RULE_RIGHT or None in rule.proportions:
            continue
        if total_variation(rule.proportions, report.proportions) > RULE_APART:
            yield (
                f"The rule {name!r}, right for {percent(rule.accuracy)} of real images, counts other "
                "shares than the classifier: one of them is wrong on these images."
            )


def percent(share):
    """Returns a share, in [0, 1], as text."""
    return f"{100 * share:.1f} %"

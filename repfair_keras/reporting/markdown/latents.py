"""The part of a report that says what latents tell of the group."""

from repfair_keras.metrics.catalog import metric_info
from repfair_keras.reporting.markdown.text import number, percent, table

OF_TARGET = ("accuracy", "demographic_parity", "ftu")


def latents(report):
    """Returns blocks of Markdown; none for a generator without latents.

    Args:
        report: `ImageReport` or `TableReport`.
    """
    measured = report.latents
    if not measured:
        return []
    sizes = ", ".join(map(str, measured.n_test or ()))  # early runs do not have it
    of_groups = f" ({sizes} of the groups)" if sizes else ""
    rows = [
        [name.replace("_", " "), number(measured.leakage[name]["accuracy"]), number(auroc)]
        for name, auroc in measured.aurocs.items()
    ]
    header = ["group from a latent, by", *(metric_info(name).label for name in ("accuracy", "auroc"))]
    return [
        table(header, rows),
        f"On held-out rows{of_groups}; always naming the most frequent group is right for "
        f"{percent(measured.leakage['majority'])}; an AUROC of 0.5: nothing can be told. Standard deviations "
        f"of synthetic latents over real ones: {', '.join(number(r, 3) for r in measured.deviation_ratio)}.",
        *_target(measured),
    ]


def _target(measured):
    """What classifiers of real latents reach: the price of fair ones, whatever generator draws them."""
    for metrics, seen in (
        (measured.blind, "real latents alone"),
        (measured.downstream, "real latents and group"),
    ):
        if metrics:
            shown = ", ".join(
                f"{metric_info(name).label} {number(metrics[name][0], 3)}"
                for name in OF_TARGET
                if metrics[name]
            )
            yield f"A logistic regression of the target from {seen} has on held-out rows: {shown}."

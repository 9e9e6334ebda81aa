"""How good, and how unequal, are classifiers that were trained on the synthetic rows, or images?"""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.labels import as_it_is
from repfair_keras.figures.style import group_line, new_figure, plain
from repfair_keras.metrics.catalog import metric_info

METRICS = ("accuracy", "auroc", "demographic_parity", "ftu", "equalised_odds")


def plot(report):
    """Draws each metric of each classifier, by what it was trained on, with intervals over what is tested.

    Args:
        report: `TableReport` or `ImageReport`.

    Returns:
        `matplotlib.figure.Figure`; `None` where no classifiers were trained.
    """
    if not report.downstream:
        return None
    figure = new_figure(2.3 * len(METRICS), 3.2)
    for axes, metric in zip(figure.subplots(1, len(METRICS)), METRICS, strict=True):
        _draw_metric(axes, report.downstream, metric)
        if metric == "accuracy" and report.tested:
            axes.axhline(
                report.tested["majority"], color="grey", linestyle=":", label="the same for everybody"
            )
    handles, labels = figure.axes[0].get_legend_handles_labels()  # that of accuracy has the majority too
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    predicted = report.target if report.modality == "tables" else ", ".join(report.positive_classes)
    figure.suptitle(as_it_is(f"{predicted}: tested on real data, after training on real, synthetic and both"))
    return figure


def _draw_metric(axes, downstream, metric):
    """Draws a metric: a point per classifier and what it was trained on."""
    info = metric_info(metric)
    for number, (classifier, by_training) in enumerate(downstream.items()):
        known = [(i, metrics[metric]) for i, metrics in enumerate(by_training.values()) if metrics[metric]]
        places = [i + 0.15 * (number - (len(downstream) - 1) / 2) for i, _ in known]
        values = [value for _, (value, _, _) in known]
        ends = [[value - low, high - value] for _, (value, low, high) in known]
        bars = [[max(end[side], 0.0) for end in ends] for side in (0, 1)]
        label = classifier.replace("_", " ")
        axes.errorbar(
            places, values, bars, capsize=2, label=label, **group_line(number) | {"linestyle": "none"}
        )
    names = [side.replace("_", ", ") for side in by_training]
    axes.set_xticks(range(len(by_training)), names, rotation=30, ha="right", rotation_mode="anchor")
    axes.set_xlim(-0.5, len(by_training) - 0.5)
    if info.better == "lower":
        axes.set_ylim(bottom=info.low)
    axes.set_title(f"{info.axis or info.label}\n({info.advice})", fontsize=9)
    plain(axes)


FIGURE = Figure(plot, needs=("report",))

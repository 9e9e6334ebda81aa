"""How good, and how unequal, are classifiers that were trained on the synthetic rows, or images?"""

from repfair_keras.figures.style import group_line, new_figure, plain

METRICS = {
    "accuracy": "accuracy",
    "auroc": "AUROC",
    "demographic_parity": "demographic parity\n(difference, 0 is equal)",
    "ftu": "FTU (0: the group\nis ignored)",
    "equalised_odds": "equalised odds\n(difference, 0 is equal)",
}


def draw(report):
    """Draws each metric of each classifier, by what it was trained on, with intervals over what is tested.

    Args:
        report: dict as in `report.json`, of a table or of images.

    Returns:
        `matplotlib.figure.Figure`; `None` where no classifiers were trained.
    """
    downstream = report.get("downstream")
    if not downstream:
        return None
    figure = new_figure(2.3 * len(METRICS), 3.2)
    for axes, (metric, title) in zip(figure.subplots(1, len(METRICS)), METRICS.items(), strict=True):
        for number, (classifier, by_training) in enumerate(downstream.items()):
            known = [(i, each[metric]) for i, each in enumerate(by_training.values()) if each[metric]]
            places = [i + 0.15 * (number - 0.5) for i, _ in known]
            values = [value for _, (value, _, _) in known]
            ends = [[v - low, high - v] for _, (v, low, high) in known]
            bars = [[max(end[side], 0.0) for end in ends] for side in (0, 1)]
            label = classifier.replace("_", " ")
            line = {**group_line(number), "linestyle": "none"}
            axes.errorbar(places, values, bars, capsize=2, label=label, **line)
        axes.set_xticks(range(len(by_training)), by_training, rotation=30)
        axes.set_xlim(-0.5, len(by_training) - 0.5)
        if metric not in ("accuracy", "auroc"):
            axes.set_ylim(bottom=0)
        axes.set_title(title, fontsize=9)
        plain(axes)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    told = report.get("target") if "sensitive" in report else ", ".join(report["positive_classes"])
    figure.suptitle(f"{told}: tested on real data, after training on real, synthetic and both")
    return figure

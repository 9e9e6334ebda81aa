"""Real Adult: demographic parity and FTU depend on which classifier is asked.

No runs: measured are classifiers of the real rows, each with a few seeds where it draws anything.
"""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from repfair_keras.figures.style import COLORS, new_figure, plain
from repfair_keras.metrics.downstream import cells, from_counts
from repfair_keras.papers.figure import ILLUSTRATION, UNTESTED, Material, Measured, PaperFigure
from repfair_keras.reporting.markdown.text import number, table

PRINTED = {"demographic_parity": 0.180, "ftu": 0.116}  # of the supplement
METRICS = {"accuracy": "accuracy", "demographic_parity": "DP", "ftu": "FTU"}
SEEDS = (0, 1, 2)


def classifiers() -> dict:
    """Returns what is asked: dict of name to (function from a seed to a classifier, columns left out)."""
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import BernoulliNB
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import LinearSVC
    from sklearn.tree import DecisionTreeClassifier

    def logistic(seed):
        return LogisticRegression(max_iter=1000)

    return {
        "logistic regression": (logistic, ()),
        "linear SVM": (partial(_seeded, LinearSVC), ()),
        "MLP, 64 units, 15 epochs": (partial(_seeded, partial(MLPClassifier, (64,), max_iter=15)), ()),
        "random forest": (partial(_seeded, partial(RandomForestClassifier, min_samples_leaf=5)), ()),
        "gradient boosting": (partial(_seeded, HistGradientBoostingClassifier), ()),
        "decision tree": (partial(_seeded, DecisionTreeClassifier), ()),
        "naive Bayes": (lambda seed: BernoulliNB(), ()),
        "logistic regression without relationship": (logistic, ("relationship",)),
        "... and without marital-status": (logistic, ("relationship", "marital-status")),
    }


def _seeded(make, seed):
    return make(random_state=seed)


def measured_on(data, seeds=SEEDS, leave_out=()) -> list[dict]:
    """Returns a row per classifier and seed: `classifier`, `seed` and the metrics on test rows.

    Args:
        data: `TableDataset` of Adult.
        seeds: of classifiers that draw.
        leave_out: names of classifiers not to ask.
    """
    rows = []
    for name, (make, dropped) in classifiers().items():
        if name not in leave_out:
            kept = tuple(column for column in dropped if column in data.schema.names)
            drawn = seeds if "random_state" in make(0).get_params() else seeds[:1]
            rows += [{"classifier": name, "seed": seed, **_learnt(make(seed), data, kept)} for seed in drawn]
    return rows


def _learnt(model, data, dropped):
    import warnings

    schema, k = data.schema, data.n_groups
    left_out = (schema.sensitive, schema.target, *dropped)
    target = schema.place(schema.target)
    (train, groups, targets), (test, test_groups, test_targets) = (
        (
            schema.one_hot(codes, leave_out=left_out),
            schema.groups_of(codes),
            codes[:, target],
        )
        for codes in (data.codes, data.test_codes)
    )
    positive = schema.sizes[target] - 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an MLP of 15 epochs has not converged, as it is called
        model.fit(np.column_stack([train, np.eye(k)[groups]]), targets == positive)
    set_to = [
        model.predict(np.column_stack([test, np.broadcast_to(np.eye(k)[group], (len(test), k))]))
        for group in range(k)
    ]
    found = from_counts(cells(test_groups, test_targets == positive, np.stack(set_to), k))
    return {name: float(found[name]) for name in METRICS}


def measure(material: Material) -> Measured:
    """What do classifiers of the real rows say?"""
    if "adult" not in material.data:
        return Measured([], "Adult is not there: name its folder with --data_dir.", UNTESTED, "No data.")
    rows = measured_on(material.data["adult"])
    lines = [[name, *(_range(rows, name, metric) for metric in METRICS)] for name in _names(rows)]
    said = (
        "The supplement has FTU .116 and DP .180 and does not say of which classifier. Trained on real training rows "
        "in the paper's preprocessing, tested on test rows; least and largest of three seeds where they differ."
    )
    text = f"{table(['classifier', *METRICS.values()], lines)}\n\n{said}"
    ends = [sorted(row[metric] for row in rows) for metric in ("demographic_parity", "ftu")]
    why = "Over these classifiers " + " and ".join(
        f"{name} goes from {number(values[0], 2)} to {number(values[-1], 2)}"
        for name, values in zip(("DP", "FTU"), ends, strict=True)
    )
    return Measured(rows, text, ILLUSTRATION, f"{why}: they are no properties of the data alone.")


def _names(rows):
    return list(dict.fromkeys(row["classifier"] for row in rows))


def _range(rows, name, metric):
    values = [row[metric] for row in rows if row["classifier"] == name]
    low, high = f"{min(values):.3f}", f"{max(values):.3f}"
    return low if low == high else f"{low} to {high}"


def plot(material: Material) -> Figure | None:
    """Plots parity and FTU of each classifier, as they were measured; `None` without the data."""
    return plot_rows(material.measured.rows) if material.measured and material.measured.rows else None


def plot_rows(rows: list[dict]) -> Figure:
    """Plots parity and FTU of each classifier, and what the supplement prints.

    Args:
        rows: what `measured_on` returns.
    """
    names = _names(rows)
    figure = new_figure(8.5, 1.4 + 0.36 * len(names))
    for axes, metric in zip(figure.subplots(1, 2, sharey=True), PRINTED, strict=True):
        places = [names.index(row["classifier"]) for row in rows]
        axes.scatter([row[metric] for row in rows], places, s=22, color=COLORS[0], alpha=0.7, linewidths=0)
        axes.axvline(PRINTED[metric], color=COLORS[1], linestyle=":", label="printed in the supplement")
        axes.set_xlim(left=0)
        axes.set_title(METRICS[metric])
        plain(axes)
    figure.axes[0].set_yticks(range(len(names)), names, fontsize=9)
    figure.axes[0].invert_yaxis()
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", frameon=False, fontsize=9)
    figure.suptitle("Real Adult: what classifiers of the real rows do")
    return figure


FIGURE = PaperFigure(
    title="FLDGM: what classifiers of real Adult do",
    claim="The real Adult data have an FTU of .116 and a demographic parity of .180 (FLDGM, supplement).",
    sweep=None,
    measure=measure,
    plot=plot,
    select={},
    shows=("adult",),
)

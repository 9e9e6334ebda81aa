"""A `$` in a name that a user chose is a `$`: matplotlib would read a formula, lose letters, or fail."""

import dataclasses

import numpy as np
import pytest
from example_report import read_example
from matplotlib.cbook import is_math_text
from matplotlib.text import Text
from toy_tables import record, values

from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.figures import table_methods
from repfair_keras.figures.context import FigureContext
from repfair_keras.figures.save import save_figure
from repfair_keras.registry import lookup, names

GROUPS = ("$10_$20", "a_$_b_$_c")
LOG = [
    {"epoch": epoch, "d_loss_real": 0.6, "d_loss_fake": 0.4, "g_loss": 1.0, "undecided": 0.1}
    | {
        f"{column}/{name}": 0.5
        for column in ("d_loss", "d_grad_norm", "clip_fraction", "share")
        for name in GROUPS
    }
    for epoch in (1.0, 2.0)
]


def of_table():
    """A report on a table whose columns and groups have such names."""
    stored, of_values = record("fld_dm", 0)["report"], values()
    stored["quality"]["columns"] = dict.fromkeys(GROUPS, 0.9)
    for part in (of_values["copying"], of_values["membership"]):
        part["groups"] = dict(zip(GROUPS, part["groups"].values(), strict=True))
    return report_from_dict({**stored, "values": of_values, "groups": list(GROUPS), "target": GROUPS[1]})


def context(modality, digits):
    points = np.arange(24.0).reshape(12, 2)
    downstream = record("fld_dm", 0)["report"]["downstream"]
    of_images = read_example(GROUPS, GROUPS, downstream=downstream, positive_classes=list(GROUPS))
    return FigureContext(
        report=of_table() if modality == "tables" else of_images,
        log=LOG,
        dataset=dataclasses.replace(digits, group_names=GROUPS),
        group_names=GROUPS,
        max_grad_norm=1.0,
        projected={"pca": points, "tsne": points, "groups": np.arange(12) % 3 - 1},
    )


def check_drawn(figure, path):
    save_figure(figure, path, dpi=50)
    drawn = [text.get_text() for text in figure.findobj(Text)]
    assert not [
        text for text in drawn if is_math_text(text) and "mathdefault" not in text
    ]  # but for powers of ten


@pytest.mark.parametrize(
    ("name", "modality"),
    [(name, modality) for name in names("figure") for modality in lookup("figure", name).modalities],
)
def test_every_figure_shows_it(name, modality, digits, tmp_path):
    if (figure := lookup("figure", name).draw(context(modality, digits))) is not None:
        check_drawn(figure, tmp_path / "figure.png")


def test_names_of_methods_that_are_compared_show_it(tmp_path):
    rows = [
        {**report_from_dict(record("cart", seed)["report"]).to_row(), "method": GROUPS[0]} for seed in (0, 1)
    ]
    check_drawn(table_methods.plot(rows, "Methods"), tmp_path / "figure.png")

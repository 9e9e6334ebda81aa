"""What every paper figure keeps to: one file and line, a sweep with its runs, no verdict from few of them."""

import importlib
import math
import pkgutil
import subprocess
import sys

import pytest
from toy_figures import ALGORITHM_1, digits, measured, photographs
from toy_records import toy_records

from repfair_keras import papers
from repfair_keras.papers.figure import UNTESTED, VERDICTS, Material, PaperFigure
from repfair_keras.registry import REGISTRY, lookup, names
from repfair_keras.reporting.image_row import to_csv
from repfair_keras.sweeps.grid import packaged_sweeps, read_sweep
from repfair_keras.sweeps.identity import record_values
from repfair_keras.sweeps.records import matching

N_RUNS = {"gans_3": 10, "gans_4": 12, "gans_5": 6, "gans_methods": 30}  # as the pages say
OF_SHARES = ("4", "5", "6", "7", "9")
OVER_METHODS = ("1", "3", "ablations", "over_training")


def modules_with_a_figure():
    for module in pkgutil.walk_packages(papers.__path__, "repfair_keras.papers."):
        if hasattr(importlib.import_module(module.name), "FIGURE"):
            yield f"{module.name}:FIGURE"


def test_every_file_of_a_figure_has_a_line_in_the_registry():
    places = list(REGISTRY["paper_figure"].values())
    assert sorted(modules_with_a_figure()) == sorted(places)
    assert all(isinstance(lookup("paper_figure", name), PaperFigure) for name in names("paper_figure"))


@pytest.mark.parametrize("name", names("paper_figure"))
def test_the_sweep_of_a_figure_lies_beside_it(name):
    sweep = lookup("paper_figure", name).sweep
    if sweep is not None:
        paper = REGISTRY["paper_figure"][name].split(".")[2]
        assert packaged_sweeps()[sweep].parent.name == paper


def test_figures_are_listed_without_matplotlib_and_tensorflow():
    code = "import sys, repfair_keras.registry as r; r.names('paper_figure'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"matplotlib", "tensorflow", "keras"} & set(loaded.split())


@pytest.mark.parametrize("name", [*OF_SHARES, *N_RUNS])
def test_the_shipped_sweep_has_the_runs_of_the_figure(name):
    figure = lookup("paper_figure", name)
    configs = [{"config": record_values(config)} for config in read_sweep(figure.sweep).configs]
    runs = matching(configs, **figure.select)
    sizes = [len(value) if isinstance(value, tuple) else 1 for value in figure.select.values()]
    assert len(runs) >= 3 * math.prod(sizes) and len(runs) % math.prod(sizes) == 0
    assert len(runs) == N_RUNS.get(name, len(runs))


@pytest.mark.parametrize("name", OF_SHARES)
def test_every_figure_copes_with_nothing_and_with_one_seed(name):
    figure = lookup("paper_figure", name)
    assert measured(figure, []).verdict == UNTESTED
    shares = (0.2, 0.3, 0.4, 0.5)
    every = digits(1) + photographs(shares, 1)
    dataset = "cifar10" if figure.sweep == "shaded_shares" else "mnist"
    records = matching(every, **figure.select, dataset=dataset)
    got = measured(figure, records)
    assert records and got.verdict == UNTESTED and "seed" in got.why
    assert got.text and len(got.rows) >= len(records)


@pytest.mark.parametrize("name", ["4", "5", "9"])
def test_every_figure_copes_with_runs_that_decide_nothing(name):
    figure = lookup("paper_figure", name)
    records = {
        "4": digits(),
        "5": photographs((0.5,)),
        "9": photographs((0.2, 0.3, 0.4)),
    }[name]
    for record in records:
        for row in record["log"]:
            row |= {"undecided": 1.0} if "undecided" in row else {}
            for group in record["data"]["groups"]:
                row.pop(f"share/{group}", None)
        n = len(record["report"]["classes"])
        record["report"] |= {"proportions": None, "by_class": [None] * n, "by_class_undecided": [1.0] * n}
    got = measured(figure, records)
    assert got.verdict == UNTESTED, got.why
    assert figure.plot(Material(records, {})).axes


@pytest.mark.parametrize("name", OVER_METHODS)
def test_no_records_are_said_to_be_missing(name):
    figure = lookup("paper_figure", name)
    got = measured(figure, [])
    assert (got.rows, got.verdict, figure.plot(Material([], {}))) == ([], UNTESTED, None)
    assert "None of the runs" in got.text and "At least 3 seeds" in got.why


@pytest.mark.parametrize("name", OVER_METHODS)
def test_two_seeds_decide_nothing(name):
    figure = lookup("paper_figure", name)
    records = toy_records(method=ALGORITHM_1, seed=[0, 1], epochs=[8])
    got = measured(figure, records)
    assert got.verdict == UNTESTED and "plain GAN 2" in got.why
    assert len(got.rows) == len(records) and to_csv(got.rows).count("\n") == len(records) + 1
    assert figure.plot(Material(records, {})) is not None


@pytest.mark.parametrize("name", OVER_METHODS)
def test_one_seed_of_a_group_that_never_occurs_is_measured(name):
    figure = lookup("paper_figure", name)
    (record,) = toy_records(method=["gan"], epochs=[8])
    for row in record["log"]:
        row |= {"undecided": 1.0, "right_label": 0.1}
        for column in [column for column in row if column.startswith(("share/", "kid/"))]:
            del row[column]
    record["report"] |= {"proportions": None, "quality": None, "label_agreement": None, "corrected": None}
    got = measured(figure, [record])
    assert got.verdict == UNTESTED and "None" not in got.text
    assert figure.plot(Material([record], {})) is not None


@pytest.mark.parametrize("name", OVER_METHODS)
def test_every_figure_says_its_rule_and_names_the_stand_in(name):
    records = toy_records(dataset=["mnist_5k"], method=ALGORITHM_1, seed=[0, 1, 2], epochs=[8])
    got = measured(lookup("paper_figure", name), records)
    assert got.verdict in VERDICTS[:4] and got.parts and got.rule
    assert got.text.startswith("**Stand-in:** the paper used ") and "mnist_5k" in got.text
    assert {row["seed"] for row in got.rows} == {0, 1, 2}


@pytest.mark.parametrize("name", ["3", "ablations"])
def test_methods_are_compared_over_common_seeds_only(name):
    records = toy_records(method=["gan"], seed=[0, 1, 2]) + toy_records(method=["repfair"], seed=[1, 2, 3])
    got = measured(lookup("paper_figure", name), records)
    assert got.verdict == UNTESTED and "have 2 seeds in common" in got.why

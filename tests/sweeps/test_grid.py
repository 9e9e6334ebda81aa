"""A sweep file becomes runs, each once, or a message that says what is wrong with it."""

import itertools
import math

import pytest
import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.sweeps.draw import draw_settings
from repfair_keras.sweeps.grid import packaged_sweeps, read_sweep


@pytest.fixture
def write(tmp_path):
    """Function from what a sweep file holds to its path."""

    def make(content):
        path = tmp_path / "mine.yaml"
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False))
        return path

    return make


def test_every_combination_in_the_grid_s_order(write):
    sweep = read_sweep(write({"base": {"steps": 7}, "grid": {"seed": [0, 1], "method": ["gan", "repfair"]}}))
    assert sweep.name == "mine"
    runs = [(config.training.seed, config.method.name, config.training.steps) for config in sweep.configs]
    assert runs == [(0, "gan", 7), (0, "repfair", 7), (1, "gan", 7), (1, "repfair", 7)]
    assert sweep.configs[0].training.epochs is None
    assert sweep.configs[0].training.batch_size == 32, "the preset's values are in it"


def test_several_grids_are_joined_and_a_run_occurs_once(write):
    grids = [{"seed": [0, 1]}, {"seed": [1, 2], "share": [0.5, [0.3, 0.7]]}, {"seed": [0]}]
    configs = read_sweep(write({"grid": grids})).configs
    assert [(config.training.seed, config.data.share) for config in configs] == [
        *[(0, None), (1, None)],
        *[(1, 0.5), (1, [0.3, 0.7]), (2, 0.5), (2, [0.3, 0.7])],
    ]


def test_a_setting_that_a_method_does_not_read_makes_no_further_runs(write):
    grid = {"method": ["gan", "repfair"], "max_grad_norm": [0.5, 2, 10]}
    configs = read_sweep(write({"grid": grid})).configs
    assert [config.settings.max_grad_norm for config in configs if config.method.name == "repfair"] == [
        0.5,
        2.0,
        10.0,
    ]
    assert [config.method.name for config in configs].count("gan") == 1


def test_settings_take_the_place_of_the_base(write):
    path = write({"base": {"dataset": "cifar10"}, "grid": {"seed": [0]}})
    (config,) = read_sweep(path, dataset="svhn", data_dir=None).configs
    assert config.data.dataset == "svhn"
    assert config.data.data_dir is None


# Registered as too small to show anything: its runs are told, and not judged.
TOLD_ONLY = {"paper_rate_high"}


def test_a_draw_stands_beside_a_grid(write):
    settings = {"method": ["repfair", "gan"], "d_learning_rate": {"log": [1e-4, 1e-2]}, "seed": [7]}
    drawn = {"runs": 200, "draw_seed": 3, "settings": settings}
    path = write({"base": {"steps": 7}, "grid": {"seed": [0]}, "draw": drawn})
    first, *rest = read_sweep(path).configs
    assert (first.training.seed, len(rest)) == (0, 200)
    assert {config.training.steps for config in rest} == {7}
    assert {config.training.seed for config in rest} == {7}
    assert 70 < [config.method.name for config in rest].count("gan") < 130
    rates = [config.flat()["d_learning_rate"] for config in rest]
    assert 1e-4 <= min(rates) < 1.5e-4 < 7e-3 < max(rates) <= 1e-2
    assert 70 < sum(rate < 1e-3 for rate in rates) < 130, "as many in each decade"
    assert all(rate == float(f"{rate:.3g}") for rate in rates)
    assert read_sweep(path).configs == [first, *rest], "the same seed, the same draw"
    other = read_sweep(write({"base": {"steps": 7}, "draw": {**drawn, "draw_seed": 4}})).configs
    assert not set(rates) & {config.flat()["d_learning_rate"] for config in other[:5]}


def test_a_linear_draw_is_uniform():
    drawn = {"runs": 400, "draw_seed": 0, "settings": {"dropout": {"linear": [0.2, 0.6]}}}
    values = [one["dropout"] for one in itertools.islice(draw_settings(drawn), 400)]
    assert 0.2 <= min(values) < 0.21 < 0.59 < max(values) <= 0.6
    assert abs(sum(values) / 400 - 0.4) < 0.02


@pytest.mark.parametrize("name", [name for name in packaged_sweeps() if name not in TOLD_ONLY])
def test_sweeps_of_the_package(name):
    configs = read_sweep(name).configs
    assert len(configs) >= 6
    assert len({config.training.seed for config in configs}) >= 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"grid": {"sed": [0]}}, "unknown setting 'sed'"),
        ({"base": {"sed": 0}, "grid": {"seed": [0]}}, "unknown setting 'sed'"),
        ({"grid": {}}, r"grid is {}: expected settings"),
        ({"grid": []}, "grid is empty"),
        ({"grid": {"seed": []}}, r"seed is \[\] in the grid: expected a list of at least one"),
        ({"grid": {"seed": 3}}, "seed is 3 in the grid"),
        ({"base": {"seed": 1}, "grid": {"seed": [0]}}, "seed stands in the grid and in base"),
        ({"grid": {"seed": ["one"]}}, "seed is 'one': expected an integer"),
        ({"grid": {"seed": [-1]}}, r"seed is -1: expected an integer in"),
        ({"grid": {"method": ["rep_fair"]}}, "Did you mean 'repfair'"),
        ({"base": [1], "grid": {"seed": [0]}}, r"base is \[1\]"),
        ({"runs": {"seed": [0]}}, "expected `grid`"),
        ("seed", "expected `grid`"),
        ("grid: [", "cannot be read as YAML"),
        ({"draw": []}, "draw is empty"),
        ({"draw": {"runs": 3}}, r"draw holds {'runs': 3}: expected runs, draw_seed, settings"),
        (
            {"draw": {"runs": 0, "draw_seed": 0, "settings": {"seed": [0]}}},
            "runs of draw is 0: expected an integer",
        ),
        ({"draw": {"runs": 1, "draw_seed": -1, "settings": {"seed": [0]}}}, "draw_seed of draw is -1"),
        ({"draw": {"runs": True, "draw_seed": 0, "settings": {"seed": [0]}}}, "runs of draw is True"),
        ({"draw": {"runs": 1, "draw_seed": 0, "settings": {}}}, "settings of draw is {}"),
        *(
            (
                {"draw": {"runs": 1, "draw_seed": 0, "settings": {"dropout": wrong}}},
                "dropout is .* in draw: expected a list",
            )
            for wrong in (
                [],
                0.1,
                {"log": [0, 1]},
                {"linear": [1, 0]},
                {"linear": [0]},
                {"log": [0.1, math.inf]},
                {"normal": [0, 1]},
            )
        ),
        ({"draw": {"runs": 1, "draw_seed": 0, "settings": {"sed": [0]}}}, "unknown setting 'sed'"),
        (
            {"base": {"seed": 1}, "draw": {"runs": 1, "draw_seed": 0, "settings": {"seed": [0]}}},
            "seed stands in draw and",
        ),
        (
            {"draw": {"runs": 4, "draw_seed": 0, "settings": {"seed": [0, 1]}}},
            "draw has 4 runs, and 80 tries gave 2 different ones",
        ),
    ],
)
def test_bad_sweeps_are_refused(write, content, message):
    with pytest.raises(InputError, match=message):
        read_sweep(write(content))


def test_a_sweep_that_is_not_there_names_those_that_are():
    with pytest.raises(InputError, match="mnist_methods"):
        read_sweep("mnist_method")

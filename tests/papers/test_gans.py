"""On the Fairness of GANs: verdicts from made-up records; none claims more than they show."""

import dataclasses

import pytest
from repfair_keras.papers.end_of_training import end_rows
from repfair_keras.papers.fairness_of_gans.group_methods import GANS_METHODS
from repfair_keras.papers.fairness_of_gans.sample_means import GANS_3, GANS_4, GANS_5, sample_rows
from toy_records import toy_records

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN, UNTESTED, Material
from repfair_keras.sweeps.grid import read_sweep
from repfair_keras.sweeps.records import matching


def stacked(shares=(0.5,), seeds=10, **more):
    return toy_records(method=["stacked_gan"], share=list(shares), seed=list(range(seeds)), **more)


def with_share(record, second):
    """Gives a record these shares of its two groups at the end."""
    record["report"]["proportions"] = record["report"]["corrected"]["proportions"] = [1 - second, second]
    return record


@pytest.mark.parametrize(("figure", "runs"), [(GANS_3, 10), (GANS_4, 12), (GANS_5, 6), (GANS_METHODS, 30)])
def test_the_shipped_sweep_has_the_runs_of_the_figure(figure, runs):
    configs = [{"config": dataclasses.asdict(config)} for config in read_sweep(figure.sweep).configs]
    assert len(matching(configs, **figure.select)) == runs


def test_unequal_in_every_training():
    measured = GANS_3.measure(Material(stacked(), {}))
    assert measured.verdict == HOLDS
    assert "| 50 % | 10 |" in measured.text
    assert "brightness" not in measured.rows[0]


def test_equal_in_every_training():
    records = [with_share(record, 0.5 + 0.01 * (record["config"]["seed"] % 3)) for record in stacked()]
    assert GANS_3.measure(Material(records, {})).verdict == FAILS


def test_few_seeds_leave_it_open_or_untested():
    assert GANS_3.measure(Material(stacked(seeds=2), {})).verdict == UNTESTED
    assert GANS_3.measure(Material([], {})).verdict == UNTESTED
    records = [with_share(record, 0.5 + 0.4 * (record["config"]["seed"] % 2)) for record in stacked(seeds=5)]
    assert GANS_3.measure(Material(records, {})).verdict == OPEN


def test_all_samples_from_the_larger_group():
    records = stacked((0.3, 0.7), seeds=6)
    every = [with_share(record, round(record["config"]["share"])) for record in records]
    assert GANS_4.measure(Material(every, {})).verdict == HOLDS
    for record in (every[2], every[6]):  # one of each kind makes the rare group instead
        with_share(record, 1 - round(record["config"]["share"]))
    measured = GANS_4.measure(Material(every, {}))
    assert measured.verdict == IN_PART
    assert "in 10 of 12 trainings (exact 95 % interval 51.6 % to 97.9 %)" in measured.why
    favoured = stacked((0.3, 0.7), seeds=6)
    for record in favoured:
        seed = record["config"]["seed"]
        with_share(record, record["config"]["share"] * (1 + 0.05 * seed / 6) - 0.02)
    assert GANS_4.measure(Material(favoured, {})).verdict == FAILS, "favoured, but never alone"


def test_one_share_is_missing():
    measured = GANS_4.measure(Material(stacked((0.3,), seeds=5), {}))
    assert measured.verdict == UNTESTED
    assert "of 70 % there are 0" in measured.why


def test_pictures_have_a_panel_per_run():
    assert len([axes for axes in GANS_3.draw(Material(stacked(), {})).axes if axes.get_title()]) == 10
    assert GANS_3.draw(Material([], {})) is None
    records = stacked(seeds=5, dataset=["cifar10"], grouping=["shade"], use_labels=[True])
    figure = GANS_5.draw(Material(records, {}))
    assert "stand-in: cifar10 in place of the paper's svhn" in figure.get_suptitle()
    assert sample_rows(records)[0]["brightness"] == [20] * 50


METHODS = ["stacked_gan", "group_cgan", "boosted_gan", "repfair", "gan"]


def methods(seeds=6):
    return toy_records(method=METHODS, seed=list(range(seeds)))


def test_remedies_that_repair():
    measured = GANS_METHODS.measure(Material(methods(), {}))
    assert measured.verdict == HOLDS
    assert "group-conditional GAN" in measured.text
    assert "whether bias moves to subgroups" in measured.text
    assert "| made for | all | 0 | 1 |" in measured.text
    assert len(measured.rows) == 30


def test_remedies_that_do_not():
    records = methods()
    for record in records:
        if record["config"]["method"] in ("group_cgan", "boosted_gan"):
            with_share(record, 0.95)
    assert GANS_METHODS.measure(Material(records, {})).verdict == FAILS


def test_numbers_are_those_of_the_end():
    (record,) = toy_records(method=["boosted_gan"], seed=[0])
    with_share(record, 0.8)
    (row,) = end_rows([record])
    assert row["end_gap"] == row["end_lead/white"] == pytest.approx(0.6)
    assert row["end_share"] == row["end_share/white"] == 0.8
    assert row["lost_group"] is False
    (line,) = GANS_METHODS.measure(Material([record], {})).rows
    assert not [name for name in line if name.startswith("late")], "an ensemble has no log of its own"


def test_the_methods_are_drawn_with_their_names():
    figure = GANS_METHODS.draw(Material(methods(3), {}))
    names = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert any(name.startswith("boosted ensemble") for name in names)
    assert "end of training" in figure.get_suptitle()
    assert GANS_METHODS.measure(Material([], {})).verdict == UNTESTED

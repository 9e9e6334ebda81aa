"""On the Fairness of GANs, figures 3 to 5: verdicts from made-up records; none claims more than they show."""

from toy_figures import set_end_share
from toy_records import toy_records

from repfair_keras.papers.fairness_of_gans.fig3_equal_groups import FIGURE as GANS_3
from repfair_keras.papers.fairness_of_gans.fig4_unequal_groups import FIGURE as GANS_4
from repfair_keras.papers.fairness_of_gans.fig5_photographs import FIGURE as GANS_5
from repfair_keras.papers.fairness_of_gans.stacked_samples import sample_rows
from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN, UNTESTED, Material


def stacked(shares=(0.5,), seeds=10, **more):
    return toy_records(method=["stacked_gan"], share=list(shares), seed=list(range(seeds)), **more)


def test_unequal_in_every_training():
    measured = GANS_3.measure(Material(stacked(), {}))
    assert measured.verdict == HOLDS
    assert "| 50 % | 10 |" in measured.text
    assert "brightness" not in measured.rows[0]


def test_equal_in_every_training():
    records = [set_end_share(record, 0.5 + 0.01 * (record["config"]["seed"] % 3)) for record in stacked()]
    assert GANS_3.measure(Material(records, {})).verdict == FAILS


def test_few_seeds_leave_it_open_or_untested():
    assert GANS_3.measure(Material(stacked(seeds=2), {})).verdict == UNTESTED
    assert GANS_3.measure(Material([], {})).verdict == UNTESTED
    records = [
        set_end_share(record, 0.5 + 0.4 * (record["config"]["seed"] % 2)) for record in stacked(seeds=5)
    ]
    assert GANS_3.measure(Material(records, {})).verdict == OPEN


def test_all_samples_from_the_larger_group():
    records = stacked((0.3, 0.7), seeds=6)
    every = [set_end_share(record, round(record["config"]["share"])) for record in records]
    assert GANS_4.measure(Material(every, {})).verdict == HOLDS
    for record in (every[2], every[6]):  # one of each kind makes the rare group instead
        set_end_share(record, 1 - round(record["config"]["share"]))
    measured = GANS_4.measure(Material(every, {}))
    assert measured.verdict == IN_PART
    assert "in 10 of 12 trainings (exact 95 % interval 51.6 % to 97.9 %)" in measured.why
    favoured = stacked((0.3, 0.7), seeds=6)
    for record in favoured:
        seed = record["config"]["seed"]
        set_end_share(record, record["config"]["share"] * (1 + 0.05 * seed / 6) - 0.02)
    assert GANS_4.measure(Material(favoured, {})).verdict == FAILS, "favoured, but never alone"


def test_one_share_is_missing():
    measured = GANS_4.measure(Material(stacked((0.3,), seeds=5), {}))
    assert measured.verdict == UNTESTED
    assert "of 70 % there are 0" in measured.why


def test_pictures_have_a_panel_per_run():
    assert len([axes for axes in GANS_3.plot(Material(stacked(), {})).axes if axes.get_title()]) == 10
    assert GANS_3.plot(Material([], {})) is None
    records = stacked(seeds=5, dataset=["cifar10"], grouping=["shade"], use_labels=[True])
    figure = GANS_5.plot(Material(records, {}))
    assert "stand-in: cifar10 in place of the paper's svhn" in figure.get_suptitle()
    assert sample_rows(records)[0]["brightness"] == [20] * 50

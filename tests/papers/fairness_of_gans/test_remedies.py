"""On the Fairness of GANs, its remedies: verdicts and picture from made-up records."""

from toy_figures import set_end_share
from toy_records import toy_records

from repfair_keras.papers.fairness_of_gans.methods import FIGURE
from repfair_keras.papers.figure import FAILS, HOLDS, UNTESTED, Material

METHODS = ["stacked_gan", "group_cgan", "boosted_gan", "repfair", "gan"]


def methods(seeds=6):
    return toy_records(method=METHODS, seed=list(range(seeds)))


def test_remedies_that_repair():
    measured = FIGURE.measure(Material(methods(), {}))
    assert measured.verdict == HOLDS
    assert "group-conditional GAN" in measured.text
    assert "whether bias moves to subgroups" in measured.text
    assert "| made for | all | 0 | 1 |" in measured.text
    assert len(measured.rows) == 30


def test_remedies_that_do_not():
    records = methods()
    for record in records:
        if record["config"]["method"] in ("group_cgan", "boosted_gan"):
            set_end_share(record, 0.95)
    assert FIGURE.measure(Material(records, {})).verdict == FAILS


def test_the_methods_are_drawn_with_their_names():
    figure = FIGURE.plot(Material(methods(3), {}))
    names = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert any(name.startswith("boosted ensemble") for name in names)
    assert "end of training" in figure.get_suptitle()
    assert FIGURE.measure(Material([], {})).verdict == UNTESTED

"""Figure 5: shaded images, and the data that stand in."""

from toy_figures import digits, measured, photographs, with_shares

from repfair_keras.papers.figure import HOLDS, IN_PART, Material
from repfair_keras.papers.repfair.fig4_class_shares import FIGURE as FIGURE_4
from repfair_keras.papers.repfair.fig5_equal_shares import FIGURE


def test_figure_5_is_of_shaded_images_and_names_its_stand_in():
    got = measured(FIGURE, with_shares(photographs(seeds=6), gan=0.6, repfair=0.51))
    assert got.verdict == HOLDS, got.why
    assert "RepFair-GAN's gap minus the plain GAN's on the same seeds is" in got.why
    assert "Stand-in" in got.text and "cifar10" in got.text
    assert measured(FIGURE, with_shares(photographs(), gan=0.4, repfair=0.51)).verdict == IN_PART
    figure = FIGURE.plot(Material(photographs(), {}))
    assert "stand-in" in figure.get_suptitle()
    assert "Stand-in" not in measured(FIGURE_4, digits()).text

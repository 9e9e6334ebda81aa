"""FLDGM, the weight of the penalty: verdicts by their rule."""

from toy_tables import record

from repfair_keras.papers.figure import FAILS, IN_PART, UNTESTED, Material
from repfair_keras.papers.fldgm import alpha


def test_alpha():
    def material(at_seven, accuracy):
        levels = {0.0: (0.17, 0.85), 7.0: (at_seven, 0.82), 10.0: (0.0, accuracy)}
        return Material(
            [
                record("fld_wgan_gp", seed, weight, parity=parity, accuracy=right)
                for weight, (parity, right) in levels.items()
                for seed in range(3)
            ],
            {},
        )

    drawn = alpha.plot(material(0.01, 0.76))
    assert [axes.get_title()[:10] for axes in drawn.axes] == ["Inequality", "Accuracy o", "The group "]
    parts = alpha.measure(material(0.01, 0.76)).parts
    assert [state for _, state in parts] == ["shown"] * 3
    assert alpha.measure(material(0.1, 0.76)).verdict == IN_PART
    assert alpha.measure(material(0.3, 0.76)).verdict == FAILS
    assert alpha.measure(Material(material(0.1, 0.8).records[:8], {})).verdict == UNTESTED

"""The pages of FLDGM, from records of runs that never were: numbers by hand, verdicts by their rule."""

import math

import pytest
from toy_tables import record

from repfair_keras.evaluation.report import TableReport
from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN, UNTESTED, Material
from repfair_keras.papers.fldgm import fair_tables
from repfair_keras.papers.fldgm import fld_alpha as alpha
from repfair_keras.papers.fldgm import fld_colours as fair_colours
from repfair_keras.papers.fldgm import fld_latents as fair_codes
from repfair_keras.papers.fldgm.fair_rows import FAIR, PLAIN, fair_rows
from repfair_keras.papers.page import page
from repfair_keras.reporting.table_row import classifiers, leak


def comparison(**changes):
    """Three fair generators, and the plain one, which is as unfair as real rows."""
    every = [record(method, seed, **changes) for method in FAIR for seed in range(3)]
    plain = [record("fld_wgan_gp", seed, -math.inf, parity=0.17, auroc=0.6) for seed in range(3)]
    return Material([*every, *plain], {})


def test_a_row_has_the_numbers_of_the_report():
    row, plain = fair_rows([record("fld_dm", 1), record("fld_wgan_gp", 0, -math.inf)])
    assert (row["method"], plain["method"]) == ("fld_dm", PLAIN)
    assert row["demographic_parity/lr"] == pytest.approx(0.02, abs=0.001)
    assert (row["real_demographic_parity/lr"], row["real_accuracy/rf"]) == (0.18, 0.85)
    assert row["leak"] == pytest.approx(0.51, abs=0.001), "the larger of two classifiers"
    assert leak(TableReport()) is None


def test_fair_rows_hold_the_claim():
    measured = fair_tables.measure(comparison())
    assert measured.verdict == HOLDS
    assert len(measured.parts) == 15
    assert "FLD-DM: DP minus that of real rows is -0.16 (-0.16" in measured.parts[10][0]
    assert "| real rows |  | 0.18 | 0.09 | 0.85 |" in measured.text
    assert "| VAE + WGAN-GP | 3 | 0.17" in measured.text


def test_unfair_rows_do_not():
    assert fair_tables.measure(comparison(ftu=0.3)).verdict == IN_PART
    assert fair_tables.measure(comparison(ftu=0.3, parity=0.3)).verdict == FAILS
    assert fair_tables.measure(comparison(ftu=0.0895, parity=0.1795)).verdict == OPEN
    few = Material([each for each in comparison().records if each["config"]["seed"] < 2], {})
    assert fair_tables.measure(few).verdict == UNTESTED
    assert fair_tables.measure(Material([], {})).verdict == UNTESTED


def test_the_parts_beside_fairness():
    parts = dict(fair_tables.measure(comparison(accuracy=0.79)).parts)
    assert [state for text, state in parts.items() if "accuracy minus" in text] == ["contradicted"] * 3
    parts = dict(fair_tables.measure(comparison(auroc=0.7)).parts)
    assert [state for text, state in parts.items() if "AUROC" in text] == ["contradicted"] * 3


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

    drawn = alpha.draw(material(0.01, 0.76))
    assert [axes.get_title()[:10] for axes in drawn.axes] == ["Inequality", "Accuracy o", "The group "]
    parts = alpha.measure(material(0.01, 0.76)).parts
    assert [state for _, state in parts] == ["shown"] * 3
    assert alpha.measure(material(0.1, 0.76)).verdict == IN_PART
    assert alpha.measure(material(0.3, 0.76)).verdict == FAILS
    assert alpha.measure(Material(material(0.1, 0.8).records[:8], {})).verdict == UNTESTED


def test_codes_are_held_against_their_spread():
    assert fair_codes.measure(comparison()).verdict == HOLDS
    assert fair_codes.measure(comparison(ratio=0.7, shift=0.5)).verdict == FAILS
    assert fair_codes.measure(comparison(shift=-3.0)).verdict == IN_PART, "right spread, wrong place"
    assert fair_codes.draw(comparison()) is None, "no picture was kept"


def test_pages_of_tables_name_no_extractor():
    figure, material = fair_tables.FLD_ADULT, comparison()
    text = page("fld_adult", figure, figure.measure(material), material.records, [], True, False)
    assert "extractor" not in text
    assert "Trained by `python -m repfair_keras.sweep fld_adult`" in text
    assert fair_tables.FLD_ADULT.draw(material).axes


def test_colours():
    def coloured(purity, seed, method="fld_dm", weight=7.0, told=0.52):
        plain = {"auroc": 0.9, "parity": 0.17, "ftu": 0.08}
        one = record(method, seed, weight, **plain if weight < 0 else {"auroc": told})
        one["report"]["asked"] = {"purity": [1.0, purity - 0.001 * (seed + 2 * len(method) % 5), 0.99]}
        return one

    def material(purity, told=0.52):
        fair = [coloured(purity, seed, method, told=told) for method in FAIR for seed in range(3)]
        return Material([*fair, *(coloured(purity, s, "fld_wgan_gp", -math.inf) for s in range(3))], {})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fair_colours, "to_row", lambda report: {"kid": 0.1, **classifiers(report)})
        measured = fair_colours.measure(material(0.97))
        assert (measured.verdict, len(measured.parts)) == (HOLDS, 24)
        assert "FLD-DM: FTU minus that of the biased real digits is -0.0595" in measured.parts[21][0]
        assert "| real digits | 0.18 | 0.09 | 0.85 |" in measured.text
        rows = fair_colours.rows_of(material(0.97).records)
        assert rows[1]["purity"] == pytest.approx(0.97, abs=0.01), "that of the worst colour"
        assert fair_colours.measure(material(0.97, told=0.7)).verdict == IN_PART, "codes tell the colour"
        assert fair_colours.measure(material(0.5, told=0.7)).verdict == FAILS
        few = Material(material(0.97).records[1:3], {})
        assert fair_colours.measure(few).verdict == UNTESTED
        assert "| real digits | 0.18 | 0.09 | 0.85 |" in fair_colours.measure(few).text
        records = material(0.97).records
        records[0]["report"]["asked"]["purity"][2] = None
        assert fair_colours.rows_of(records)[0]["purity"] == 0, "a colour that no image shows"

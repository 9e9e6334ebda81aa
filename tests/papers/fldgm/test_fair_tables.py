"""FLDGM on tables, from records of runs that never were: numbers by hand, verdicts by their rule."""

import math
from types import SimpleNamespace

import pytest
from toy_tables import comparison, record

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN, UNTESTED, Material
from repfair_keras.papers.fldgm import adult, fair_tables
from repfair_keras.papers.fldgm.fair_rows import PLAIN, fair_rows
from repfair_keras.papers.page import page
from repfair_keras.reporting.table_row import leak


def test_a_row_has_the_numbers_of_the_report():
    row, plain = fair_rows([record("fld_dm", 1), record("fld_wgan_gp", 0, -math.inf)])
    assert (row["method"], plain["method"]) == ("fld_dm", PLAIN)
    assert row["demographic_parity/lr"] == pytest.approx(0.02, abs=0.001)
    assert (row["real_demographic_parity/lr"], row["real_accuracy/rf"]) == (0.18, 0.85)
    assert row["leak"] == pytest.approx(0.51, abs=0.001), "the larger of two classifiers"
    assert leak(SimpleNamespace(latents=None)) is None


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


def test_pages_of_tables_name_no_extractor():
    figure, material = adult.FIGURE, comparison()
    text = page("fld_adult", figure, figure.measure(material), material.records, [], True, False)
    assert "extractor" not in text
    assert "Trained by `python -m repfair_keras.sweep fld_adult`" in text
    assert adult.FIGURE.plot(material).axes

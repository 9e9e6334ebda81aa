"""Registered blocks on tables: endpoints by hand, real rows as an arm, classifiers that say nothing."""

import math
from pathlib import Path

import pytest
from toy_tables import record

from repfair_keras.papers.figure import FAILS, IN_PART, SHOWN, UNTESTED, WAITING, Material
from repfair_keras.papers.registered.registration import read_registration
from repfair_keras.papers.registered.table_endpoints import table_endpoints
from repfair_keras.registry import lookup
from repfair_keras.reporting.image_row import to_csv

FOLDER = Path(__file__).resolve().parents[3] / "docs/registration"


def block(name, records):
    return Material(records, {}, read_registration(FOLDER / f"{name}.yaml"))


def changed(made, **settings):
    made["config"] |= {"statistic": "v", "target_from": "code", **settings}
    return made


def adult(parity=0.02, ftu=0.2, told_ftu=0.03):
    """All runs of the block: fair generators, codes without the penalty half as fair."""
    made = []
    for seed in range(500, 506):
        made += [
            changed(record(m, seed, ftu=ftu, parity=parity)) for m in ("fld_wgan_gp", "fld_lsgan", "fld_dm")
        ]
        made.append(changed(record("fld_wgan_gp", seed, -math.inf, parity=0.09)))
        made.append(changed(record("fld_wgan_gp", seed, parity=0.04), statistic="u"))
        told = record("fld_wgan_gp", seed, parity=0.1, ftu=told_ftu)
        made.append(changed(told, target_from="code_and_group"))
    return made


def test_endpoints_are_those_of_the_classifier_that_is_registered():
    made = record("fld_dm", 1)
    found = table_endpoints(made)
    assert found["dp"] == pytest.approx(0.02, abs=1e-3) and found["ftu"] == pytest.approx(0.03, abs=1e-3)
    assert found["leak"] == pytest.approx(0.51, abs=1e-3) and found["majority"] is False
    assert found["dp_blind"] == 0.01 and found["dp_shuffled"] == 0.015 and found["ftu_shuffled"] == 0.001
    real = table_endpoints(made, "real_equal", across="alpha")
    assert (real["dp"], real["ftu"]) == pytest.approx((0.18, 0.09), abs=1e-3)
    assert (real["leak"], real["across"]) == (None, 7.0)
    assert real["dp_blind"] == 0.17 and real["dp_shuffled"] is None, "of synthetic rows alone"


def test_a_block_on_a_table_is_judged_against_real_rows():
    figure, material = lookup("paper_figure", "fld_adult"), block("fld_adult", adult())
    found = figure.measure(material)
    verdicts = {one.name: one.verdict for one in found.judged}
    assert verdicts["F4"] == "contradicted" and found.verdict == IN_PART
    assert all(verdicts[name] == SHOWN for name in verdicts if name != "F4")
    assert "demographic parity: 2" in found.text and "(fld_wgan_gp against real)" in found.text
    assert "DP without the group" in found.text and "lost a group" not in found.text
    assert len(found.rows) == 36 + 6 and to_csv(found.rows).count("\n") == 43
    assert figure.plot(material).axes


def test_unfair_rows_fail():
    found = lookup("paper_figure", "fld_adult").measure(block("fld_adult", adult(0.3, 0.3, 0.3)))
    verdicts = {one.name: one.verdict for one in found.judged}
    assert verdicts["F1"] == verdicts["F9"] == "contradicted"
    assert found.verdict in (FAILS, IN_PART)


def test_runs_that_are_missing_are_counted_for_real_rows_too():
    found = lookup("paper_figure", "fld_adult").measure(block("fld_adult", adult()[:12]))
    assert found.verdict == WAITING and "Runs so far: real 2 of 6, fld_wgan_gp 2 of 6" in found.why


def test_classifiers_that_name_the_majority_show_nothing():
    made = adult()
    for each in made:
        for side in ("synthetic", "real_equal"):
            each["report"]["downstream"]["logistic_regression"][side]["positive_rate"] = [0.001, 0, 0.01]
    found = lookup("paper_figure", "fld_adult").measure(block("fld_adult", made))
    assert {one.verdict for one in found.judged} == {UNTESTED}
    assert "predict nearly the same for everybody" in found.text


def test_weights_are_shown_as_a_map():
    made = [
        changed(record("fld_wgan_gp", seed, alpha), statistic=statistic, batch_size=batch)
        for seed in (510, 511, 512)
        for statistic in "vu"
        for batch in (512, 2048)
        for alpha in (5.0, 6.0, 7.0, 8.0)
    ]
    figure, material = lookup("paper_figure", "fld_alpha"), block("fld_alpha", made)
    found = figure.measure(material)
    assert "| 5 | v_512 | 3 |" in found.text and "| 8 | u_2048 | 3 |" in found.text
    labels = [tick.get_text() for tick in figure.plot(material).axes[0].get_xticklabels()]
    assert labels == ["5", "6", "7", "8"]

"""FLDGM, digits in colours: numbers by hand, verdicts by their rule."""

import math

import pytest
from toy_tables import record

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, UNTESTED, Material
from repfair_keras.papers.fldgm import colours
from repfair_keras.papers.fldgm.fair_rows import FAIR
from repfair_keras.reporting.table_row import classifiers


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
        patch.setattr(colours, "to_row", lambda report: {"kid": 0.1, **classifiers(report)})
        measured = colours.measure(material(0.97))
        assert (measured.verdict, len(measured.parts)) == (HOLDS, 24)
        assert "FLD-DM: FTU minus that of the biased real digits is -0.0595" in measured.parts[21][0]
        assert "| real digits | 0.18 | 0.09 | 0.85 |" in measured.text
        rows = colours.colour_rows(material(0.97).records)
        assert rows[1]["purity"] == pytest.approx(0.97, abs=0.01), "that of the worst colour"
        assert colours.measure(material(0.97, told=0.7)).verdict == IN_PART, "codes tell the colour"
        assert colours.measure(material(0.5, told=0.7)).verdict == FAILS
        few = Material(material(0.97).records[1:3], {})
        assert colours.measure(few).verdict == UNTESTED
        assert "| real digits | 0.18 | 0.09 | 0.85 |" in colours.measure(few).text
        records = material(0.97).records
        records[0]["report"]["asked"]["purity"][2] = None
        assert colours.colour_rows(records)[0]["purity"] == 0, "a colour that no image shows"

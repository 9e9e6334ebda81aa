"""FLDGM, latents of real and synthetic rows: verdicts by their rule."""

from toy_tables import comparison

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART
from repfair_keras.papers.fldgm import latents


def test_latents_are_held_against_their_spread():
    assert latents.measure(comparison()).verdict == HOLDS
    assert latents.measure(comparison(ratio=0.7, shift=0.5)).verdict == FAILS
    assert latents.measure(comparison(shift=-3.0)).verdict == IN_PART, "right spread, wrong place"
    assert latents.plot(comparison()) is None, "no picture was kept"

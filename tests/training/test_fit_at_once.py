"""What is fitted in one go: done once, read again by the run that it is of alone."""

from types import SimpleNamespace

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.methods.phase import Phase
from repfair_keras.runs.config import configure
from repfair_keras.runs.origin import origin_of
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.training.loop import fit_at_once


class Fitted:
    """Counts how often it is fitted, and what it reads."""

    def __init__(self):
        self.fits, self.read = 0, None

    def fit(self, progress):
        self.fits += 1

    def save(self, path):
        path.write_text("trees")

    def load(self, path):
        self.read = path.read_text()


def origin(**settings):
    return origin_of(
        configure(method="cart", dataset="diabetes", **settings), SimpleNamespace(fingerprint="f")
    )


def test_what_was_fitted_is_read_with_the_seconds_that_it_took(tmp_path):
    run, first, again = RunDir(tmp_path), Fitted(), Fitted()
    seconds = fit_at_once(Phase("trees", None, None, fitted=first), run, origin())
    assert first.fits == 1 and first.read is None and seconds > 0
    assert fit_at_once(Phase("trees", None, None, fitted=again), run, origin()) == seconds
    assert again.fits == 0 and again.read == "trees"


def test_another_run_does_not_go_on_with_it(tmp_path):
    run = RunDir(tmp_path)
    fit_at_once(Phase("trees", None, None, fitted=Fitted()), run, origin())
    with pytest.raises(InputError, match=r"trees.npz is of another run: seed was 0 and is 1"):
        fit_at_once(Phase("trees", None, None, fitted=Fitted()), run, origin(seed=1))


def test_trees_of_an_earlier_version_are_read(tmp_path):
    run, again = RunDir(tmp_path), Fitted()
    fit_at_once(Phase("trees", None, None, fitted=Fitted()), run, origin())
    (run.checkpoints / "trees.json").unlink()
    assert fit_at_once(Phase("trees", None, None, fitted=again), run, origin()) == 0.0
    assert again.read == "trees"

"""The check of an instrument finds good ones good, and bad ones bad."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.attribute_classifier import HeldOut
from repfair_keras.evaluation.images.validation import Validation, validate


def instrument(recalls, sizes, seed=0):
    """A classifier that recognises these shares of groups of these sizes, and else errs to the next group."""
    rng, k = np.random.default_rng(seed), len(sizes)
    groups = np.repeat(np.arange(k), sizes)
    right = rng.random(len(groups)) < np.array(recalls)[groups]
    seen = np.where(right, groups, (groups + 1) % k)
    held_out = HeldOut(
        np.arange(len(groups)), groups, np.eye(k)[seen] * 0.8 + 0.1, np.ones(len(groups), bool)
    )
    confusion = np.zeros((k, k), int)
    np.add.at(confusion, (groups, seen), 1)
    by_group = tuple(np.diag(confusion) / confusion.sum(axis=1))
    names = tuple("abcd"[:k])
    return SimpleNamespace(names=names, held_out=held_out, confusion=confusion, by_group=by_group)


@pytest.mark.parametrize(("recalls", "sizes"), [((0.92, 0.93), (200, 800)), ((0.7, 0.75), (500, 500))])
def test_a_classifier_whose_errors_are_known_can_be_trusted(recalls, sizes):
    found = validate(instrument(recalls, sizes), repeats=40)
    assert [cell.share for cell in found.cells] == pytest.approx([0.05, 0.2, 0.5, 0.8, 0.95], abs=0.02)
    assert found.trusted, found.to_markdown()
    assert "can be trusted" in found.verdict
    assert all(abs(cell.bias) < cell.width / 2 for cell in found.cells)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["trusted"] is True
    assert len(found.to_frame()) == 5
    assert f"| b | {100 * found.cells[0].share:.1f} % |" in found.to_markdown()
    assert validate(instrument(recalls, sizes), repeats=40) == found


def test_an_instrument_that_errs_otherwise_than_it_was_tested_is_found_out(monkeypatch):
    """As if errors were counted on images that it had been trained on: it knows those of one half by heart."""
    from repfair_keras.evaluation.images import validation

    honest = validation.bootstrap_interval

    def overfitted(counts, confusion, *more, **options):
        return honest(counts, np.diag(confusion.sum(axis=1)), *more, **options)

    monkeypatch.setattr(validation, "bootstrap_interval", overfitted)
    found = validate(instrument((0.8, 0.95), (600, 600)), repeats=40)
    assert not found.trusted
    assert "cannot be trusted" in found.verdict


def test_three_groups_have_each_its_cells():
    found = validate(instrument((0.9, 0.9, 0.9), (300, 300, 300)), repeats=10, shares=(0.2, 0.6))
    assert [(cell.group, round(cell.share, 2)) for cell in found.cells] == [
        (name, share) for name in "abc" for share in (0.2, 0.6)
    ]


@pytest.mark.parametrize(
    ("recalls", "sizes", "reason"),
    [((0.4, 0.9), (100, 100), "recognises only"), ((0.9, 0.9), (100, 15), "too few held-out real images")],
)
def test_what_cannot_be_told_is_not_tried(recalls, sizes, reason):
    found = validate(instrument(recalls, sizes))
    assert isinstance(found, Validation)
    assert found.cells == ()
    assert not found.trusted
    assert reason in found.verdict
    assert reason in found.to_markdown()


def test_bad_settings_are_named():
    with pytest.raises(InputError, match=r"repeats is 0 and shares are \[0.5, 1.0\]"):
        validate(instrument((0.9, 0.9), (100, 100)), repeats=0, shares=(0.5, 1.0))

"""Several judges are compared, and where they disagree the report says so."""

from types import SimpleNamespace

import numpy as np
import pytest

from repfair_keras.evaluation.images import image_report
from repfair_keras.evaluation.images.attribute_classifier import HeldOut
from repfair_keras.evaluation.images.group_assignment import Decision
from repfair_keras.evaluation.images.instruments import Attribute, with_judges
from repfair_keras.evaluation.images.judges import compare_judges
from repfair_keras.evaluation.images.thresholds import thresholds
from repfair_keras.evaluation.report import ImageReport, report_from_dict
from repfair_keras.reporting.markdown.shares import judges as to_text

HALF = np.array([0.5, 0.5])


class Judge:
    """Stands in for a classifier that is right with these recalls, and sees these groups in a sample."""

    def __init__(self, recalls, seen, n=400):
        groups = np.repeat([0, 1], [n, n])
        right = np.concatenate([np.arange(n) < round(recall * n) for recall in recalls])
        said = np.where(right, groups, 1 - groups)
        self.held_out = HeldOut(np.arange(2 * n), groups, self.sure(said), np.ones(2 * n, bool))
        self.by_group, self.candidate, self.seen = tuple(recalls), "small", seen
        self.n_train = 1000
        self.accuracy = self.balanced_accuracy = float(np.mean(recalls))
        self.calibration_errors = (0.0, 0.0)
        self.confusion = np.array(
            [[right[:n].sum(), n - right[:n].sum()], [n - right[n:].sum(), right[n:].sum()]]
        )

    def sure(self, said):
        return np.where(said[:, None] == np.arange(2), 0.95, 0.05)

    def chances(self, images):
        return self.sure(self.seen)

    def thresholds(self, confidence, max_undecided):
        return thresholds(self.held_out.chances, self.held_out.groups, max_undecided, confidence)


def attribute(recalls, n_first):
    seen = np.repeat([0, 1], [n_first, 1000 - n_first])
    return Attribute(SimpleNamespace(n_groups=2, group_names=("a", "b")), Judge(recalls, seen))


def test_judges_that_agree_after_correction():
    # Of 500 and 500 images the first judge sees 500, the second, which takes a fifth of b for a, 590.
    found = compare_judges(
        np.zeros(1000), [attribute((0.98, 0.98), 500), attribute((0.98, 0.8), 590)], HALF, Decision()
    )
    assert not found["depends"]
    assert [judge["on_target"] for judge in found["each"]] == [True, True]
    (low, high), _ = found["ranges"]
    assert low == pytest.approx(0.5, abs=1e-6) and high == pytest.approx(0.5, abs=1e-6)


def test_judges_that_disagree_are_told():
    found = compare_judges(
        np.zeros(1000), [attribute((0.98, 0.98), 500), attribute((0.98, 0.98), 700)], HALF, Decision()
    )
    assert found["depends"]
    assert found["ranges"][0] == pytest.approx([0.5, (0.7 - 0.02) / 0.96], abs=1e-6)
    report = ImageReport.from_dict({"groups": ["a", "b"], "n": 1000, "judges": found})
    text = "\n".join(to_text(report))
    assert "**The conclusion depends on the judge.**" in text
    assert "| lowest to highest |" in text and "off target" in text
    assert report_from_dict(report.to_dict()).judges.ranges == found["ranges"]


def test_a_judge_that_cannot_tell_has_no_number():
    found = compare_judges(
        np.zeros(1000), [attribute((0.98, 0.98), 500), attribute((0.5, 0.98), 300)], HALF, Decision()
    )
    assert found["each"][1]["proportions"] is None
    assert "recognises only 50 %" in found["each"][1]["note"]
    assert not found["depends"]
    report = ImageReport.from_dict({"groups": ["a", "b"], "n": 1000, "judges": found})
    assert "cannot be told" in "\n".join(to_text(report))
    nobody = compare_judges(np.zeros(1000), [attribute((0.5, 0.98), 300)], HALF, Decision())
    assert nobody["ranges"] is None


@pytest.mark.slow
def test_judges_of_other_networks_are_trained_once_and_reported(digits, instruments, tmp_path):
    several = with_judges(instruments, tmp_path, 3, steps=40)
    assert len(several.judges) == 2
    folders = sorted(path.name for path in tmp_path.iterdir())
    assert folders == [f"judge_{seed}_{digits.fingerprint}" for seed in (1, 2)]
    again = with_judges(instruments, tmp_path, 3)
    for one, other in zip(several.judges, again.judges, strict=True):
        np.testing.assert_array_equal(one.classifier.held_out.chances, other.classifier.held_out.chances)
    rows = [set(judge.classifier.test_rows) for judge in several.judges]
    assert rows[0] != rows[1]
    report, *_ = image_report.make_report(digits.images, digits.labels, several)
    assert len(report.judges.each) == 3
    assert "over 3 judges: black" in str(report)

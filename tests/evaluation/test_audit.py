"""Shares from predictions alone: the truth is found, and what is wrong with the files is named."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.commands import audit as command
from repfair_keras.commands.command_line import call
from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.report import read_report_file
from repfair_keras.metrics.representation import bootstrap_interval

NAMES = np.array(["female", "male"])


def predicted(groups, recalls=(0.85, 0.95), seed=0, probabilities=True, **columns):
    """What a classifier with these recalls says of images of these groups."""
    rng = np.random.default_rng(seed)
    seen = np.where(rng.random(len(groups)) < np.array(recalls)[groups], groups, 1 - groups)
    sure = np.where(seen == groups, rng.uniform(0.7, 1, len(groups)), rng.uniform(0.5, 0.8, len(groups)))
    female = np.where(seen == 0, sure, 1 - sure)
    said = {"female": female, "male": 1 - female} if probabilities else {"group": NAMES[seen]}
    return pd.DataFrame({**said, **columns})


@pytest.fixture
def real():
    groups = np.repeat([0, 1], [300, 1200])
    return predicted(groups, seed=1, true=NAMES[groups])


@pytest.fixture
def made():
    return predicted(np.repeat([0, 1], [400, 600]), seed=2)


def test_the_true_shares_are_within_the_intervals(made, real):
    counted = (made.female > 0.5).mean()
    report = rf.audit(made, validation=real, target={"female": 0.4, "male": 0.6})
    share = report.shares["female"]
    assert share.low < 0.4 < share.high < 0.5
    assert abs(share.value - 0.4) < abs(counted - 0.4) or abs(share.value - 0.4) < 0.02
    assert report.corrected.on_target
    assert not rf.audit(made, validation=real).corrected.on_target  # equal shares
    assert 0 < report.undecided < 0.1
    assert "corrected for the classifier's errors" in str(report)


def test_confusion_counts_do_as_well(made, real):
    confusion = pd.crosstab(real.true, NAMES[(real.male > 0.5).astype(int)])
    by_counts, by_images = rf.audit(made, confusion=confusion), rf.audit(made, validation=real)
    assert by_counts.shares == by_images.shares
    assert by_counts.undecided == 0


def test_without_errors_shares_are_as_counted_and_nothing_is_tested(made):
    report = rf.audit(predicted(np.repeat([0, 1], [400, 600]), seed=2, probabilities=False))
    assert not report.shares_are_corrected
    assert report.p_value is None
    assert "errors are not known" in report.warnings[0]
    assert "on target" not in str(report).replace("a generator on target", "")


def test_permuting_the_groups_permutes_the_result(made, real):
    one = rf.audit(made, validation=real)
    other = rf.audit(made, validation=real, groups=["male", "female"])
    assert list(other.shares) == ["male", "female"]
    for name in NAMES:
        np.testing.assert_allclose(one.shares[name], other.shares[name], atol=0.01)


def test_two_judges_of_a_balanced_generator_hold_the_truth_between_them():
    """Judges of .95 and .98 accuracy, each measured on its own real images."""
    held = 0
    for repeat in range(300):
        lows, highs = [], []
        for judge, recall in enumerate((0.95, 0.98)):
            rng = np.random.default_rng((repeat, judge))
            right = rng.binomial(250, recall, 2)
            confusion = np.array([[right[0], 250 - right[0]], [250 - right[1], right[1]]])
            female = rng.binomial(500, recall) + rng.binomial(500, 1 - recall)
            (low, high), _ = bootstrap_interval(np.array([female, 1000 - female]), confusion, 0.99, repeat)
            lows.append(low)
            highs.append(high)
        held += min(lows) <= 0.5 <= max(highs)
    assert held >= 0.94 * 300


def test_a_classifier_that_cannot_tell_gives_no_number(made):
    confusion = pd.DataFrame([[110, 90], [10, 190]], index=NAMES, columns=NAMES)
    report = rf.audit(made, confusion=confusion)
    assert report.shares["female"].value is None
    assert report.p_value is report.gap is None
    assert "recognises only 55 % of 'female'" in str(report)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.assign(male=0.3), "the probabilities of row 1 sum to"),
        (lambda frame: frame.assign(female="x"), "'female' is 'x' in row 1"),
        (
            lambda frame: frame.assign(age=41, job="cook"),
            "'age', 'job' are no columns of probabilities. Give 'group'",
        ),
        (lambda frame: frame.assign(group="male"), "a column 'group', and 'female', 'male'"),
        (lambda frame: frame[["female"]], "its columns are 'female'"),
        (
            lambda frame: frame.rename(columns={"male": "man"}),
            r"columns of probabilities are female, man\. Expected one",
        ),
        (lambda frame: frame[:0], "has no rows"),
        (
            lambda frame: frame.assign(image=["a.png", "b.png", *range(len(frame) - 3), "b.png"]),
            r"'b\.png' is in row 2 and 1000",
        ),
    ],
)
def test_bad_predictions_are_named(change, message, made, real):
    with pytest.raises(InputError, match=message):
        rf.audit(change(made), validation=real)


def test_groups_that_there_are_not_are_named_all_at_once(real):
    made = pd.DataFrame({"group": ["female", "woman", "", "male", "child"]})
    with pytest.raises(InputError, match=r"(?s)'woman' in row 2.*empty in row 3.*'child' in row 5"):
        rf.audit(made, validation=real)
    with pytest.raises(InputError, match="there is no column 'true'"):
        rf.audit(made, validation=real.drop(columns="true"))


def test_a_file_that_is_no_table_and_a_group_without_real_images_are_told(made, tmp_path):
    (tmp_path / "confusion.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"confusion\.csv is no CSV of confusion counts"):
        rf.audit(made, confusion=tmp_path / "confusion.csv")
    none = pd.DataFrame([[0, 0], [10, 190]], index=NAMES, columns=NAMES)
    report = rf.audit(made, confusion=none)
    assert report.shares["female"].value is None
    assert "'female' has 0" in report.note


@pytest.mark.parametrize(
    ("confusion", "message"),
    [
        (
            pd.DataFrame([[1, 2], [3, 4]], index=NAMES, columns=["female", "man"]),
            "expected the same groups, female, male",
        ),
        (pd.DataFrame([[0.9, 0.1], [0.2, 0.8]], index=NAMES, columns=NAMES), "rates do not say"),
    ],
)
def test_bad_confusion_counts_are_named(confusion, message, made):
    with pytest.raises(InputError, match=message):
        rf.audit(made, confusion=confusion)


def test_the_command_writes_a_report(made, real, tmp_path, capsys):
    made.to_csv(tmp_path / "made.csv", index=False)
    real.to_csv(tmp_path / "real.csv", index=False)
    words = [
        str(tmp_path / "made.csv"),
        "--validation",
        str(tmp_path / "real.csv"),
        "--out",
        str(tmp_path / "out"),
    ]
    call(command.main, [*words, "--target", "female=0.4,male=0.6"])
    assert "may be on target" in capsys.readouterr().out
    report = read_report_file(tmp_path / "out")
    assert (report.name, report.target, report.n) == ("made", [0.4, 0.6], 1000)
    assert (tmp_path / "out" / "report.md").read_text().startswith("# Report: made")
    with pytest.raises(SystemExit):
        call(command.main, words)
    assert "out" in capsys.readouterr().err  # never overwritten
    with pytest.raises(SystemExit):
        call(command.main, [words[0], "--target", "female=2"])
    assert "expected a number in [0, 1]" in capsys.readouterr().err


def test_no_tensorflow_is_needed(made, real, tmp_path):
    made.to_csv(tmp_path / "made.csv", index=False)
    real.to_csv(tmp_path / "real.csv", index=False)
    code = (
        "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = None; import repfair_keras as rf; "
        "print(rf.audit('made.csv', validation='real.csv'))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "may be" in done.stdout or "off target" in done.stdout

"""`repfair_keras.audit`: what predictions of a classifier say of the groups in generated images."""

from pathlib import Path
from typing import Any

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import make_folder
from repfair_keras.runs.run_folder import RunDir


def audit(
    predictions: Any,
    target: Any = None,
    validation: Any = None,
    confusion: Any = None,
    groups: Any = None,
    name: str | None = None,
    out: str | Path | None = None,
    confidence: float = 0.9,
    max_undecided: float = 0.05,
    seed: int = 0,
):
    """Measures shares of groups from predictions of any classifier: no images, no data, no TensorFlow.

    Args:
        predictions: CSV or DataFrame, a row per generated image. Columns: `group`, the predicted one; or one column per
            group, named like it, with its probability.
        target: shares asked for: one number per group, or a dict of group to share; `None`: equal.
        validation: the same of real images that the classifier was not trained on, with a column `true`.
        confusion: in the place of `validation`: counts, a row for each true group, named in the first column, and a
            column for each predicted one.
        groups: names of the groups; `None`: those that occur.
        name: name in tables; `None`: that of the file.
        out: new folder for `report.html`, `.md`, `.json` and `.csv`; `None`: nothing is written.
        confidence, max_undecided: which images are clear, where probabilities are given; see `ImageEvaluation`.
        seed: seed of what is simulated.

    Returns:
        `ImageReport`; without `validation` or `confusion` shares are as counted, and a warning says so.

    Raises:
        InputError: lists what is wrong with the files.

    Examples:
        >>> import pandas as pd, repfair_keras as rf
        >>> made = pd.DataFrame({"group": ["female"] * 300 + ["male"] * 700})
        >>> errors = pd.DataFrame({"female": [450, 20], "male": [50, 480]}, index=["female", "male"])
        >>> report = rf.audit(made, confusion=errors)
        >>> round(report.shares["female"].value, 3), report.corrected.on_target
        (0.302, False)
    """
    from repfair_keras.evaluation.audit import audit_predictions
    from repfair_keras.evaluation.images.group_assignment import Decision

    if out is not None:
        RunDir(out).check_new()
    for setting, value in (("confidence", confidence), ("max_undecided", max_undecided)):
        if not 0 <= value <= 1:
            raise InputError(f"{setting} is {value}: expected a number from 0 to 1.")
    decision = Decision(confidence, max_undecided)
    report = audit_predictions(predictions, target, validation, confusion, groups, name, decision, seed)
    if out is not None:
        from repfair_keras.reporting.markdown import to_markdown
        from repfair_keras.reporting.write_report import write_report

        make_folder(out)
        with RunDir(out).new_evaluation() as made:
            write_report(made, report, to_markdown(report))
    return report

"""442 people with diabetes that scikit-learn ships: a small real table without download."""

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.dataset import RawTable

MEDIAN = 140.5  # of the measure of progression


def load(data_dir=None):
    """Loads the table that scikit-learn ships.

    Args:
        data_dir: must be `None`; the table comes with scikit-learn.

    Returns:
        `RawTable`: 442 rows; groups by sex (1 and 2, as in the source, which does not say which is which),
        target is whether the disease progressed by more than the median within a year.

    Raises:
        InputError: if `data_dir` is given: its files would be ignored.

    Reference: Efron et al. 2004, Least Angle Regression.
    """
    from sklearn.datasets import load_diabetes

    if data_dir is not None:
        raise InputError(
            f"data_dir {str(data_dir)!r} is given, but diabetes reads no files. For your own table name "
            "--dataset csv, or leave it out."
        )
    frame = load_diabetes(as_frame=True, scaled=False).frame
    frame["sex"] = frame["sex"].astype(int)
    frame["progression"] = frame.pop("target") > MEDIAN  # the last value in order is the positive one
    frame["progression"] = frame["progression"].map({False: "below median", True: "over median"})
    return RawTable(
        name="diabetes",
        source=f"{len(frame):,} people with diabetes (Efron et al. 2004), as scikit-learn ships them.",
        train=frame,
        sensitive="sex",
        target="progression",
    )

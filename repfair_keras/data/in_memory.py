"""Data that lies in the memory of a Python process: nothing that a command could load."""

from repfair_keras.core.errors import InputError

ARRAYS, DATAFRAME = "arrays", "dataframe"  # names of these data sets, in configurations
IN_MEMORY = (ARRAYS, DATAFRAME)


def load(data_dir=None):
    """Raises `InputError`: says how to go on with a run on such data."""
    raise InputError(
        f"the data sets `{ARRAYS}` and `{DATAFRAME}` lie in the memory of a Python process. Go on from Python, with "
        "the same data: rf.train(data, resume=FOLDER), or rf.evaluate(FOLDER, reference=data)."
    )

"""Data that lies in the memory of a Python process: nothing that a command could load."""

from repfair_keras.core.errors import InputError

IN_MEMORY = ("arrays", "dataframe")  # of these data sets, in configurations


def load(data_dir=None):
    """Raises `InputError`: says how to go on with a run on such data."""
    raise InputError(
        "the data sets `arrays` and `dataframe` lie in the memory of a Python process. Go on from Python, with the "
        "same data: rf.train(data, resume=FOLDER), or rf.evaluate(FOLDER, reference=data)."
    )

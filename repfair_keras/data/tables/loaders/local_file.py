"""Where in a user's folder the file of a data set lies."""

from pathlib import Path

from repfair_keras.core.reading import regular_file
from repfair_keras.data.images.checks import existing_path


def local_file(data_dir, dataset, names, expected):
    """Finds the file of a data set.

    Args:
        data_dir: path of the file, or of a folder that has it, itself or in a folder `<dataset>` or `tables`.
        dataset: name of the data set.
        names: names that the file may have, the one that is looked for first in front.
        expected: what should be there, for the message.

    Returns:
        `Path`.

    Raises:
        InputError: if there is no such file.
    """
    path = existing_path(data_dir, dataset, expected)
    if not path.is_dir():
        return regular_file(path, expected)
    places = [folder / name for folder in (path, path / dataset, path / "tables") for name in names]
    return regular_file(next((place for place in places if place.is_file()), places[0]), expected)


def first_line(path: Path) -> str:
    """Returns the first line of a file, as far as 10,000 bytes go."""
    with path.open("rb") as file:
        return file.readline(10_000).decode("utf-8", "replace")

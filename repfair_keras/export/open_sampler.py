"""Opens whatever generator a folder holds."""

from pathlib import Path

from repfair_keras.core.errors import InputError
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.export.saved_model import SCHEMA
from repfair_keras.export.table_sampler import TableSampler
from repfair_keras.pretrained import folder_of
from repfair_keras.runs.run_folder import RunDir


def open_sampler(folder: str | Path) -> ImageSampler | TableSampler:
    """Loads an exported generator; what the folder holds says whether it makes images or rows.

    Args:
        folder: folder of a SavedModel that this package has exported, or of a finished run; or
            `"pretrained:repfair_mnist"`, of one that comes with the package.

    Returns:
        `ImageSampler` or `TableSampler`.

    Raises:
        InputError: if it holds neither, or the run is not finished.

    Examples:
        >>> open_sampler("pretrained:repfair_mnist").takes_labels
        True
    """
    if str(folder).startswith("hf:"):  # a path by now, which has lost a stroke
        address = "hf://" + str(folder).removeprefix("hf:").lstrip("/")
        raise InputError(
            f"{address} lies on a hub, and its graph is a program of whoever pushed it: fetch it in Python, with "
            f"rf.load_generator({address!r}, run_graph=True), which says what it is."
        )
    folder = export_folder(folder)
    return TableSampler(folder) if is_table_export(folder) else ImageSampler(folder)


def export_folder(folder: str | Path) -> Path:
    """Returns the folder of the SavedModel of a run, or of one that comes with the package, or the folder itself.

    Raises:
        InputError: if the run is not finished.
    """
    folder = folder_of(folder)
    run = RunDir(folder)
    if not run.config.is_file():
        return folder
    run.check_finished()
    return run.generator


def is_table_export(folder: str | Path) -> bool:
    """Whether a folder holds an exported generator of rows."""
    return (Path(folder) / SCHEMA).is_file()

"""Opens whatever generator a folder holds."""

from pathlib import Path

from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.export.saved_model import SCHEMA
from repfair_keras.export.table_sampler import TableSampler
from repfair_keras.runs.run_folder import RunDir


def open_sampler(folder: str | Path) -> ImageSampler | TableSampler:
    """Loads an exported generator; what the folder holds says whether it makes images or rows.

    Args:
        folder: folder of a SavedModel that this package has exported, or of a finished run.

    Returns:
        `ImageSampler` or `TableSampler`.

    Raises:
        InputError: if it holds neither, or the run is not finished.

    Examples:
        >>> open_sampler("saved_models/repfair_mnist").takes_labels
        True
    """
    folder = export_folder(folder)
    return TableSampler(folder) if is_table_export(folder) else ImageSampler(folder)


def export_folder(folder: str | Path) -> Path:
    """Returns the folder of the SavedModel of a run, or the folder itself if it is no run.

    Raises:
        InputError: if the run is not finished.
    """
    run = RunDir(folder)
    if not run.config.is_file():
        return Path(folder)
    run.check_finished()
    return run.generator


def is_table_export(folder: str | Path) -> bool:
    """Whether a folder holds an exported generator of rows."""
    return (Path(folder) / SCHEMA).is_file()

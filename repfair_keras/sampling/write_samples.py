"""Samples of an exported generator as files: what `python -m repfair_keras.sample` does."""

import sys
from pathlib import Path

from repfair_keras.core.errors import InputError
from repfair_keras.core.locks import claimed
from repfair_keras.export.open_sampler import export_folder, is_table_export
from repfair_keras.sampling.sample import sample_images, sample_rows
from repfair_keras.sampling.sample_arguments import check_numbers
from repfair_keras.sampling.write_files import check_format, check_new_folder, write_images, write_rows


def write_samples(
    model: str | Path,
    out: str | Path,
    *,
    n: int | None = None,
    seed: int = 0,
    labels: list[int] | None = None,
    counts: str | dict | None = None,
    shares: str | dict | None = None,
    format: str | None = None,
    instruments: str | Path | None = None,
    target_shares: str | dict | None = None,
    independent: str | list[str] | None = None,
    where: str | None = None,
    verbose: int = 0,
) -> list[Path]:
    """Samples images, or rows of a table, and writes them.

    Args:
        model: folder of a SavedModel, or of a run.
        out: folder that is new or empty; it appears when all is written.
        n: number of images or rows, at least 1; `None`: 64 images, 1,000 rows.
        seed, labels, counts, instruments: see `sample.sample_images`; of a table, `sample.sample_rows`.
        shares: of the groups, see there; `None`: as the generator makes them, uniform for a table from latents.
        target_shares, independent, where: of a table, see `sample.sample_rows`.
        format: of images, see `write_files.write_images`; `None`: `"png"`.
        verbose: 1 says on standard error how long rejection will take, and how far it is; 0 is silent.

    Returns:
        The paths, as `write_files.write_images` or `write_files.write_rows`.

    Raises:
        InputError: if an argument does not fit.
    """
    check_numbers(n, seed)
    of_rows = {"target_shares": target_shares, "independent": independent, "where": where}
    with claimed(out):
        asked = n, seed, labels, counts, shares, format, instruments, verbose
        return _write(export_folder(model), out, of_rows, *asked)


def _write(folder, out, of_rows, n, seed, labels, counts, shares, format, instruments, verbose):
    if is_table_export(folder):
        for name, value in {"labels": labels, "instruments": instruments, "format": format}.items():
            if value:
                raise InputError(f"{name} is given, but {folder} generates a table: leave it out.")
        check_new_folder(out)
        rows = sample_rows(folder, n, seed, counts, shares, **of_rows)
        for change in rows.manifest.get("changes", ()) if verbose else ():
            print(f"otherwise than in the data: {change}", file=sys.stderr)
        return write_rows(rows, out)
    for name, value in of_rows.items():
        if value:
            raise InputError(f"{name} is given, but {folder} generates images: leave it out.")
    check_format(format or "png")
    check_new_folder(out)
    sample = sample_images(folder, n, seed, labels, counts, shares, instruments, verbose)
    return write_images(sample, out, format or "png")

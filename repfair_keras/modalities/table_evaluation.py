"""From an exported generator of rows to its report: numbers, Markdown, figures and a table."""

import dataclasses
import time
from typing import NamedTuple

import numpy as np
import pandas as pd

from repfair_keras.core.csv_cells import guarded, of_frame
from repfair_keras.core.errors import InputError
from repfair_keras.core.files import write_text
from repfair_keras.data.tables.coarse import Coarse
from repfair_keras.data.tables.dataset import TableDataset
from repfair_keras.data.tables.from_python import named_by_text
from repfair_keras.data.tables.never_seen import open_to
from repfair_keras.data.tables.read_csv import read_csv
from repfair_keras.evaluation.chosen_rows import chosen_rows, origin_of
from repfair_keras.evaluation.report import with_timings
from repfair_keras.evaluation.report_parts import Values
from repfair_keras.evaluation.run_latents import read_latents, read_projected
from repfair_keras.evaluation.tables.table_report import make_table_report
from repfair_keras.evaluation.tables.values_report import values_report
from repfair_keras.export.table_sampler import TableSampler
from repfair_keras.figures.context import FigureContext
from repfair_keras.figures.every import save_figures
from repfair_keras.modalities.tables import MIN_ROWS
from repfair_keras.reporting.markdown.table_report import to_markdown
from repfair_keras.reporting.table_card import model_card
from repfair_keras.reporting.write_report import write_report


class RowSample(NamedTuple):
    """Synthetic rows and where they come from.

    Args:
        rows: int32, category ids with groups as asked for, shape `(n, n_columns)`.
        marginal: int32, the same with groups as often as in the training rows: those that likeness is measured on.
        origin: dict of `name`, `method`, `dataset`, `seed`, `sample_seed` and `grouping`, for the report.
        frame: the rows as a DataFrame, where somebody else wrote them; `None`: they are decoded.
        dataset: `TableDataset` of the real table whose codes know what these rows have; `None`: the reference's.
    """

    rows: np.ndarray
    marginal: np.ndarray
    origin: dict
    frame: pd.DataFrame | None = None
    dataset: TableDataset | None = None


def draw_sample(folder, config, data, n=None, seed=None, name=None):
    """Returns a `RowSample` of an exported generator.

    Args:
        folder: the SavedModel's folder.
        config: `Config` of its training.
        data: `TableDataset` it was trained on.
        n, seed: number and seed of the synthetic rows; `None`: the configuration's.
        name: name in tables; `None`: the method's.

    Raises:
        InputError: if n is too small to report on, or the table is not the one that it was trained on.
    """
    n, seed = n or config.evaluation.n, config.training.seed if seed is None else seed
    check_n(n)
    sampler = TableSampler(folder)
    if sampler.schema != data.schema:
        raise InputError(
            f"{data.source.rstrip('.')}: not the table that the run was trained on; columns, values or bins "
            "are others. Name the table as it was (--data_dir), or train on this one."
        )
    origin = {
        "name": name or config.method.name,
        "method": config.method.name,
        "dataset": config.data.dataset,
        "seed": config.training.seed,
        "sample_seed": seed,
        "grouping": data.grouping,
    }
    if sampler.joint is None:
        return RowSample(sampler.category_ids(n, seed), sampler.category_ids(n, seed, "marginal"), origin)
    rows = sampler.category_ids(n, seed, "marginal")  # as in the data, groups too
    return RowSample(rows, rows, origin)


def read_sample(path, reference, n=None, seed=0, name=None):
    """Returns the `RowSample` of a CSV file of synthetic rows that any program wrote.

    Args:
        path: the file; its columns are those of the reference, others are left out.
        reference: `TableReference`.
        n: number of rows, drawn at random; `None`: all.
        seed: seed of that choice.
        name: name in tables.

    Raises:
        InputError: if it is no table, a column is not one of the real table's, or there are too few; if a group or a
            target is none of the real table's, or a word stands where it has numbers. In a table in bins, for any
            value that it does not have: else such values are counted.
    """
    frame = read_csv(path, "csv", "a CSV file of synthetic rows whose first line names the columns")
    return take_sample(frame, reference, n, seed, name, str(path))


def take_sample(frame, reference, n=None, seed=0, name="samples", source="the DataFrame"):
    """Returns the `RowSample` of a DataFrame; arguments and errors as in `read_sample`."""
    if not hasattr(frame, "columns"):
        raise InputError(
            f"samples are {type(frame).__name__}: expected a DataFrame with the table's columns."
        )
    frame, dataset = named_by_text(frame), reference.dataset
    rows = chosen_rows(len(frame), n, seed, source, "rows")
    check_n(len(rows))
    if dataset.train_frame is not None:
        dataset = open_to(dataset, frame)
    ids = dataset.schema.encode(frame, source)[rows]
    origin = {**origin_of(name, dataset, seed), "grouping": dataset.grouping}
    return RowSample(ids, ids, origin, frame.iloc[rows].reset_index(drop=True), dataset)


def check_n(n):
    """Raises `InputError` for fewer synthetic rows than can be reported on."""
    if n < MIN_ROWS:
        raise InputError(f"n is {n}: expected at least {MIN_ROWS} synthetic rows to report on.")


def written(sample, dataset, seed):
    """Returns the rows of a `RowSample` as a DataFrame: as somebody else wrote them, or decoded."""
    return dataset.schema.decode(sample.rows, seed) if sample.frame is None else sample.frame


def evaluate(out, sample, config, reference, training=None, seconds=0.0, run=None):
    """Measures synthetic rows, and writes the files of a report, figures and the rows.

    What an earlier evaluation has written there is kept in `evaluation.1` and so on.

    Args:
        out: `RunDir` to write to.
        sample: `RowSample`.
        config: `Config`.
        reference: `TableReference`.
        training: `TableDataset` that the generator was trained on; `None`: not known.
        seconds: seconds of training.
        run: `RunDir` that the sample's generator was trained in, if it is another.

    Returns:
        The `TableReport`.
    """
    started = time.monotonic()
    dataset, seed = sample.dataset or reference.dataset, sample.origin["sample_seed"] or 0
    trained_on = None if training is None else training.codes
    coarse = Coarse(dataset) if dataset.train_frame is not None else None
    if coarse is None:
        report = make_table_report(sample.rows, sample.marginal, dataset, trained_on, seed)
    else:
        counted = (
            None if codes is None else coarse(codes) for codes in (sample.rows, sample.marginal, trained_on)
        )
        rows, marginal, trained_on = counted
        report = make_table_report(rows, marginal, coarse.of(dataset), trained_on, seed)
        frame = written(sample, dataset, seed)
        values = values_report(frame, dataset, None if training is None else training.train_frame, seed)
        report = dataclasses.replace(report, values=Values.from_dict(values))
    report = dataclasses.replace(report, **sample.origin, latents=read_latents(run or out))
    with out.new_evaluation() as made:
        projected = read_projected(run or out)
        context = FigureContext(report=report, group_names=dataset.group_names, projected=projected)
        save_figures(made.figures, context, only=None if config.evaluation.figures else ())
        figures = sorted(path.name for path in made.figures.glob("*.png"))
        of_frame(guarded, written(sample, dataset, seed)).to_csv(made.synthetic, index=False)
        report = with_timings(report, seconds, started)
        write_report(made, report, to_markdown(report, figures))
    return report


def evaluate_run(run, config, reference, data, seconds, n=None, seed=None, name=None):
    """Reports on a trained run on a table, in its folder, and writes its model card.

    Args:
        run: `RunDir` with an exported generator.
        config: `Config`.
        reference: `TableReference`.
        data: `TableDataset` that it was trained on.
        seconds: seconds of training.
        n, seed, name: see `draw_sample`.

    Returns:
        The `TableReport`, as written to `report.json`.
    """
    sample = draw_sample(run.generator, config, data, n, seed, name)
    report = evaluate(run, sample, config, reference, data, seconds)
    write_text(run.generator / "README.md", model_card(report, config, data))
    return report

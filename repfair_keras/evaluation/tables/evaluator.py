"""From an exported generator of rows to its report: numbers, Markdown, figures and a table."""

import time

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing, write_json, write_text
from repfair_keras.data.tables.load import check_n
from repfair_keras.evaluation.tables.table_report import make_table_report
from repfair_keras.export.table_run import export_run
from repfair_keras.export.table_sampler import TableSampler
from repfair_keras.figures import codes, downstream
from repfair_keras.figures import table_columns as columns
from repfair_keras.figures.save import save_figure
from repfair_keras.reporting.image_row import to_csv
from repfair_keras.reporting.markdown.table_report import to_markdown
from repfair_keras.reporting.table_card import model_card
from repfair_keras.reporting.table_row import to_row
from repfair_keras.training.latents import measure_run_codes, read_codes, read_projected


def finish_run(run, config, reference, data, trained):
    """Exports and reports on a run on a table.

    Args:
        run: `RunDir`.
        config: resolved `Config`.
        reference: `TableDataset` with all rows.
        data: `TableDataset` that it was trained on.
        trained: `Trained`.

    Returns:
        The report, as written to `report.json`.
    """
    export_run(trained.generator, config, run, data, trained.steps)
    measure_run_codes(run, config, trained)
    return evaluate_run(run, config, reference, data, trained.seconds)


def evaluate_run(run, config, reference, data, seconds, n=None, seed=None, name=None):
    """Reports on a trained run on a table, in its folder, and writes its model card.

    Args:
        run: `RunDir` with an exported generator.
        config: resolved `Config`.
        reference: `TableDataset` with all rows.
        data: `TableDataset` that it was trained on.
        seconds: seconds of training.
        n, seed: number and seed of the synthetic rows; `None`: the configuration's.
        name: name in tables; `None`: the method's.

    Returns:
        The report, as written to `report.json`.

    Raises:
        InputError: if n is too small to report on, or the table is not the one that the run was trained on.
    """
    started = time.monotonic()
    n, seed = n or config.n, config.seed if seed is None else seed
    check_n(n)
    sampler = TableSampler(run.generator)
    if sampler.schema != data.schema:
        raise InputError(
            f"{data.source.rstrip('.')}: not the table that the run was trained on; columns, values or bins "
            "are others. Name the table as it was (--data_dir), or train on this one."
        )
    rows, marginal = sampler.category_ids(n, seed), sampler.category_ids(n, seed, "marginal")
    origin = {
        "name": name or config.method,
        "method": config.method,
        "dataset": config.dataset,
        "seed": config.seed,
        "sample_seed": seed,
        "grouping": data.grouping,
    }
    report = {**origin, **make_table_report(rows, marginal, reference, data.codes, seed)}
    report["codes"] = read_codes(run)
    run.keep_evaluation()
    with replacing(run.figures) as folder:
        folder.mkdir()
        for title, figure in _figures(report, run):
            save_figure(figure, folder / f"{title}.png")
        figures = sorted(path.name for path in folder.glob("*.png"))
    with replacing(run.synthetic) as temporary:
        data.schema.decode(rows, seed).to_csv(temporary, index=False)
    report["timings"] = {"train": round(seconds, 1), "evaluate": round(time.monotonic() - started, 1)}
    report["wall_seconds"] = round(sum(report["timings"].values()), 1)
    write_text(run.report_md, to_markdown(report, figures))
    write_text(run.report_csv, to_csv([to_row(report)]))
    write_text(run.generator / "README.md", model_card(report, config, data))
    write_json(run.report, report)
    return report


def _figures(report, run):
    yield "columns", columns.draw(report)
    yield "downstream", downstream.draw(report)
    if (projected := read_projected(run)) is not None:
        yield "codes", codes.draw(projected, report["groups"])

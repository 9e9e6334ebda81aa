"""Tables: how a run loads, exports and measures them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from repfair_keras.core.settings import Expected, Field, Shares, up_to
from repfair_keras.data.in_memory import DATAFRAME
from repfair_keras.registry import TABLES

MIN_ROWS = 50  # synthetic rows that a report is worth something of


@dataclass(frozen=True)
class TableData:
    """Which table, and how its columns are taken.

    Args:
        dataset: name of the data set: diabetes, adult, bank, compas, german, law_school, csv; of images: mnist_5k,
            mnist, folder and so on.
        data_dir: the file, or the folder of the files.
        grouping: column of the groups, the sensitive attribute; null: the data set's own.
        target_column: column that downstream classifiers predict; null: the data set's own.
        drop: columns to leave out.
        categorical: columns of numbers that are categories.
        numeric: columns of text that are numbers.
        missing: refuse missing values, or keep them as a category.
        n_bins: bins of a column of numbers, at least 2.
        encoding: bins (few, as FLDGM), or faithful: fine, decoded as values that were observed; null: the method's.
        rules: of a faithful table, beside what is found: "a <= b", "total = x + y" or "b of a"; several with semicolons
            between them; none: look for none.
        keys: renumber columns that tell rows apart, or drop them; of a faithful table.
        share: share of the second group in (0, 1), or one share per group; null: as in the data.
    """

    dataset: str = "diabetes"
    data_dir: str | None = None
    grouping: str | None = None
    target_column: str | None = None
    drop: list[str] | None = None
    categorical: list[str] | None = None
    numeric: list[str] | None = None
    missing: Literal["refuse", "category"] = "refuse"
    n_bins: up_to(10_000, 2) = 8
    encoding: Literal["bins", "faithful"] | None = None
    rules: Annotated[Literal["none"] | str | None, Expected("text, or null")] = None
    keys: Literal["renumber", "drop"] = "renumber"
    share: Shares | None = None


@dataclass(frozen=True)
class TableEvaluation:
    """How synthetic rows are measured.

    Args:
        n: synthetic rows that the report counts.
        figures: whether figures are drawn.
    """

    n: Annotated[int, Field(ge=MIN_ROWS), Expected(f"at least {MIN_ROWS} synthetic rows to report on")] = (
        10_000
    )
    figures: bool = True


class TableReference(NamedTuple):
    """What synthetic rows are compared with: all rows, whatever the run's seed and share.

    Args:
        dataset: `TableDataset`.
    """

    dataset: Any
    target: Any = None


class TableModality:
    """The `Modality` of tables."""

    name = TABLES
    rows = "rows"
    kind = "is a table"
    in_memory = DATAFRAME
    of_samples: ClassVar = {"encoding": "faithful"}  # rows of other programs are measured as they are written
    example = "--dataset adult, or --dataset csv --data_dir people.csv --grouping sex --target_column income"
    data_settings = TableData
    evaluation_settings = TableEvaluation

    def load(self, config, raw=None, share=...):
        from repfair_keras.data.tables.encoded import encoded
        from repfair_keras.registry import lookup

        data = config.data
        return encoded(
            lookup("dataset", data.dataset)(data.data_dir) if raw is None else raw,
            data.encoding or config.method.encoding,
            sensitive=data.grouping,
            target=data.target_column,
            drop=data.drop or (),
            categorical=data.categorical or (),
            numeric=data.numeric or (),
            missing=data.missing,
            n_bins=data.n_bins,
            share=data.share if share is ... else share,
            seed=config.training.seed,
            rules=data.rules,
            keys=data.keys,
        )

    def reference(self, config, raw=None):
        return TableReference(self.load(config, raw, share=None))

    def describe(self, dataset):
        return [*dataset.schema.describe(), *dataset.notes]  # types may have been inferred: a look at them

    def instruments(self, reference, folder, evaluation, verbose=0):
        """Makes the folder alone: classifiers of tables are trained on each synthetic one."""
        folder.mkdir(parents=True, exist_ok=True)

    def instrument_stages(self, reference, evaluation, folder):
        return {}

    def callbacks(self, phase, config, place, dataset, instruments, stop_at, log_rows):
        return [], [], []

    def export(self, generator, config, run, dataset, steps, raw=None):
        from repfair_keras.export.table_run import export_run

        export_run(generator, config, run, dataset, steps)

    def draw(self, folder, config, dataset, n=None, seed=None, name=None):
        from repfair_keras.modalities.table_evaluation import draw_sample

        return draw_sample(folder, config, dataset, n, seed, name)

    def are_samples(self, path):
        return path.is_file() and path.suffix == ".csv"

    def read_samples(self, path, reference, n=None, seed=0, name=None, elsewhere=None):
        from repfair_keras.modalities.table_evaluation import read_sample

        return read_sample(path, reference, n, seed, name or path.stem)

    def take_samples(self, samples, labels, reference, n=None, seed=0, name="samples", elsewhere=None):
        from repfair_keras.modalities.table_evaluation import take_sample

        return take_sample(samples, reference, n, seed, name)

    def evaluate(self, out, samples, plan, seconds=0.0, verbose=0, run=None):
        from repfair_keras.modalities.table_evaluation import evaluate

        return evaluate(out, samples, plan.config, plan.reference, plan.dataset, seconds, run)

    def measure(self, run, config, reference, dataset, seconds, sample=None, verbose=0, instruments=None):
        from repfair_keras.modalities.table_evaluation import evaluate_run

        return evaluate_run(run, config, reference, dataset, seconds, *(sample or ()))

    def picture(self, run, config, dataset):
        figures = [run.figures / f"{name}.png" for name in ("codes", "utility")]
        return next((path for path in figures if path.is_file()), None)

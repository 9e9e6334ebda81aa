"""The engines that the arena measures: what makes synthetic rows of training rows.

An engine is a line in `ENGINES`; the arena's cells, records, page and figure follow from it.
"""

import math
import tempfile
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.core.random_streams import Stream
from repfair_keras.data.images.grouping import MIN_GROUP_SIZE
from repfair_keras.data.in_memory import DATAFRAME
from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.table_checks import MOST_INTERSECTIONS
from repfair_keras.papers.tables.arena_data import as_text
from repfair_keras.runs.config import configure

AS_IN_THE_DATA, INDEPENDENT = SAMPLINGS = ("as_in_the_data", "independent")
SAMPLING_NAMES = {AS_IN_THE_DATA: "as in the data", INDEPENDENT: "independent"}


Draw = Callable[[int, str], pd.DataFrame]


class Engine(NamedTuple):
    """An engine of the arena.

    Args:
        title: its name in tables and figures.
        train: function from `(train_frame, sensitive, target, seed)`, as of `trained`, to a function from a number of
            rows and one of `SAMPLINGS` to a DataFrame of these.
        samplings: those of `SAMPLINGS` that it is measured with.
        is_method: whether it is one of the methods that the arena compares, and no yardstick.
    """

    title: str
    train: Callable[[pd.DataFrame, list[str], str, int], Draw]
    samplings: tuple[str, ...] = SAMPLINGS
    is_method: bool = True


def trained(engine: str, train_frame: pd.DataFrame, sensitive: list[str], target: str, seed: int) -> Draw:
    """Trains an engine.

    Args:
        engine: a key of `ENGINES`.
        train_frame: rows to learn from: text in columns of categories, numbers in the others.
        sensitive: names of the sensitive columns.
        target: name of the column to predict.
        seed: seed of training and sampling.

    Returns:
        Function from `n`, a number of rows, and a sampling to a DataFrame of `n` rows with the columns of
        `train_frame`, in their order and of their types. Samplings: `"as_in_the_data"`, or `"independent"`: every
        sensitive column has its values equally often, independent of the target and of the other sensitive columns.

    Raises:
        InputError: if the engine, the sampling or a column is not known, or if the engine lacks rows or columns.

    Examples:
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"sex": ["f", "m"] * 3, "age": range(6), "income": ["low", "low", "high"] * 2})
        >>> draw = trained("real", rows, ["sex"], "income", seed=0)
        >>> draw(6, "as_in_the_data").equals(rows)
        True
    """
    if engine not in ENGINES:
        raise InputError(f"engine is {engine!r}: expected one of {', '.join(ENGINES)}.")
    absent = [name for name in (*sensitive, target) if name not in train_frame.columns]
    if absent:
        raise InputError(f"there is no column {absent[0]!r}: expected some of {', '.join(train_frame)}.")
    draw = ENGINES[engine].train(train_frame, list(sensitive), target, seed)

    def drawn(n, sampling=AS_IN_THE_DATA):
        if sampling not in SAMPLINGS:
            raise InputError(f"sampling is {sampling!r}: expected one of {', '.join(SAMPLINGS)}.")
        if n < 1:
            raise InputError(f"n is {n}: expected at least one row.")
        made = draw(n, sampling)
        lacking = [name for name in train_frame.columns if name not in made.columns]
        if lacking or len(made) != n:
            lacks = f"no column {lacking[0]!r}" if lacking else f"{len(made)} rows"
            raise InputError(
                f"engine {engine!r} made a table with {lacks}: expected {n} rows like the real ones."
            )
        return _in_types_of(train_frame, made)

    return drawn


def redrawn(frame: pd.DataFrame, values_of: pd.DataFrame, columns: list[str], seed: int) -> pd.DataFrame:
    """Returns rows whose sensitive columns are drawn anew: each value equally often, independent of all else.

    Args:
        frame: the rows.
        values_of: rows whose values are drawn.
        columns: names of the columns to draw.
        seed: seed of the draws.
    """
    rng = np.random.default_rng((seed, Stream.ARENA_SENSITIVE))
    drawn = {name: rng.choice(sorted(values_of[name].unique()), len(frame)) for name in columns}
    return frame.assign(**drawn)


def _real(train, sensitive, target, seed):
    """The training rows themselves, or some of them."""

    def draw(n, sampling):
        rows = train if n == len(train) else train.sample(n, replace=n > len(train), random_state=seed)
        rows = rows.reset_index(drop=True)
        return redrawn(rows, train, sensitive, seed) if sampling == INDEPENDENT else rows

    return draw


def _independent_columns(train, sensitive, target, seed):
    """Each column drawn on its own: whatever goes together in the data is gone."""

    def draw(n, sampling):
        rng = np.random.default_rng((seed, Stream.ARENA_COLUMNS))
        drawn = {
            name: rng.permutation(train[name])[rng.permutation(n) % len(train)] for name in train.columns
        }
        rows = pd.DataFrame(drawn)
        return redrawn(rows, train, sensitive, seed) if sampling == INDEPENDENT else rows

    return draw


def _in_types_of(train, made):
    """Columns in the order and types of the training rows; text is text, however an engine has read it."""
    made = made[list(train.columns)].reset_index(drop=True)
    numeric = {name: pd.api.types.is_numeric_dtype(train[name]) for name in train.columns}
    return made.assign(
        **{name: made[name].map(as_text) for name in made.columns if not numeric[name]},
        **{name: pd.to_numeric(made[name]) for name in made.columns if numeric[name]},
    )


def told_columns(train: pd.DataFrame, sensitive: list[str], target: str) -> list[str]:
    """Returns the sensitive columns that an engine is told: all, or the first where their combinations are too rare.

    A combination of their values with the target that hardly any row has cannot be asked for.

    Args:
        train: rows to learn from.
        sensitive: names of the sensitive columns.
        target: name of the target's column.
    """
    sizes = train.groupby([*sensitive, target], observed=True).size()
    cells = math.prod(train[name].nunique() for name in (*sensitive, target))
    groups = math.prod(train[name].nunique() for name in sensitive)
    fits = len(sizes) == cells and sizes.min() >= MIN_GROUP_SIZE and groups <= MOST_INTERSECTIONS
    return list(sensitive) if fits else list(sensitive[:1])


def _method(name, told=True, **settings):
    """Returns a function that trains a method of this package, and samples it; without a report, which takes longer."""

    def train(train_frame, sensitive, target, seed):
        from repfair_keras.export.table_sampler import TableSampler
        from repfair_keras.runs.run_folder import RunDir
        from repfair_keras.sampling.sample import sample_rows
        from repfair_keras.training.run import export, fit, prepare

        columns = told_columns(train_frame, sensitive, target)
        said = f"{len(train_frame):,} rows."
        raw = RawTable(DATAFRAME, said, train_frame, train_frame, ",".join(columns), target, keep_dtypes=True)
        given = {"dataset": DATAFRAME, "grouping": raw.sensitive, "target_column": target, "seed": seed}
        config = configure(method=name, **given, **settings)
        if config.training.batch_size > len(train_frame) // 2:  # of a small table
            config = config.replace(batch_size=len(train_frame) // 2)
        plan = prepare(config, raw)
        with tempfile.TemporaryDirectory() as folder:
            run = RunDir(folder)
            export(plan, run, fit(plan, run))
            sampler = TableSampler(run.generator)

        def draw(n, sampling):
            asked = {}
            if sampling == INDEPENDENT:
                asked = {"independent": columns, "shares": "uniform"} if told else {"shares": "uniform"}
            return sample_rows(sampler, n, seed, **asked).frame

        return draw

    return train


ENGINES = {
    "real": Engine("real rows", _real, is_method=False),
    "independent_columns": Engine("independent columns", _independent_columns, (AS_IN_THE_DATA,), False),
    "cart": Engine("CART", _method("cart")),
    "fair_trees": Engine("fair trees", _method("fair_trees", told=False)),
    "tab_ddpm": Engine("TabDDPM", _method("tab_ddpm")),
    "tab_fairgan": Engine("TabFairGAN", _method("tab_fairgan"), (AS_IN_THE_DATA,)),
    "fld_dm": Engine("FLD-DM", _method("fld_dm", told=False), (INDEPENDENT,)),
}

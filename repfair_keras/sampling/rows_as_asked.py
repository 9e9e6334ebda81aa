"""Rows as they are asked for: shares, independence and conditions, by telling the generator, else by rejection."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.core.random_streams import Stream
from repfair_keras.export.table_sampler import of_groups
from repfair_keras.sampling.group_requests import shares_by_name
from repfair_keras.sampling.where import fulfilled, read_conditions

MOST_TRIES = 200  # rows that are made for each that is wanted, at most
UNIFORM = "uniform"


class AskedRows(NamedTuple):
    """Rows that were asked for.

    Args:
        frame: `pandas.DataFrame`.
        ids: int32, category ids of the rows, shape `(n, columns that are numbered)`.
        changes: what is otherwise than in the data, sentences; empty: nothing.
        made: rows that were made for these.
    """

    frame: pd.DataFrame
    ids: np.ndarray
    changes: tuple[str, ...]
    made: int


def wanted_joint(joint, schema, shares=None, target=None, independent=None):
    """Returns how often the values that a generator is told shall occur together.

    Args:
        joint: `Joint` as in the data.
        schema: `Schema`.
        shares: of the groups: `None` or `"marginal"`: as in the data; `"uniform"`; or one for each group, shape `(k,)`.
        target: of the target's values: `None`: as in the data; `"uniform"`; or text or a dict of shares.
        independent: names of columns, text with commas between or a list, that are made independent of all others told.

    Raises:
        InputError: for what the generator is not told, or combinations that no training row has.
    """
    if independent:
        names = independent.split(",") if isinstance(independent, str) else list(independent)
        joint = joint.independent([name.strip() for name in names])
    if shares is not None and not (isinstance(shares, str) and shares == "marginal"):
        uniform = isinstance(shares, str) and shares == UNIFORM
        joint = of_groups(joint, schema, None if uniform else shares)
    return joint if target is None else _with_target(joint, schema, target)


def _with_target(joint, schema, target):
    if schema.target not in joint.names:
        raise InputError(
            f"target_shares is given, but this generator makes {schema.target!r} itself: leave it out, or train a method "
            "that is told it, as cart."
        )
    axis = joint.names.index(schema.target)
    known = joint.values[axis]
    if target == UNIFORM:
        shares = np.full(len(known), 1 / len(known))
    else:
        named = (
            shares_by_name(target)
            if isinstance(target, str)
            else {str(k): float(v) for k, v in target.items()}
        )
        unknown = [name for name in named if name not in known]
        if unknown:
            raise InputError(
                f"target_shares: {schema.target!r} is never {unknown[0]!r}: expected shares of {', '.join(known)}."
            )
        if abs(sum(named.values()) - 1) > 1e-6:
            raise InputError(f"target_shares: {target!r} has the sum {sum(named.values()):.6g}, expected 1.")
        shares = np.array([named.get(name, 0.0) for name in known])
    what = ", ".join(f"{name} {100 * share:.4g} %" for name, share in zip(known, shares, strict=True))
    return joint.with_shares(shares, (axis,), f"shares of {schema.target}: {what}")


def rows_where(sampler, joint, n, seed, where, exact):
    """Generates n rows that fulfil conditions; memory grows with those that are kept alone.

    A condition on a column that the generator is told restricts what it is told. For others rows are made until enough
    fulfil them, at most `MOST_TRIES` for each that is wanted.

    Args:
        sampler: `TableSampler` of a generator that has a joint.
        joint: what it is told, as wanted.
        n, seed: number of rows, and seed.
        where: text, see `where.read_conditions`; `None`: none.
        exact: whether shares are exact, and not drawn; of rows that others are rejected for they are drawn.

    Returns:
        `AskedRows`.

    Raises:
        InputError: if too few rows fulfil the conditions.
    """
    schema, rng = sampler.schema, np.random.default_rng((seed, Stream.TOLD))
    conditions = read_conditions(where, schema) if where else []
    rest = []
    for condition in conditions:
        if condition.column in joint.names:
            axis = joint.names.index(condition.column)
            names = pd.Series(joint.values[axis])
            joint = joint.only(axis, condition.holds(names), str(condition))
        else:
            rest.append(condition)
    if not rest:
        told = joint.exact(n, rng) if exact else joint.draw(n, rng)
        ids = sampler.told_ids(told, seed)
        return AskedRows(schema.decode(ids, seed), ids, joint.changes, n)
    frames, kept_ids, kept, made, size = [], [], 0, 0, max(min(n, 20_000), 1000)
    while kept < n:
        if made >= MOST_TRIES * n:
            raise InputError(
                f"where: {kept:,} of {made:,} rows fulfil {' and '.join(map(str, rest))}, and {n:,} are wanted: ask for "
                "fewer, or for more common ones."
            )
        key = int(np.random.SeedSequence((seed, made)).generate_state(1)[0] >> 1)
        ids = sampler.told_ids(joint.draw(size, rng), key)
        frame = schema.decode(ids, key)
        fits = fulfilled(frame, rest)
        frames.append(frame[fits])
        kept_ids.append(ids[fits])
        kept, made = kept + int(fits.sum()), made + size
    changes = (*joint.changes, *(f"only rows with {condition}" for condition in rest))
    frame = pd.concat(frames, ignore_index=True)[:n]
    for key in schema.keys:
        frame[key.name] = key.values(n)
    return AskedRows(frame, np.concatenate(kept_ids)[:n], changes, made)

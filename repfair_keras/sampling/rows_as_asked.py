"""Rows as they are asked for: shares, independence and conditions, by telling the generator, else by rejection."""

import dataclasses
import shlex
from typing import NamedTuple

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.core.random_streams import Stream
from repfair_keras.export.table_sampler import of_groups
from repfair_keras.sampling.group_requests import shares_by_name
from repfair_keras.sampling.where import fulfilled, read_conditions

MOST_TRIES = 200  # rows that are made for each that is wanted, at most, once there are
LEAST_TRIES = 100_000
AT_ONCE = 20_000
MOST_TURNS = 500  # of shares that are asked for of groups and target together
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
    names = _names(independent, schema)
    for option, value in (("independent", names), ("target_shares", target)):
        if value and schema.target not in joint.names:
            raise InputError(
                f"{option} is {value!r}, but this generator makes {schema.target!r} itself: leave it out, "
                "or train a method that is told it, as cart."
            )
    if names:
        joint = joint.independent(names)
    changes = []
    if shares is not None and not (isinstance(shares, str) and shares == "marginal"):
        uniform = isinstance(shares, str) and shares == UNIFORM
        changes.append(lambda joint: of_groups(joint, schema, None if uniform else shares))
    if target is not None:
        axis = joint.names.index(schema.target)
        wanted = _target_shares(target, schema.target, joint.values[axis])
        pairs = zip(joint.values[axis], wanted, strict=True)
        what = f"shares of {schema.target}: " + ", ".join(
            f"{name} {100 * share:.4g} %" for name, share in pairs
        )
        changes.append(lambda joint: joint.with_shares(wanted, (axis,), what))
    asked = _all_of(changes, joint)
    if names and not np.allclose(asked.wanted, asked.independent(names).wanted, atol=1e-6):
        raise InputError(
            f"independent is {', '.join(names)!r}, which the shares of groups contradict: {shares!r} makes "
            "them depend on each other. Leave one of the two out."
        )
    return asked


def _names(independent, schema):
    """Names of columns as a list."""
    names = (
        (independent.split(",") if isinstance(independent, str) else list(independent)) if independent else []
    )
    names = [name.strip() for name in names]
    unknown = [name for name in names if name not in schema.all_names]
    if unknown:
        raise InputError(
            f"independent: no column {', '.join(map(repr, unknown))}. Columns: {', '.join(schema.all_names)}."
        )
    return names


def _all_of(changes, joint):
    """Returns the joint with all changes: where one undoes another, they are made in turn until both hold."""
    said = joint
    for change in changes:
        said = change(said)
    made = joint
    for _ in range(MOST_TURNS if len(changes) > 1 else len(changes)):
        before = made.wanted
        for change in changes:
            made = change(made)
        if np.abs(made.wanted - before).max() < 1e-12:
            break
    return dataclasses.replace(made, changes=said.changes) if changes else joint


def _target_shares(asked, target, known):
    """Shares of the target's values, float64, shape `(values,)`, sum 1."""
    example = ",".join(f"{name}=1/{len(known)}" for name in known)
    expected = f"expected {UNIFORM!r}, or a share of each value, as --target-shares {shlex.quote(example)}"
    if isinstance(asked, str) and asked == UNIFORM:
        return np.full(len(known), 1 / len(known))
    if (isinstance(asked, str) and "=" not in asked) or not isinstance(asked, str | dict):
        raise InputError(f"target_shares is {asked!r}: {expected}.")
    pairs = asked if isinstance(asked, dict) else shares_by_name(asked)
    named = {str(name): _number(share) for name, share in pairs.items()}
    unknown = [name for name in named if name not in known]
    if unknown:
        raise InputError(
            f"target_shares: {target!r} is never {unknown[0]!r}: expected shares of {', '.join(known)}."
        )
    wrong = [name for name, share in named.items() if not 0 <= share <= 1]  # NaN compares false
    if wrong:
        raise InputError(f"target_shares: {wrong[0]!r} is {pairs[wrong[0]]!r}: expected a number in [0, 1].")
    if abs(sum(named.values()) - 1) > 1e-6:
        raise InputError(f"target_shares: {asked!r} has the sum {sum(named.values()):.6g}, expected 1.")
    return np.array([named.get(name, 0.0) for name in known])


def _number(share):
    try:
        return float(share)
    except (TypeError, ValueError):
        return np.nan


def rows_where(sampler, joint, n, seed, where, exact):
    """Generates n rows that fulfil conditions; memory grows with those that are kept alone.

    A condition on a column that the generator is told restricts what it is told. For others rows are made until enough
    fulfil them, or of `LEAST_TRIES` less than one in `MOST_TRIES` does.

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
            names = pd.Series(joint.values[axis], dtype=object)
            if schema.column(condition.column).missing:
                names.iloc[-1] = None
            joint = joint.only(axis, condition.holds(names), str(condition))
        else:
            rest.append(condition)
    if not rest:
        told = joint.exact(n, rng) if exact else joint.draw(n, rng)
        ids = sampler.told_ids(told, seed)
        return AskedRows(schema.decode(ids, seed), ids, joint.changes, n)
    frames, kept_ids, kept, made, size = [], [], 0, 0, max(min(n, AT_ONCE), 1000)
    while kept < n:
        if made >= LEAST_TRIES and kept * MOST_TRIES < made:
            raise InputError(
                f"where: {kept:,} of {made:,} rows fulfil {' and '.join(map(str, rest))}, and {n:,} are wanted: ask "
                "for fewer, or for more common ones."
            )
        key = int(np.random.SeedSequence((seed, made)).generate_state(1)[0] >> 1)
        size = size if made == 0 else AT_ONCE
        ids = sampler.told_ids(joint.draw(size, rng), key)
        frame = schema.decode(ids, key)
        fits = fulfilled(frame, rest)
        frames += [frame[fits]] if fits.any() else []
        kept_ids.append(ids[fits])
        kept, made = kept + int(fits.sum()), made + size
    changes = (*joint.changes, *(f"only rows with {condition}" for condition in rest))
    frame = pd.concat(frames, ignore_index=True)[:n]
    frame = frame.assign(**{key.name: key.values(n) for key in schema.keys})
    return AskedRows(frame, np.concatenate(kept_ids)[:n], changes, made)

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
ENOUGH = 4_000  # rows that fulfil conditions, from which it is estimated how often values occur in such rows
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
    if isinstance(independent, str):
        independent = (
            independent.strip().removeprefix("[").removesuffix("]").split(",")
        )  # as other lists are written
    names = list(independent or ())
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


def joint_where(sampler, joint, where, seed):
    """Returns how often values occur together in rows that fulfil conditions on columns that the generator is not told.

    It is estimated from rows that are made: up to `ENOUGH` that fulfil them, of at most `LEAST_TRIES`. Columns that are
    made independent among such rows keep the shares that they have in these.

    Args:
        sampler, joint, seed: as in `rows_where`.
        where: text; conditions on columns that are told change nothing here.

    Returns:
        `(joint, rows that were made)`.

    Raises:
        InputError: if no row fulfils the conditions.
    """
    conditions = [c for c in read_conditions(where, sampler.schema) if c.column not in joint.names]
    if not conditions:
        return joint, 0
    rng = np.random.default_rng((seed, Stream.TOLD, 1))
    found, made = np.zeros(joint.rows.size, int), 0
    while found.sum() < ENOUGH and made < LEAST_TRIES:
        told, key = joint.draw(AT_ONCE, rng), int(rng.integers(2**31))
        rows = fulfilled(sampler.schema.decode(sampler.told_ids(told, key), key), conditions)
        cells = np.ravel_multi_index(tuple(told[rows].T), joint.rows.shape)
        found += np.bincount(cells, minlength=joint.rows.size)
        made += AT_ONCE
    if not found.any():
        raise InputError(
            f"where: 0 of {made:,} rows fulfil {' and '.join(map(str, conditions))}: ask for more common ones."
        )
    return dataclasses.replace(joint, shares=found.reshape(joint.rows.shape).astype(float)), made


def rows_where(sampler, joint, n, seed, where, exact):
    """Generates n rows that fulfil conditions; memory grows with those that are kept alone.

    A condition on a column that the generator is told restricts what it is told. For others rows are made until enough
    fulfil them, or of `LEAST_TRIES` less than one in `MOST_TRIES` does. Where shares were asked for, that is so of each
    combination of values that has one, so that shares are those of the rows that are kept.

    Args:
        sampler: `TableSampler` of a generator that has a joint.
        joint: what it is told, as wanted.
        n, seed: number of rows, and seed.
        where: text, see `where.read_conditions`; `None`: none.
        exact: whether shares that were asked for are exact, and not drawn.

    Returns:
        `AskedRows`.

    Raises:
        InputError: if too few rows fulfil the conditions, or none of those whose share was asked for.
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
            kept = joint.only(axis, condition.holds(names), str(condition))
            joint.check_asked(kept, str(condition))
            joint = kept
        else:
            rest.append(condition)
    if not rest:
        told = joint.exact(n, rng) if exact else joint.draw(n, rng)
        ids = sampler.told_ids(told, seed)
        return AskedRows(schema.decode(ids, seed), ids, joint.changes, n)
    cells = np.zeros(n, int)  # without shares that were asked for rows are whatever fulfils the conditions
    if joint.held:
        cells = joint.held_cells(joint.exact(n, rng) if exact else joint.draw(n, rng))
    frame, ids, made = _kept_of_many(sampler, joint, cells, seed, rest, rng)
    changes = (*joint.changes, *(f"only rows with {condition}" for condition in rest))
    return AskedRows(schema.with_keys(frame), ids, changes, made)


def _kept_of_many(sampler, joint, cells, seed, conditions, rng):
    """Makes rows until enough of each combination that was asked for fulfil conditions; the others are rejected.

    Args:
        cells: int, shape `(n,)`: combination of each row, see `Joint.held_cells`.
        rng: `numpy.random.Generator` of what is told.

    Returns:
        `(frame, ids, made)`: rows in the order of the cells, their category ids, and how many were made.
    """
    wanted, n = np.bincount(cells, minlength=joint.n_held), len(cells)
    kept, tried, made = np.zeros_like(wanted), np.zeros_like(wanted), 0
    parts = []  # frame, ids and cells of what is kept, a part for each time that rows are made
    while (kept < wanted).any():
        _check_not_hopeless(joint, wanted, kept, tried, conditions)
        size = AT_ONCE if made else max(min(n, AT_ONCE), 1000)
        key = int(np.random.SeedSequence((seed, made)).generate_state(1)[0] >> 1)
        told = joint.in_numbers(wanted - kept).draw(size, rng)
        ids, found = sampler.told_ids(told, key), joint.held_cells(told)
        frame = sampler.schema.decode(ids, key)
        rows = np.flatnonzero(fulfilled(frame, conditions))
        rows = rows[_first_of_each(found[rows], wanted - kept)]
        parts += [(frame.iloc[rows], ids[rows], found[rows])] if len(rows) else []
        kept += np.bincount(found[rows], minlength=len(kept))
        tried += np.bincount(found, minlength=len(kept))
        made += size
    frames, ids, found = zip(*parts, strict=True)
    # Rows of each cell in turn, put where the cell stands: who is found last is not written last.
    order = np.argsort(np.concatenate(found), kind="stable")[np.argsort(np.argsort(cells, kind="stable"))]
    frame = pd.concat(frames, ignore_index=True).iloc[order].reset_index(drop=True)
    return frame, np.concatenate(ids)[order], made


def _first_of_each(cells, most):
    """Returns the places of the first rows of each cell, ascending, as many as `most` says at most."""
    return np.sort(np.concatenate([np.flatnonzero(cells == cell)[:n] for cell, n in enumerate(most)]))


def _check_not_hopeless(joint, wanted, kept, tried, conditions):
    """Raises `InputError` if of the rows of a combination too few fulfil conditions."""
    hopeless = (kept < wanted) & (tried >= LEAST_TRIES) & (kept * MOST_TRIES < tried)
    if not hopeless.any():
        return
    cell = int(np.flatnonzero(hopeless)[0])
    of = f" with {joint.named_cell(cell)}" if joint.held else ""
    raise InputError(
        f"where: {kept[cell]:,} of {tried[cell]:,} rows{of} fulfil {' and '.join(map(str, conditions))}, and "
        f"{wanted[cell]:,} are wanted: ask for fewer, or for more common ones."
    )

"""Sequential trees whose last one, of the target, is made fair: its leaves are relabelled where that costs least.

Reference: TABFAIRGDT (ICDM 2025); the leaves are chosen as Kamiran, Calders and Pechenizkiy 2010, section IV, do.
"""

import numpy as np

from repfair_keras.methods.tabular.trees import Trees, tree_phase

DRAWS = 1000  # values that stand for the shares of a softened leaf


def fair_trees(data, settings, training):
    """Sequential trees, told the columns of the groups; the target is made last, by a tree that is made fair."""
    weight = settings.relabel

    def change(tree, leaves, data):
        return soften(tree, leaves, data, weight) if weight else tree

    last = data.schema.place(data.schema.target)
    told = data.schema.sensitive_places
    yield tree_phase("fair_trees", Trees(data, told, settings.min_leaf, training.seed, last, change))


def soften(tree, leaves, data, weight):
    """Softens the leaves that discriminate: p' = p (1 - lambda) + (1 - p) lambda, p the share of the positive target.

    Args:
        tree: `Tree` of the target.
        leaves: leaf of each training row, shape `(N,)`.
        data: `TableDataset`.
        weight: lambda in [0, 1]: 0 changes nothing, 1 swaps the labels of these leaves.

    Returns:
        `Tree` in which the chosen leaves hold values in these shares.
    """
    size = data.schema.sizes[data.schema.place(data.schema.target)]
    table = tree.probabilities(size)
    positive = table[:, -1]
    nodes = np.unique(leaves)
    rows = np.stack(
        [np.bincount(leaves[data.groups == g], minlength=len(table)) for g in range(data.n_groups)]
    )
    chosen = nodes[chosen_leaves(positive[nodes], rows[:, nodes])]
    new = positive.copy()
    new[chosen] = positive[chosen] * (1 - weight) + (1 - positive[chosen]) * weight
    others = (1 - new) / np.maximum(1 - positive, 1e-12)
    usual = np.bincount(data.labels, minlength=size)[:-1] / max(np.sum(data.labels < size - 1), 1)
    for leaf in chosen:
        rest = table[leaf, :-1] * others[leaf] if positive[leaf] < 1 else usual * (1 - new[leaf])
        table[leaf] = [*rest, new[leaf]]
    return _with(tree, chosen, table)


def chosen_leaves(positive, rows):
    """Chooses leaves to relabel, one after the other, until the groups' shares of positive labels are equal.

    Each time it is the leaf whose relabelling brings the groups nearer for the fewest rows labelled wrong by it.

    Args:
        positive: share of the positive target in each leaf, shape `(L,)`; above 1/2 the leaf's label is positive.
        rows: training rows of each group in each leaf, shape `(k, L)`.

    Returns:
        int, the leaves in the order in which they are chosen.

    Examples:
        >>> chosen_leaves(np.array([0.9, 0.4]), np.array([[10, 10], [2, 18]])).tolist()
        [1]
    """
    labels = positive > 0.5
    shares = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)  # of each group that lies in the leaf
    cost = np.abs(2 * positive - 1) * rows.sum(axis=0)  # rows labelled wrong beside those that are
    moves = (
        np.where(labels, -1.0, 1.0) * shares
    )  # of a group's share of positive labels, if the leaf is relabelled
    rates, chosen, left = shares @ labels, [], np.ones(len(positive), bool)
    while True:
        gap = np.ptp(rates)
        after = np.ptp(rates[:, None] + moves, axis=0)
        gain = np.where(left, gap - after, -1.0)
        if gap <= 1e-9 or gain.max() <= 1e-9:
            return np.array(chosen, int)
        best = int(np.argmax(np.where(gain > 1e-9, gain / (cost + 1e-9), -1.0)))
        chosen.append(best)
        left[best] = False
        rates = rates + moves[:, best]


def _with(tree, chosen, table):
    """A tree in which leaves hold `DRAWS` values in given shares, by largest remainder."""
    start, count, parts, at = tree.start.copy(), tree.count.copy(), [tree.values], len(tree.values)
    for leaf in chosen:
        exact = table[leaf] * DRAWS
        counts = np.floor(exact).astype(int)
        counts[np.argsort(counts - exact, kind="stable")[: DRAWS - counts.sum()]] += 1
        parts.append(np.repeat(np.arange(len(counts), dtype=np.int32), counts))
        start[leaf], count[leaf] = at, DRAWS
        at += DRAWS
    return tree._replace(start=start, count=count, values=np.concatenate(parts).astype(np.int32))

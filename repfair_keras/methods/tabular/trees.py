"""Sequential trees: each column is drawn from a leaf of a tree that sees the columns before it.

Reference: Reiter 2005, Using CART to generate partially synthetic public use microdata; Nowok, Raab and Dibben 2016.
"""

import numpy as np

from repfair_keras.core.array_file import ArrayFile
from repfair_keras.core.files import replacing
from repfair_keras.methods.phase import Phase
from repfair_keras.networks.tree_rows import Tree, TreeRows

MOST_CLASSES = 100  # of a tree that tells categories apart; more are a number: how frequent each is


class Trees:
    """The trees of all columns of a table that are not told.

    Args:
        data: `TableDataset`.
        told: places of the columns that are told; the trees of the others see them.
        min_leaf: rows in a leaf at least: what is drawn is one of their values.
        seed: of the order in which equal splits are tried.
        last: place of the column that is made last, and sees all others; `None`: the table's order.
        change: function from the fitted `Tree` of the last column, its leaf of each training row and the data to the
            `Tree` that is used; `None`: as it is.

    Reference: the fit is scikit-learn's CART.
    """

    def __init__(self, data, told, min_leaf, seed, last=None, change=None):
        self.data, self.told, self.min_leaf, self.seed, self.change = (
            data,
            tuple(told),
            min_leaf,
            seed,
            change,
        )
        made = [place for place in range(len(data.schema.sizes)) if place not in self.told]
        self.order = tuple(made if last is None else [*(place for place in made if place != last), last])
        self.trees = {}

    @property
    def units(self):
        """Number of trees."""
        return len(self.order)

    def fit(self, progress=None):
        """Fits the trees that are not there; `progress` is called after each."""
        for number, place in enumerate(self.order):
            if place not in self.trees:
                seen = (*self.told, *self.order[:number])
                tree, leaves = fit_tree(self.data, place, seen, self.min_leaf, self.seed)
                if self.change is not None and number + 1 == len(self.order):
                    tree = self.change(tree, leaves, self.data)
                self.trees[place] = tree
            if progress is not None:
                progress()

    def save(self, path):
        """Writes the trees that there are."""
        arrays = {
            f"{place}/{key}": part
            for place, tree in self.trees.items()
            for key, part in tree.arrays().items()
        }
        with replacing(path) as temporary:
            np.savez(temporary, **arrays)

    def load(self, path):
        """Reads the trees of a file."""
        with ArrayFile(path) as file:
            arrays = {name: file[name] for name in file.headers}
        for place in sorted({int(name.split("/")[0]) for name in arrays}):
            self.trees[place] = Tree(**{key: arrays[f"{place}/{key}"] for key in Tree._fields})

    def generator(self):
        """Returns the `RowGenerator` of the fitted trees."""
        return TreeRows(
            self.data.schema.sizes, self.told, self.order, [self.trees[place] for place in self.order]
        )


def fit_tree(data, place, seen, min_leaf, seed):
    """Fits the tree of a column.

    Args:
        data: `TableDataset`.
        place: of the column.
        seen: places of the columns that it sees, in order: at least one, or none for draws from the whole column.
        min_leaf, seed: as in `Trees`.

    Returns:
        `(Tree, leaf of each training row)`.
    """
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    codes, column = data.codes[:, place], data.schema.columns[place]
    if not seen or (codes == codes[0]).all():
        return Tree.of_rows(codes), np.zeros(len(codes), np.int32)
    if column.kind == "categorical" and column.size <= MOST_CLASSES:
        model, target = DecisionTreeClassifier(min_samples_leaf=min_leaf, random_state=seed), codes
    else:
        model, target = (
            DecisionTreeRegressor(min_samples_leaf=min_leaf, random_state=seed),
            ranks(codes, column),
        )
    features = data.codes[:, list(seen)].astype(np.float32)
    model.fit(features, target)
    leaves = model.apply(features).astype(np.int32)
    tree = model.tree_
    return Tree.of_leaves(
        tree.feature, tree.threshold, tree.children_left, tree.children_right, leaves, codes
    ), leaves


def ranks(codes, column):
    """Numbers that stand for codes: of numbers their mean rank, of categories how frequent they are; in [0, 1]."""
    counts = np.bincount(codes, minlength=column.size)
    if column.kind == "numeric":
        return ((np.cumsum(counts) - counts / 2) / len(codes))[codes]
    return (np.argsort(np.argsort(-counts, kind="stable"), kind="stable") / column.size)[codes]


def cart(data, settings, training):
    """Sequential trees, told the columns of the groups and the target: any joint shares of them can be asked for."""
    yield tree_phase("cart", Trees(data, data.schema.told, settings.min_leaf, training.seed))


def tree_phase(name, trees):
    """Returns the `Phase` of trees."""
    return Phase(name, None, None, steps=1, fitted=trees)

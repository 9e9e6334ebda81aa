"""Trees as arrays, and the generator that draws rows from their leaves."""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from repfair_keras.core.random_streams import Stream
from repfair_keras.networks.row_generator import RowGenerator


class Tree(NamedTuple):
    """A tree whose leaves hold rows: a value is that of one of them.

    Args:
        feature: int32, shape `(nodes,)`: place of what a node looks at among the columns that it sees; of a leaf 0.
        threshold: float32, shape `(nodes,)`: rows at or below it go left; of a leaf infinite.
        left, right: int32, shape `(nodes,)`: children; of a leaf itself.
        start, count: int32, shape `(nodes,)`: of a leaf, where its values begin, and how many there are.
        values: int32: codes of the training rows, leaf by leaf.
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    start: np.ndarray
    count: np.ndarray
    values: np.ndarray

    @classmethod
    def of_rows(cls, codes):
        """Returns the tree of one leaf with all rows."""
        zero = np.zeros(1, np.int32)
        return cls(
            zero, np.full(1, np.inf, np.float32), zero, zero, zero, np.array([len(codes)], np.int32), codes
        )

    @classmethod
    def of_leaves(cls, feature, threshold, left, right, leaves, codes):
        """Returns a tree from scikit-learn's arrays, with the leaf and the code of each training row."""
        nodes, own = len(feature), np.arange(len(feature), dtype=np.int32)
        is_leaf = left < 0
        counts = np.bincount(leaves, minlength=nodes).astype(np.int32)
        return cls(
            feature=np.where(is_leaf, 0, feature).astype(np.int32),
            threshold=np.where(is_leaf, np.inf, threshold).astype(np.float32),
            left=np.where(is_leaf, own, left).astype(np.int32),
            right=np.where(is_leaf, own, right).astype(np.int32),
            start=(np.cumsum(counts) - counts).astype(np.int32),
            count=counts,
            values=np.asarray(codes, np.int32)[np.argsort(leaves, kind="stable")],
        )

    def arrays(self):
        """Returns a dict of its arrays."""
        return self._asdict()

    @property
    def depth(self):
        """Steps from the root to the deepest leaf."""
        depth, nodes = 0, np.zeros(1, np.int32)
        while True:
            inner = nodes[self.left[nodes] != nodes]
            if len(inner) == 0:
                return depth
            depth, nodes = depth + 1, np.concatenate([self.left[inner], self.right[inner]])

    def probabilities(self, size):
        """Returns the share of each code among the values of each node, float64, shape `(nodes, size)`; 0 inside."""
        node = np.repeat(np.arange(len(self.count)), self.count)
        at = np.repeat(self.start - (np.cumsum(self.count) - self.count), self.count) + np.arange(len(node))
        cells = node * size + self.values[at]  # values may stand in any order, and some in no leaf
        table = np.bincount(cells, minlength=len(self.left) * size).reshape(-1, size)
        return table / np.maximum(self.count, 1)[:, None]


class TreeRows(RowGenerator):
    """Draws each column from the leaf that the columns before it lead to.

    Args:
        sizes, told: as in `RowGenerator`.
        order: places of the columns that are made, in the order in which they are.
        trees: `Tree` of each; it sees what is told, then the columns made before.
    """

    def __init__(self, sizes, told, order, trees):
        super().__init__(sizes, told)
        self.order = tuple(order)
        self.depths = [tree.depth for tree in trees]
        self.trees = [
            {key: tf.Variable(part, trainable=False, name=key) for key, part in tree.arrays().items()}
            for tree in trees
        ]

    def rows(self, told, seed):
        n = tf.shape(told)[0]
        uniforms = tf.random.stateless_uniform(
            (len(self.order), n), tf.stack([seed, int(Stream.SAMPLE_VALUES)])
        )
        seen, made = (
            [tf.cast(column, tf.int32) for column in tf.unstack(told, axis=1, num=len(self.told))],
            {},
        )
        for number, (place, tree) in enumerate(zip(self.order, self.trees, strict=True)):
            leaf = self._leaf(tree, self.depths[number], seen, n)
            count = tf.gather(tree["count"], leaf)
            drawn = tf.cast(uniforms[number] * tf.cast(count, tf.float32), tf.int32)
            code = tf.gather(tree["values"], tf.gather(tree["start"], leaf) + tf.minimum(drawn, count - 1))
            made[place] = code
            seen.append(code)
        return self.together(told, tf.stack([made[place] for place in self.made], axis=1))

    def _leaf(self, tree, depth, seen, n):
        """Where rows end in a tree, int32, shape `(n,)`."""
        if depth == 0:
            return tf.zeros((n,), tf.int32)
        columns = tf.cast(tf.stack(seen), tf.float32)
        rows = tf.range(n)

        def down(step, node):
            value = tf.gather_nd(columns, tf.stack([tf.gather(tree["feature"], node), rows], axis=1))
            goes_left = value <= tf.gather(tree["threshold"], node)
            return step + 1, tf.where(
                goes_left, tf.gather(tree["left"], node), tf.gather(tree["right"], node)
            )

        return tf.while_loop(lambda step, node: step < depth, down, (0, tf.zeros((n,), tf.int32)))[1]

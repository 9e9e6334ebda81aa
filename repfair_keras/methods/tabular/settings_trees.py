"""Settings of sequential trees."""

from dataclasses import dataclass

from repfair_keras.core.settings import UnitInterval, up_to


@dataclass(frozen=True)
class TreeSettings:
    """Settings of sequential trees.

    Args:
        min_leaf: rows in a leaf at least; what is drawn is the value of one of them.
    """

    min_leaf: up_to(1_000_000) = 5


@dataclass(frozen=True)
class FairTreesSettings(TreeSettings):
    """The same, and how fair the tree of the target is made.

    Args:
        relabel: how far the labels of the leaves that discriminate are swapped, lambda in [0, 1]; 0: not.
    """

    relabel: UnitInterval = 0.5

"""One metric, by group: the object in which every metric of a report is given."""

from dataclasses import dataclass

import numpy as np

from repfair_keras.core.errors import InputError


@dataclass(frozen=True)
class Disaggregated:
    """A metric over all images and in each group, and how far the groups are apart.

    The terms are fairlearn's: `difference` and `ratio` compare groups with one another, not with `overall`.

    Args:
        names: one name per group (or per class).
        overall: the metric over all images, undecided ones too; `None` if it has no value.
        by_group: the metric in each group; `None` where it could not be measured.
        higher_is_better: whether the group with the smallest value is the worst, or that with the largest.
    """

    names: tuple[str, ...]
    overall: float | None
    by_group: tuple[float | None, ...]
    higher_is_better: bool

    def __post_init__(self):
        if len(self.names) != len(self.by_group):
            raise InputError(f"{len(self.names)} names but {len(self.by_group)} values: give one for each.")

    @property
    def difference(self):
        """Largest minus smallest value. Equal groups: 0. Range: 0 or more; `None` below two such groups."""
        values = self._measured
        return max(values) - min(values) if len(values) > 1 else None

    @property
    def ratio(self):
        """Smallest over largest value. Equal groups: 1. Range: [0, 1].

        `None` below two measured groups, or where a value is negative or all are 0: then it has no meaning.
        """
        values = self._measured
        return min(values) / max(values) if len(values) > 1 and min(values) >= 0 < max(values) else None

    @property
    def worst(self):
        """Name of the group with the worst value, the first of equals.

        `None` if a group has no value: one that is too rare to be measured may be the worst.
        """
        values = self._measured
        if len(values) < len(self.names):
            return None
        return self.names[self.by_group.index(min(values) if self.higher_is_better else max(values))]

    @property
    def _measured(self):
        return [value for value in self.by_group if value is not None]

    def to_dict(self, key="by_group"):
        """Returns what a report holds: `overall`, the values under `key`, `difference`, `ratio`, `worst`."""
        return {
            "overall": self.overall,
            key: list(self.by_group),
            "difference": self.difference,
            "ratio": self.ratio,
            "worst": self.worst,
        }


def mean_by_group(values, groups, names, higher_is_better=True):
    """Mean of one number (or boolean) per image, disaggregated.

    Args:
        values: shape `(N,)`.
        groups: integers, shape `(N,)`; an index outside `0 ... k - 1`, undecided, counts in `overall` alone.
        names: one name per group.
        higher_is_better: see `Disaggregated`.

    Returns:
        `Disaggregated`; a group without images is `None`.
    """
    values, groups = np.asarray(values, dtype=np.float64), np.asarray(groups)
    rows = [values[groups == group] for group in range(len(names))]
    means = tuple(float(row.mean()) if len(row) else None for row in rows)
    return Disaggregated(tuple(names), float(values.mean()) if len(values) else None, means, higher_is_better)

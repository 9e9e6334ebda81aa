"""What images and tables share as soon as every row has a group."""

import numpy as np


class Groups:
    """Numbers of groups and classes. Abstract: a data set has `groups`, `group_names` and `class_names`."""

    @property
    def n_groups(self):
        return len(self.group_names)

    @property
    def n_classes(self):
        """Number of classes; 0 where there are none."""
        return len(self.class_names)

    @property
    def shares(self):
        """Share of each group in the data, shape `(n_groups,)`."""
        return np.bincount(self.groups, minlength=self.n_groups) / len(self)

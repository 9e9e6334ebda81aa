"""What images and tables share as soon as every row has a group."""

import dataclasses

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

    def made_with(self, settings, raw):
        """Returns the data set with the settings that made it, and what of it lies in memory alone.

        Args:
            settings: dict of settings of the data, as `runs.config.configure` takes them.
            raw: `RawImages` or `RawTable`; `None`: the settings say where the data are.
        """
        return dataclasses.replace(self, settings=settings, raw=raw)

    @property
    def shares(self):
        """Share of each group in the data, shape `(n_groups,)`."""
        return np.bincount(self.groups, minlength=self.n_groups) / len(self)

    def shares_text(self):
        """Returns the shares as text, `female 57.7 %, male 42.3 %`."""
        shares = zip(self.group_names, self.shares, strict=True)
        return ", ".join(f"{name} {100 * share:.1f} %" for name, share in shares)

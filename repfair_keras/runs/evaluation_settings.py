"""The typed settings of an evaluation: every field is a flag."""

import dataclasses
from dataclasses import dataclass

from repfair_keras.core.errors import InputError

DATA = ("dataset", "grouping", "use_labels")  # what a run knows, and images do not


@dataclass(frozen=True)
class Settings:
    """What to measure with. Nulls are as in the run, or as `repfair_keras.train` has them.

    Args:
        n: number of samples; of images: n of them, at random; null: as when it was trained, or all images.
        seed: seed of the samples, and of every choice of images; null: as when it was trained, or 0.
        data_dir: where the real data is, if it has moved; for images: as in `repfair_keras.train`.
        dataset: for images: the real data to compare with, as in `repfair_keras.train`.
        grouping: for images: how the real data is grouped, as in `repfair_keras.train`.
        use_labels: for images: whether classes are compared; null: where there are any.
        confidence: below this confidence of the classifier an image's group is undecided, in [0, 1).
        target: shares to compare with, one number for the second of two groups or one per group.
        cross: a second attribute for intersectional tables.
        instruments: folder of an evaluated run on the same data whose classifier and extractor to use.
        name: name in tables; null: the method's, or that of the file or folder.
    """

    n: int | None = None
    seed: int | None = None
    data_dir: str | None = None
    dataset: str | None = None
    grouping: str | None = None
    use_labels: bool | None = None
    confidence: float | None = None
    target: float | list[float] | None = None
    cross: str | None = None
    instruments: str | None = None
    name: str | None = None

    def applied_to(self, config):
        """Returns a `Config` with these settings in place of its own, resolved."""
        fields = ("data_dir", *DATA, "confidence", "target", "cross", "instruments")
        given = {name: getattr(self, name) for name in fields if getattr(self, name) is not None}
        return dataclasses.replace(config, **given).resolve()

    def check(self, owner=None):
        """Raises `InputError` for a number out of range, or data named for a model that knows its own."""
        if self.n is not None and self.n < 1:
            raise InputError(f"n is {self.n}: expected an integer of at least 1.")
        if self.seed is not None and not 0 <= self.seed < 2**31:
            raise InputError(f"seed is {self.seed}: expected an integer in [0, 2^31).")
        for name in DATA if owner else ():
            if getattr(self, name) is not None:
                raise InputError(
                    f"{name} is {getattr(self, name)!r}, but {owner} knows the data it was trained on. Leave "
                    "it out."
                )

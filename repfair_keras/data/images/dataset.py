"""What every loader returns, and what every method trains on."""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from repfair_keras.data.base import Groups
from repfair_keras.data.images.pixels import to_float as to_float
from repfair_keras.data.images.pixels import to_pixels as to_pixels
from repfair_keras.data.images.stored import parts_of


@dataclass(frozen=True)
class RawImages:
    """Images as a loader finds them, before they are grouped.

    Args:
        name: name of the data set.
        source: one sentence that says what the images are, for reports and model cards.
        pixels: uint8, shape `(N, height, width, channels)`, 0 to 255.
        labels: int32, shape `(N,)`, class of each image; `None` where there are no classes.
        class_names: one name per class; empty where there are no classes.
        attributes: column name to an array of shape `(N,)`, candidates for groups.
        default_grouping: grouping used if the user names none; `None` if one must be named.
        use_labels: whether networks and groups see the classes if the user does not say.

    Examples:
        >>> import numpy as np, repfair_keras as rf
        >>> rf.RawImages("mine", "Two images.", np.zeros((2, 8, 8, 1), np.uint8)).labels is None
        True
    """

    name: str
    source: str
    pixels: np.ndarray
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    attributes: dict[str, np.ndarray] = field(default_factory=dict)
    default_grouping: str | None = None
    use_labels: bool = True


@dataclass(frozen=True, repr=False)
class ImageDataset(Groups):
    """Images with a group each: the sensitive attribute S of the papers.

    Pixels are kept as bytes, a quarter of the memory; `images` and the batches are float32. Made by
    `from_arrays`, `from_frame`, `from_folder` and `from_tfdata`, or by `repfair_keras.load_dataset`.

    Args:
        name: name of the data set.
        source: one sentence that says what the images are.
        pixels: uint8, shape `(N, height, width, channels)`, 0 to 255; an array, or, of more than 256 MB, a
            `data.images.stored.PixelFile`, of which slices and indices give arrays.
        groups: int32, shape `(N,)`, group of each image, 0 to `n_groups - 1`.
        group_names: one name per group.
        grouping: how the groups were made: a transform's name, as `"invert"`, or a column's.
        labels: int32, shape `(N,)`, class of each image; `None` where there are no classes.
        class_names: one name per class; empty where there are no classes.
        rules: names of the rule-based predictors that apply to this grouping, as `"corner"`.
        settings: settings of the data that made it, as `runs.config.configure` takes them; `None`: not known.
        raw: what it was made of, where that lies in memory alone; `None`: the settings say where it is.

    Examples:
        >>> import numpy as np, repfair_keras as rf
        >>> images = np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8)
        >>> data = rf.ImageDataset.from_arrays(images, groups=["a", "b"] * 20)
        >>> data.group_names, data.image_shape, data.shares.tolist()
        (('a', 'b'), (8, 8, 1), [0.5, 0.5])
    """

    name: str
    source: str
    pixels: np.ndarray
    groups: np.ndarray
    group_names: tuple[str, ...]
    grouping: str
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    settings: dict | None = field(default=None, compare=False, repr=False)
    raw: RawImages | None = field(default=None, compare=False, repr=False)

    @classmethod
    def from_arrays(cls, images, groups=None, labels=None, **options):
        """Makes a data set of arrays in memory, see `data.images.from_python.from_arrays`."""
        from repfair_keras.data.images.from_python import from_arrays

        return from_arrays(images, groups, labels, **options)

    @classmethod
    def from_frame(cls, frame, path_column, group_column, **options):
        """Makes a data set of image files that a table lists, see `data.images.from_python.from_frame`."""
        from repfair_keras.data.images.from_python import from_frame

        return from_frame(frame, path_column, group_column, **options)

    @classmethod
    def from_folder(cls, folder, group_column=None, **settings):
        """Makes a data set of a folder with a `metadata.csv`, see `data.images.loaders.folder`."""
        from repfair_keras.data.images.from_python import from_folder

        return from_folder(folder, group_column, **settings)

    @classmethod
    def from_tfdata(cls, batches, **options):
        """Makes a data set of a finite `tf.data.Dataset`, see `data.images.from_python.from_tfdata`."""
        from repfair_keras.data.images.from_python import from_tfdata

        return from_tfdata(batches, **options)

    def alternating_batches(self, batch_size, latent_size=100, seed=0, start=0):
        """Batches of one group each, in turn, for `fit`: see `data.batches.alternating_batches`."""
        from repfair_keras.data.batches import alternating_batches

        return alternating_batches(self, batch_size, latent_size, seed, start)

    def mixed_batches(self, batch_size, latent_size=100, seed=0, start=0):
        """Batches of all groups as they occur, for `fit`: see `data.batches.mixed_batches`."""
        from repfair_keras.data.batches import mixed_batches

        return mixed_batches(self, batch_size, latent_size, seed, start)

    def summary(self):
        """Returns one line: how many images, of what size, in which groups."""
        size = "x".join(map(str, self.image_shape))
        classes = f"; {self.n_classes} classes" if self.n_classes else ""
        return f"{len(self):,} images of {size}, groups by {self.grouping}: {self.shares_text()}{classes}"

    def __repr__(self):
        return f"ImageDataset({self.summary()})"

    def _repr_html_(self):
        from repfair_keras.data.images.html import to_html

        return to_html(self)

    def __len__(self):
        return len(self.pixels)

    @property
    def images(self):
        """All images, float32 in [-1, 1], shape `(N, height, width, channels)`."""
        return to_float(self.pixels[:])

    @property
    def image_shape(self):
        """`(height, width, channels)`."""
        return self.pixels.shape[1:]

    @property
    def fingerprint(self):
        """SHA-256 (16 hexadecimal digits) of pixels, groups and labels: equal for equal data alone."""
        digest = hashlib.sha256(repr((self.pixels.shape, self.group_names, self.class_names)).encode())
        for part in parts_of(self.pixels, 5000):
            digest.update(np.ascontiguousarray(part))
        for array in (self.groups, self.labels):
            digest.update(b"" if array is None else np.ascontiguousarray(array))
        return digest.hexdigest()[:16]

"""CelebA through tensorflow-datasets: faces of celebrities, 64x64, grouped by the sex that it states."""

import functools

import numpy as np

from repfair_keras.data.images.checks import existing_path
from repfair_keras.data.images.dataset import RawImages
from repfair_keras.data.images.loaders.tfds_images import prepared_builder, tensorflow_datasets, unreadable
from repfair_keras.data.images.stored import room_for

SIZE = 64
CROP = 178  # the width of the aligned photographs: the middle square
BATCH = 512
SEXES = {False: "female", True: "male"}


def load(data_dir=None):
    """Loads the 162,770 training images of CelebA, cropped to their middle square and shrunk to 64x64x3.

    Args:
        data_dir: folder of prepared data sets; `None`: tensorflow-datasets' own cache folder.

    Returns:
        `RawImages` without classes. Attributes: `sex`, the default grouping, and the 39 others of CelebA under
        their names, with the values no and yes.

    Raises:
        InputError: if there is no prepared copy and none can be downloaded, or the copy cannot be read.

    Reference: Liu et al. 2015; FLDGM, faces of 64x64 by sex.
    """
    if data_dir is not None:
        existing_path(data_dir, "celeb_a", "a folder with celeb_a/ as tensorflow-datasets prepares it")
    builder = prepared_builder("celeb_a", data_dir)
    pixels, attributes = _read(str(builder.data_dir))
    return RawImages(
        name="celeb_a",
        source=f"{len(pixels):,} faces: the training images of CelebA, their middle square at {SIZE}x{SIZE} "
        f"pixels (tensorflow-datasets celeb_a {builder.version}).",
        pixels=pixels,
        attributes=attributes,
        default_grouping="sex",
    )


@functools.lru_cache(maxsize=1)
def _read(folder):
    """Reads the training images once, which takes minutes; arrays that cannot be written to."""
    import tensorflow as tf
    from tqdm import tqdm

    tfds = tensorflow_datasets()
    builder = tfds.builder_from_directory(folder)
    n = builder.info.splits["train"].num_examples
    pixels, attributes = room_for((n, SIZE, SIZE, 3)), {}

    def shrunk(example):
        image = tf.image.resize_with_crop_or_pad(example["image"], CROP, CROP)
        image = tf.image.resize(tf.cast(image, tf.float32), (SIZE, SIZE), method="area")
        return tf.cast(tf.round(image), tf.uint8), example["attributes"]

    try:
        faces = builder.as_dataset(split="train").map(shrunk, tf.data.AUTOTUNE).batch(BATCH)
        with tqdm(total=n, desc="Reading CelebA", unit="face", disable=n < 10 * BATCH) as progress:
            done = 0
            for images, values in tfds.as_numpy(faces):
                pixels[done : done + len(images)] = images
                done += len(images)
                for name, value in values.items():
                    attributes.setdefault(name, []).append(value)
                progress.update(len(images))
    except (tf.errors.OpError, OSError, ValueError) as error:
        raise unreadable(builder, error) from error
    columns = {name: np.concatenate(value) for name, value in attributes.items()}
    sex = np.where(columns.pop("Male"), SEXES[True], SEXES[False])
    columns = {"sex": sex, **{name: np.where(value, "yes", "no") for name, value in columns.items()}}
    for array in (pixels, *columns.values()):
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return pixels, columns

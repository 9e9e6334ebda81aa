"""What a training takes of the memory at least, told before it begins: in seconds, not when the machine gives up."""

import math

import psutil

from repfair_keras.core.errors import InputError

FLOAT = 4  # bytes
PASSES = 2  # of the largest maps, which a step keeps at least: forwards and backwards
COPIES = 4  # of a weight: itself, its gradient, two momenta of Adam
WIDEST = 2 * 16  # kernels of two networks that join as many filters on both sides
TOLD_ABOVE = 0.25  # of the memory that is free


def memory_at_least(config, dataset):
    """Returns bytes that a training takes at least, by what takes them: a dict of text to number.

    Args:
        config: `Config`.
        dataset: what it trains on.
    """
    batch, filters = config.training.batch_size, getattr(config.settings, "filters", None) or 1
    shape = getattr(dataset, "image_shape", None)
    if shape is None:  # a table: its networks have no maps of filters, but a number for each column of a row
        return {f"a step with batch_size {batch:,}": FLOAT * PASSES * batch * len(dataset.schema.columns)}
    places = math.prod(shape[:2])
    return {
        f"a step with batch_size {batch:,} and filters {filters:,}": FLOAT
        * PASSES
        * batch
        * places
        * filters,
        f"weights with filters {filters:,}": FLOAT * COPIES * WIDEST * filters**2,
    }


def check_memory(config, dataset):
    """Raises `InputError` if a training cannot fit in the memory that is free; says what it takes if that is much."""
    parts = memory_at_least(config, dataset)
    total, free = sum(parts.values()), psutil.virtual_memory().available
    told = ", ".join(f"{size / 1e9:,.1f} GB for {what}" for what, size in parts.items())
    if total > free:
        fewer = " or fewer --filters" if hasattr(dataset, "image_shape") else ""
        raise InputError(
            f"training takes at least {total / 1e9:,.1f} GB of memory, but {free / 1e9:,.1f} GB are free: {told}. Give "
            f"a smaller --batch_size{fewer}."
        )
    return f"Memory: at least {total / 1e9:,.1f} GB ({told})" if total > TOLD_ABOVE * free else None

"""Files that are neither here nor in tensorflow-datasets: downloaded once, checked."""

from pathlib import Path

from repfair_keras.core.errors import InputError


def download(address, md5, dataset, expected):
    """Downloads a file to Keras's cache, unless it is there.

    Args:
        address: where it is.
        md5: its MD5 sum; a file of another one is refused.
        dataset: name of the data set, for the message.
        expected: what may be given in its place, for the message.

    Returns:
        Its path.

    Raises:
        InputError: if it cannot be had.
    """
    import keras

    try:
        return Path(keras.utils.get_file(origin=address, file_hash=md5, cache_subdir=f"repfair/{dataset}"))
    except Exception as error:  # Keras raises plain exceptions for an address that does not answer
        raise InputError(
            f"{address} could not be downloaded: {error}. On a machine with network, save it; then pass "
            f"--data_dir with {expected}."
        ) from error

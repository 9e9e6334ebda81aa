"""`repfair_keras.load_generator` and `repfair_keras.push`: generators in folders and on a hub."""

from pathlib import Path
from typing import Any


def load_generator(source: str | Path, *, run_graph: bool = False) -> Any:
    """Opens an exported generator: in a folder, or on a hub (extra `[hub]`).

    Of a hub the SavedModel's own files alone are fetched, nothing is unpickled, and what they are is said before they
    are run: `tf.saved_model.load` runs a stranger's graph, which is a program.

    Args:
        source: folder of a run or of a SavedModel; `pretrained:repfair_mnist`; `hf://user/name` or `hf://user/name@revision`.
        run_graph: of a hub: whether the graph may be run. It is looked through all the same, see `trusted`.

    Returns:
        `ImageSampler` or `TableSampler`.

    Raises:
        InputError: if it holds no generator, the hub refuses, or `run_graph` is not set for one on a hub.

    Examples:
        >>> import repfair_keras as rf
        >>> rf.load_generator("saved_models/repfair_mnist").takes_labels
        True
    """
    from repfair_keras.hub.load import load_generator as load

    return load(source, run_graph)


def push(run: str | Path | Any, address: str, *, license: str, private: bool = False) -> str:
    """Pushes a run's generator to a hub (extra `[hub]`): SavedModel, model card with its numbers, and report.

    Args:
        run: `Run`, or the folder of a finished run.
        address: `hf://user/name`; the repository is made where there is none.
        license: identifier of the licence that the weights are under, as `"apache-2.0"`, `"cc-by-nc-4.0"`, `"other"`;
            the data that they were trained on may carry conditions.
        private: whether a repository that is made is private.

    Returns:
        Address of the commit, a URL.

    Raises:
        InputError: if the run is not finished, or the hub refuses.

    Examples:
        >>> import repfair_keras as rf
        >>> rf.push("runs/a", "ada/digits", license="apache-2.0")
        Traceback (most recent call last):
        repfair_keras.core.errors.InputError: address is 'ada/digits': expected hf://user/name or hf://user/name@revision.
    """
    from repfair_keras.hub.push import push as push_run

    return push_run(getattr(run, "path", run), address, license, private)

"""A generator from a hub: first what it is, then its files, and its graph only where that was asked for.

A SavedModel is a program, and whoever pushed it wrote that. So nothing is run before it was said what it is, and
nothing but the SavedModel's own files is fetched.
"""

import json
import sys
from pathlib import Path

from repfair_keras.core.errors import InputError, readable
from repfair_keras.core.saved_graphs import risky_operations
from repfair_keras.core.storage import storage_problem
from repfair_keras.core.yaml_text import load_yaml
from repfair_keras.export.open_sampler import open_sampler
from repfair_keras.hub.address import client, is_address, read_address, refused
from repfair_keras.runs.run_folder import EXPORT_METADATA

FILES = ("saved_model.pb", "fingerprint.pb", "variables/*", "assets/*", "README.md", "*.json")
MOST_BYTES = 2_000_000_000


def load_generator(source, run_graph=False, tell=None):
    """Opens an exported generator in a folder, or on a hub.

    Args:
        source: folder of a run or of a SavedModel; `hf://user/name` or `hf://user/name@revision`.
        run_graph: of a hub: whether its graph, which is a stranger's program, may be run.
        tell: function that shows a line; `None` writes to standard error.

    Returns:
        `ImageSampler` or `TableSampler`.

    Raises:
        InputError: if it holds none, the hub refuses, or `run_graph` is not set for one on a hub: it says what it is.
    """
    if not is_address(source):
        return open_sampler(source)
    tell = _to_stderr if tell is None else tell
    address = read_address(source)
    folder, described = fetch(address, tell)
    reach = risky_operations(folder)
    graph = (
        f"operations that reach beyond it: {', '.join(reach)}"
        if reach
        else "no operation that reaches beyond it"
    )
    if not run_graph:
        raise InputError(
            f"{described} Its graph is a program of whoever pushed it, with {graph}; it lies in {folder} and was not "
            "run. If you trust them: run_graph=True."
        )
    tell(f"{described} Its graph has {graph}; it is run now.")
    return open_sampler(folder)


def fetch(address, tell):
    """Fetches the files of a generator.

    Args:
        address: `Address`.
        tell: function that shows a line.

    Returns:
        `(folder, described)`: where they lie, and a sentence on what they are.

    Raises:
        InputError: if the hub refuses, there is no generator, or it is too large.
    """
    hub = client()
    try:
        info = hub.HfApi().model_info(address.repository, revision=address.revision, files_metadata=True)
        sizes = {each.rfilename: each.size or 0 for each in info.siblings}
        if not {"saved_model.pb", EXPORT_METADATA} <= set(sizes):
            raise InputError(
                f"{address} holds no saved_model.pb with a {EXPORT_METADATA}: expected a generator that this "
                f"package has pushed. Found: {', '.join(sorted(sizes)[:10])}."
            )
        if sum(sizes.values()) > MOST_BYTES:
            raise InputError(
                f"{address} has {sum(sizes.values()) / 1e9:.1f} GB: at most {MOST_BYTES / 1e9:.0f} are fetched."
            )
        tell(f"{address}: revision {info.sha}, {len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB")
        folder = Path(
            hub.snapshot_download(address.repository, revision=info.sha, allow_patterns=list(FILES))
        )
    except InputError:
        raise
    except Exception as error:  # of the hub's library, of its HTTP client, of the network
        if storage_problem(error) is not None:  # which says what to do
            raise
        raise refused(address, error) from error
    return folder, _described(address, info.sha, folder)


def _described(address, revision, folder):
    """A sentence on what was fetched; its words are those of whoever pushed it."""
    try:
        config = load_yaml(json.loads((folder / EXPORT_METADATA).read_text("utf-8"))["config"])
        said = f"`{_word(config['method'])}` on `{_word(config['dataset'])}`"
    except (ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        raise InputError(f"{address}: {EXPORT_METADATA} is damaged or another program's: {error}") from error
    return f"{address} at revision {revision} says that it is a generator of {said}."


def _word(text):
    """A stranger's word, as it may be shown in a line."""
    return readable(" ".join(str(text).split()))[:50]


def _to_stderr(line):
    print(line, file=sys.stderr, flush=True)

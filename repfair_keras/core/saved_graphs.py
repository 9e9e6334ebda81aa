"""SavedModels of strangers are programs: what theirs would do is looked at before they are loaded.

A graph may read and write files, start Python, or talk to other machines. What is not known to stay within the graph
is refused: operations that keep state but for those that networks need, and of those that TensorFlow calls stateless
all but those of its families for computing with arrays, as some of the others write files and report over the network.
What TensorFlow itself adds to save and restore the weights is left out of the search. A graph that passes may still
compute forever, or fill the memory.
"""

import contextlib
import importlib
import importlib.util
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

from repfair_keras.core.errors import InputError

_TRUSTED = ContextVar("trusted", default=False)
OTHER_FORMS = (
    "saved_model.cpb",
    "saved_model.pbtxt",
)  # TensorFlow might read these in the place of what was looked at

# Operations with state that stay within the graph: variables, tables in memory, calls, and random numbers.
HARMLESS = {
    *("VarHandleOp", "ReadVariableOp", "AssignVariableOp", "AssignAddVariableOp", "AssignSubVariableOp"),
    *("VarIsInitializedOp", "DisableCopyOnRead", "ResourceGather", "ResourceGatherNd", "DestroyResourceOp"),
    *("StatefulPartitionedCall", "If", "While", "Case", "Assert"),
    *("HashTable", "HashTableV2", "AnonymousHashTable", "MutableHashTable", "MutableHashTableV2"),
    *(
        "LookupTableFind",
        "LookupTableFindV2",
        "LookupTableImport",
        "LookupTableImportV2",
        "LookupTableSizeV2",
    ),
    *("InitializeTable", "InitializeTableV2", "LookupTableInsertV2", "LookupTableExportV2"),
    *("RandomUniform", "RandomUniformInt", "RandomStandardNormal", "TruncatedNormal", "RandomShuffle"),
    *(
        "Multinomial",
        "RandomGamma",
        "RngReadAndSkip",
        "RngSkip",
        "StatefulUniform",
        "StatefulStandardNormalV2",
    ),
    *("StatefulTruncatedNormal", "StatefulUniformInt", "StatefulUniformFullInt", "FusedBatchNormV3"),
}
# TensorFlow's modules of operations, `tensorflow.python.ops.gen_<family>_ops`, that compute with what they are given.
FAMILIES = (
    *(
        "array",
        "bitwise",
        "control_flow",
        "cudnn_rnn",
        "data_flow",
        "functional",
        "image",
        "linalg",
        "list",
        "manip",
    ),
    *(
        "math",
        "nn",
        "ragged_array",
        "ragged_conversion",
        "ragged_math",
        "random",
        "random_index_shuffle",
        "rnn",
        "set",
    ),
    *("sparse", "special_math", "spectral", "state", "stateless_random", "string"),
)
MODULES = (
    *(f"tensorflow.python.ops.gen_{family}_ops" for family in FAMILIES),
    "tensorflow.python.ops.gen_stateless_random_ops_v2",
)
READ_FILES = {"ImmutableConst"}  # of the family of arrays, and stateless
SAVING = {"SaveV2", "RestoreV2", "MergeV2Checkpoints", "ShardedFilename"}


@contextlib.contextmanager
def trusted(trust: bool = True) -> Iterator[None]:
    """Inside, SavedModels are loaded whatever they do: for those of people whom you trust.

    Args:
        trust: `False`: they are looked through, as outside.

    Examples:
        >>> import repfair_keras as rf
        >>> with rf.trusted():
        ...     pass  # rf.evaluate("a/strangers/model")
    """
    token = _TRUSTED.set(trust)
    try:
        yield
    finally:
        _TRUSTED.reset(token)


def check_saved_graph(folder):
    """Raises `InputError` for a SavedModel whose graph would touch files, processes or the network, unless `trusted`.

    Args:
        folder: folder of the SavedModel.
    """
    if _TRUSTED.get():
        return
    found = risky_operations(folder)
    if found:
        raise InputError(
            f"the SavedModel in {folder} holds operations that reach beyond it, to files, processes or the network: "
            f"{', '.join(found)}. It was not loaded. If you trust whoever made it: --trust, or, in Python, "
            "with rf.trusted():"
        )


def risky_operations(folder):
    """Returns the names of a SavedModel's operations that reach beyond the graph, or are not known, sorted.

    Raises:
        InputError: if the graph cannot be read, or there is more than one.
    """
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf import saved_model_pb2
    from tensorflow.python.framework import op_def_registry

    others = [name for name in OTHER_FORMS if Path(folder, name).exists()]
    if others:
        raise InputError(
            f"{folder} holds {others[0]} beside saved_model.pb: expected one graph. Export it again."
        )
    model = saved_model_pb2.SavedModel()
    try:
        model.ParseFromString(Path(folder, "saved_model.pb").read_bytes())
    except (DecodeError, OSError) as error:
        raise InputError(f"the SavedModel in {folder} cannot be read: {error}. Export it again.") from error

    def is_risky(name):
        known = op_def_registry.get(name)
        if known is None or known.is_stateful or name in READ_FILES or name.startswith("_"):
            return name not in HARMLESS
        return name not in HARMLESS and not any(hasattr(family, name) for family in families)

    families = [importlib.import_module(name) for name in MODULES if importlib.util.find_spec(name)]
    return sorted({name for graph in model.meta_graphs for name in _operations(graph) if is_risky(name)})


def _operations(meta_graph):
    """Names of all operations, without those that TensorFlow saves and restores the weights with."""
    graph, saver = meta_graph.graph_def, meta_graph.saver_def
    savers = {saver.save_tensor_name.split(":")[0], saver.restore_op_name}
    called = _called(node for node in graph.node if node.name not in savers)
    called |= _called(node for function in graph.library.function for node in function.node_def)
    called |= set(meta_graph.object_graph_def.concrete_functions)
    saving = _called(node for node in graph.node if node.name in savers) - called  # what nothing else can run
    names = {node.op for node in graph.node}
    for function in graph.library.function:
        operations = {node.op for node in function.node_def}
        names |= operations - SAVING if function.signature.name in saving else operations
    return names


def _called(nodes):
    """Names of the functions that nodes may call."""
    values = [value for node in nodes for value in node.attr.values()]
    return {function.name for value in values for function in (value.func, *value.list.func)}

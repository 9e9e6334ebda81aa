"""SavedModels of strangers: what reaches beyond the graph is named before it is loaded; networks pass."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.ops import gen_debug_ops as debug_ops

import repfair_keras as rf
from repfair_keras.commands import sample
from repfair_keras.commands.command_line import call
from repfair_keras.core.errors import InputError
from repfair_keras.core.saved_graphs import check_saved_graph, risky_operations
from repfair_keras.evaluation.images.users_model import load_users_model
from repfair_keras.export.saved_model import load_saved_model

MODELS = sorted(
    path for path in (Path(__file__).resolve().parents[2] / "saved_models").iterdir() if path.is_dir()
)


def hostile(kind, folder):
    """A generator with an endpoint `sample` that does something else beside."""
    target = str(folder / "written.txt")
    effects = {
        "WriteFile": lambda: tf.io.write_file(target, "here I was"),
        "ReadFile": lambda: tf.io.read_file("/etc/hostname"),
        "EagerPyFunc": lambda: tf.py_function(lambda: 1.0, [], tf.float32),
        "PrintV2": lambda: tf.print("x", output_stream="file://" + target),
        "SaveV2": lambda: tf.raw_ops.SaveV2(
            prefix=target, tensor_names=["x"], shape_and_slices=[""], tensors=[tf.constant(1.0)]
        ),
        "TextLineDataset": lambda: tf.raw_ops.TextLineDataset(
            filenames=["/etc/hostname"], compression_type="", buffer_size=0
        ),
        "MatchingFiles": lambda: tf.io.matching_files("/*"),
        # TensorFlow calls these stateless all the same.
        "DebugIdentity": lambda: debug_ops.debug_identity(tf.constant(1.0), debug_urls=["file://" + target]),
        "GenerateVocabRemapping": lambda: tf.raw_ops.GenerateVocabRemapping(
            new_vocab_file="/etc/hostname",
            old_vocab_file="/etc/hostname",
            new_vocab_offset=0,
            num_new_vocab=1,
        )[0],
        "PyFuncStateless": lambda: tf.raw_ops.PyFuncStateless(input=[], token="f", Tout=[tf.float32])[0],
    }

    class Module(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec((), tf.int32), tf.TensorSpec((), tf.int32)])
        def sample(self, n, seed):
            keep = tf.while_loop(lambda i: i < 1, lambda i: self.inner(i), [tf.constant(0)])  # two calls deep
            return {
                "images": tf.zeros((n, 4, 4, 1))
                + tf.cast(seed, tf.float32)
                + 0.0 * tf.cast(keep[0], tf.float32)
            }

        @tf.function
        def inner(self, i):
            effect = effects[kind]()
            with tf.control_dependencies([effect] if effect is not None else []):
                return (i + 1,)

    path = folder / "stranger"
    tf.saved_model.save(Module(), str(path))
    return path


KINDS = ["WriteFile", "ReadFile", "EagerPyFunc", "PrintV2", "SaveV2", "TextLineDataset", "MatchingFiles"]
KINDS += ["DebugIdentity", "GenerateVocabRemapping", "PyFuncStateless"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_reaches_beyond_the_graph_is_named_and_not_loaded(kind, tmp_path, monkeypatch):
    path = hostile(kind, tmp_path)
    monkeypatch.setattr(tf.saved_model, "load", lambda *_: pytest.fail("it was loaded"))
    for load in (load_saved_model, lambda path: load_users_model(path, (4, 4, 1))):
        with pytest.raises(InputError, match=rf"to files, processes or the network: .*{kind}.* not loaded"):
            load(path)
    with rf.trusted():
        check_saved_graph(path)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.name)
def test_our_generators_pass(path):
    assert risky_operations(path) == []


def test_networks_of_others_pass(tmp_path):
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.RandomFlip(), layers.Conv2D(4, 3), layers.BatchNormalization()]
    )
    model.add(layers.Dropout(0.2))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(2, activation="softmax"))
    model.export(str(tmp_path / "classifier"), verbose=False)
    assert risky_operations(tmp_path / "classifier") == []
    assert load_users_model(tmp_path / "classifier", (8, 8, 3))(np.zeros((2, 8, 8, 3), np.float32)).shape == (
        2,
        2,
    )


def test_a_second_graph_beside_the_first_is_refused(tmp_path):
    path = hostile("WriteFile", tmp_path)
    (path / "saved_model.pbtxt").write_text("")
    with pytest.raises(InputError, match=r"holds saved_model\.pbtxt beside saved_model\.pb"):
        risky_operations(path)
    (path / "saved_model.pbtxt").unlink()
    (path / "saved_model.pb").write_bytes(b"\xff\xff\xff")
    with pytest.raises(InputError, match="cannot be read"):
        risky_operations(path)


def test_the_command_refuses_and_goes_on_with_trust(tmp_path, capsys):
    path = hostile("WriteFile", tmp_path)
    words = [str(path), "--n", "2", "--out", str(tmp_path / "out"), "--format", "npz"]
    with pytest.raises(SystemExit) as stopped:
        call(sample.main, words)
    assert stopped.value.code == 2
    assert "If you trust whoever made it: --trust" in capsys.readouterr().err
    assert not (tmp_path / "written.txt").exists()
    call(sample.main, [*words, "--trust"])
    assert (tmp_path / "written.txt").exists() and (tmp_path / "out").is_dir()

"""What TensorFlow keeps of a run that is over."""

import gc

from tensorflow.python.framework import ops
from tensorflow.python.framework.func_graph import FuncGraph

import repfair_keras as rf
from repfair_keras.core import garbage

SHORT = {
    **{"network": "dcgan", "filters": 2, "latent_size": 6, "batch_size": 8, "steps": 4, "n": 40, "probe": 0},
    **{"instrument_steps": 4, "figures": False, "verbose": 0},
}


def graphs():
    gc.collect()
    return [thing for thing in gc.get_objects() if isinstance(thing, FuncGraph)]


def test_no_graph_of_a_run_stays(digits, tmp_path):
    data = rf.ImageDataset.from_arrays(digits.pixels[:200], groups=digits.groups[:200])
    before = len(graphs())
    rf.train(data, "repfair", out=tmp_path / "run", **SHORT)
    rf.evaluate(tmp_path / "run", reference=data, n=30)
    assert len(graphs()) <= before


def test_what_was_registered_before_stays():
    ops.RegisterGradient("CustomGradient-before")(lambda *gradients: gradients)
    with garbage.leaving_nothing():
        ops.RegisterGradient("CustomGradient-inside")(lambda *gradients: gradients)
        ops.RegisterGradient("OfAnOperation")(lambda *gradients: gradients)
    names = set(ops.gradient_registry.list())
    assert {"CustomGradient-before", "OfAnOperation"} <= names and "CustomGradient-inside" not in names


def test_a_registry_elsewhere_is_left_alone(monkeypatch):
    monkeypatch.delattr(ops, "gradient_registry")
    with garbage.leaving_nothing():
        pass

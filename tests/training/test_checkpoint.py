"""A model goes on from its checkpoint bit for bit, whatever hangs on it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.methods.players import Players
from repfair_keras.training.checkpoint import Checkpoint, build_optimizers, states_of


def network(size):
    return keras.Sequential([keras.Input((size,)), keras.layers.Dense(size), keras.layers.Dropout(0.3)])


class ThreePlayers(keras.Model):
    """Three networks, each with an optimizer of its own, in an attribute, in a list and on the network."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.third = network(3), network(3), network(3)
        self.mean = tf.Variable(tf.zeros(3), trainable=False)
        self.noise = tf.random.Generator.from_seed(1)
        self.seen = keras.metrics.Mean(name="seen")
        self.built = True

    def compile(self, build=True):
        super().compile(jit_compile=False)
        self.optimizer = None
        self.c_optimizer = keras.optimizers.Adam(0.1)
        self.others = [keras.optimizers.SGD(0.1, momentum=0.9)]
        self.third.compile(keras.optimizers.RMSprop(0.1))
        if build:
            self.c_optimizer.build(self.first.trainable_variables)
            self.others[0].build(self.second.trainable_variables)

    def train_step(self, x):
        x += self.noise.normal(tf.shape(x))
        self.mean.assign(0.9 * self.mean + 0.1 * tf.reduce_mean(x, axis=0))
        steps = (
            (self.first, self.c_optimizer),
            (self.second, self.others[0]),
            (self.third, self.third.optimizer),
        )
        for net, optimizer in steps:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(net(x - self.mean, training=True) - 1.0))
            optimizer.apply(tape.gradient(loss, net.trainable_variables), net.trainable_variables)
        self.seen.update_state(loss)
        return {"seen": self.seen.result()}


def made():
    keras.utils.set_random_seed(0)
    model = ThreePlayers()
    model.compile()
    return model


def numbers(model):
    return {
        f"{name}/{i}": np.asarray(variable)
        for name, variables in states_of(model)
        for i, variable in enumerate(variables)
    }


def trained(model, steps, start=0):
    rows = tf.random.stateless_normal((10, 4, 3), (0, 0))[start : start + steps]
    model.fit(tf.data.Dataset.from_tensor_slices(rows), verbose=0)
    return model


def test_a_model_with_three_optimizers_goes_on_bit_for_bit(tmp_path):
    whole = trained(made(), 8)
    stopped = made()
    Checkpoint(tmp_path / "a.npz", stopped).restore()
    Checkpoint(tmp_path / "a.npz", trained(stopped, 3)).save(3, 1)
    resumed = made()
    checkpoint = Checkpoint(tmp_path / "a.npz", resumed)
    checkpoint.restore()
    assert (checkpoint.step, checkpoint.epoch) == (3, 1)
    one, other = numbers(whole), numbers(trained(resumed, 5, start=3))
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_names_of_what_is_kept():
    model = made()
    build_optimizers(model)
    names = ["model", "c_optimizer", "mean", "noise", "others.0", "third.optimizer"]
    assert [name for name, _ in states_of(model)] == names
    kept = [id(variable) for _, variables in states_of(model) for variable in variables]
    assert len(set(kept)) == len(kept)
    assert not {id(variable) for variable in model.seen.variables} & set(kept)


def test_an_optimizer_without_variables_is_named_before_training(tmp_path):
    model = ThreePlayers()
    model.compile(build=False)
    with pytest.raises(InputError, match=r"c_optimizer of ThreePlayers is not built: .*c_optimizer\.build\("):
        Checkpoint(tmp_path / "a.npz", model).restore()


def test_files_written_before_are_still_read(tmp_path):
    """With the names that the two players' optimizers have always had, and no others."""
    model = Players(network(2), network(2))
    model.compile(keras.optimizers.Adam(), keras.optimizers.SGD(momentum=0.5))
    owners = {"model": model, "d_optimizer": model.d_optimizer, "g_optimizer": model.g_optimizer}
    before = {f"{name}/{i}": x for name, owner in owners.items() for i, x in enumerate(owner.variables)}
    assert list(numbers(model)) == list(before)
    filled = {name: np.full(x.shape, i, x.dtype) for i, (name, x) in enumerate(before.items())}
    np.savez(tmp_path / "a.npz", step=7, epoch=2, seconds=1.5, **filled)
    Checkpoint(tmp_path / "a.npz", model).restore()
    assert {name: np.unique(x).tolist() for name, x in numbers(model).items()} == {
        name: [i] for i, name in enumerate(before)
    }


def test_another_network_is_refused(tmp_path):
    small, large = (keras.Sequential([keras.Input((size,)), keras.layers.Dense(1)]) for size in (2, 3))
    Checkpoint(tmp_path / "a.npz", small).save(1, 1)
    with pytest.raises(
        InputError, match=r"is of another network: model/0 has shape \[2, 1\], expected \[3, 1\]"
    ):
        Checkpoint(tmp_path / "a.npz", large).restore()


def damage(path, kind):
    """Damages a checkpoint as disks and people do."""
    whole = path.read_bytes()
    with np.load(path) as file:
        arrays = dict(file)
    name = next(name for name in arrays if name.startswith("model/"))
    edited = {
        "step below 0": {"step": np.array(-5)},
        "step beyond the end": {"step": np.array(10**12)},
        "epoch beyond the step": {"epoch": np.array(99)},
        "seconds that are none": {"seconds": np.array(np.nan)},
        "weights that are none": {name: np.full_like(arrays[name], np.nan)},
        "step that is text": {"step": np.array("many")},
    }
    if kind in edited:
        np.savez(path, **{**arrays, **edited[kind]})
    elif kind == "no step":
        np.savez(path, **{key: value for key, value in arrays.items() if key != "step"})
    else:
        middle = len(whole) // 2
        flipped = (
            whole[:middle] + bytes(byte ^ 255 for byte in whole[middle : middle + 64]) + whole[middle + 64 :]
        )
        path.write_bytes({"cut": whole[:-300], "empty": b"", "flipped": flipped}[kind])


KINDS = ["cut", "empty", "flipped", "no step", "step below 0", "step beyond the end", "epoch beyond the step"]
KINDS += ["seconds that are none", "weights that are none", "step that is text"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_named_and_the_one_before_it_goes_on_bit_for_bit(tmp_path, kind):
    whole, stopped = trained(made(), 8), made()
    checkpoint = Checkpoint(tmp_path / "a.npz", trained(stopped, 3))
    checkpoint.save(3, 1)
    trained(stopped, 2, start=3)
    checkpoint.save(5, 2)
    damage(tmp_path / "a.npz", kind)
    resumed = made()
    again = Checkpoint(tmp_path / "a.npz", resumed)
    with pytest.warns(UserWarning, match=r"a\.npz is damaged \(.*: going on from the one before it"):
        again.restore(total=8)
    assert (again.step, again.epoch) == (3, 1)
    one, other = numbers(whole), numbers(trained(resumed, 5, start=3))
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
    damage(again.previous, kind)
    with (
        pytest.warns(UserWarning),
        pytest.raises(InputError, match=r"a\.previous\.npz is damaged .* none before it"),
    ):
        Checkpoint(tmp_path / "a.npz", made()).restore(total=8)


def test_killed_between_two_names_it_goes_on_from_the_file_before(tmp_path):
    checkpoint = Checkpoint(tmp_path / "a.npz", trained(made(), 3))
    checkpoint.save(3, 1)
    checkpoint.path.rename(checkpoint.previous)
    again = Checkpoint(tmp_path / "a.npz", made())
    again.restore(total=8)
    assert again.step == 3

import csv
import math
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from repfair_keras.core.errors import TrainingDivergedError
from repfair_keras.runs.config import configure
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.training.callbacks import GroupProbe, SampleGrid, StopAt
from repfair_keras.training.clipping import clipping_warning

TINY = {"filters": 4, "latent_size": 8, "batch_size": 8, "steps": 4}


def probed(method, digits, **settings):
    """The logs of a probe of an untrained model, and whether the model's state stayed."""
    import keras

    keras.utils.set_random_seed(0)
    (phase,) = configure(method=method, **TINY, **settings).phases(digits)
    before = [np.asarray(variable) for variable in phase.model.variables]
    probe, logs = GroupProbe(digits, 8, 0, None, None), {}
    probe.set_model(phase.model)
    probe.on_epoch_end(0, logs)
    after = [np.asarray(variable) for variable in phase.model.variables]
    return logs, all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_the_probe_is_the_same_for_every_method_and_changes_nothing(digits):
    plain, stayed = probed("gan", digits)
    clipped, stayed_too = probed("repfair", digits, max_grad_norm=1e-3)
    assert plain == pytest.approx(clipped)
    assert stayed
    assert stayed_too
    assert min(plain.values()) > 1e-3  # norms before clipping


class Model:
    """Of which the norm of a group's gradient is the step that it is measured at."""

    def __init__(self, stop_at):
        self.stop_at, self.calls = stop_at, 0

    def probe(self, images, labels, groups):
        self.calls += 1
        return 0.5, float(self.calls)


def test_norms_of_the_first_epoch_are_measured_every_fifty_steps(digits, tmp_path):
    stop_at = StopAt(0, 400, 15)
    probe = GroupProbe(digits, 8, 0, tmp_path / "early.csv", stop_at, n_batches=1)
    probe.set_model(Model(stop_at))
    probe.on_train_begin()
    for epoch in range(2):
        for _ in range(12):
            probe.on_train_batch_end(0)
            stop_at.step += 15
        probe.on_epoch_end(epoch, {})
    with (tmp_path / "early.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == [0, 60, 105, 150, 180]
    assert [float(row["d_grad_norm/black"]) for row in rows] == [1, 3, 5, 7, 9]


def test_a_resumed_run_leaves_the_norms_of_its_first_epoch_alone(digits, tmp_path):
    stop_at = StopAt(180, 400, 15)
    probe = GroupProbe(digits, 8, 0, tmp_path / "early.csv", stop_at, n_batches=1)
    probe.set_model(Model(stop_at))
    probe.on_train_begin()
    probe.on_train_batch_end(0)
    probe.on_epoch_end(1, {})
    assert not (tmp_path / "early.csv").exists()


@pytest.mark.parametrize("n_classes", [0, 7])
def test_epoch_pictures_have_a_group_to_a_row(n_classes, tmp_path):
    """A generator of three groups without classes, which paints the group."""
    import keras

    group = keras.Input((), dtype="int32", name="group")
    latents = keras.Input((4,), name="latents")
    level = keras.ops.cast(group, "float32")[:, None, None, None] / 2 + 0 * latents[:, :1, None, None]
    generator = keras.Model([latents, group], keras.ops.tile(level, (1, 5, 5, 1)))
    data = SimpleNamespace(n_classes=n_classes, n_groups=3)
    SampleGrid(generator, tmp_path, data, seed=0).on_epoch_end(0)
    picture = np.asarray(Image.open(tmp_path / "epoch_0001.png"))[2::12, 2::12]  # 6 x 2 pixels to an image
    assert picture.shape == (9, 10)
    np.testing.assert_array_equal(picture[:, 0], np.tile([128, 191, 255], 3))
    assert (picture == picture[:, :1]).all()


def test_a_loss_that_is_no_number_ends_the_run():
    stop = StopAt(0, 100, 1)
    with pytest.raises(TrainingDivergedError, match="g_loss became NaN or infinite in epoch 3"):
        stop.on_epoch_end(2, {"g_loss": math.nan, "d_loss_real": 0.1, "step_norm/white": math.nan})


@pytest.mark.parametrize(
    ("fractions", "message"),
    [
        (["0.0,0.0"], "no step was clipped"),
        (["1.0,1.0", "1.0,"], "every step was clipped"),
        (["1.0,0.5"], None),
    ],
)
def test_warnings_about_a_bound_without_meaning(fractions, message, tmp_path):
    run = RunDir(tmp_path)
    run.log.write_text("\n".join(["clip_fraction/a,clip_fraction/b", *fractions]) + "\n")
    warning = clipping_warning(run, ("a", "b"), configure(method="repfair"))
    assert message in warning if message else warning is None


def test_a_plain_gan_is_not_warned_about_clipping(tmp_path):
    run = RunDir(tmp_path)
    run.log.write_text("clip_fraction/a\n0.0\n")
    assert clipping_warning(run, ("a",), configure(method="gan")) is None


def test_earlier_evaluations_are_kept(tmp_path):
    run = RunDir(tmp_path)
    for text in ("one", "two", "three"):
        run.keep_evaluation()
        run.report.write_text(text)
        run.figures.mkdir(exist_ok=True)
        (run.figures / "a.png").write_text(text)
    kept = {
        str(file.relative_to(tmp_path)): file.read_text() for file in tmp_path.rglob("*") if file.is_file()
    }
    folders = {"evaluation.1/": "one", "evaluation.2/": "two", "": "three"}
    names = ("report.json", "figures/a.png")
    assert kept == {folder + name: text for folder, text in folders.items() for name in names}

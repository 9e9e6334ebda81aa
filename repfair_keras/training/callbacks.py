"""What happens at the end of every epoch of training."""

import csv
import io
import math

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.errors import TrainingDivergedError
from repfair_keras.core.files import write_text
from repfair_keras.core.memory import keep_memory
from repfair_keras.core.progress import advance
from repfair_keras.core.random_streams import Stream
from repfair_keras.data.batches import alternating_batches
from repfair_keras.figures.image_grid import in_rows, save_grid
from repfair_keras.networks.conditions import condition_names, in_turn, inputs_of
from repfair_keras.runs.log import LAST_EARLY, OFTEN, read_whole_rows


class GroupProbe(keras.callbacks.Callback):
    """Measures each group's real loss and gradient norm on the same fixed images for every method.

    Adds `d_loss/<group>` and `d_grad_norm/<group>` to the epoch's logs: means over `n_batches` batches. In the first
    epoch, in which groups may part, they are measured every 50 steps too, and written to a file of their own.

    Args:
        data: `ImageDataset`.
        batch_size: images of one group in a batch.
        seed: seed of their choice.
        early: path of the CSV of the first epoch.
        stop_at: `StopAt`, which knows the step.
        n_batches: batches of each group.

    Reference: RepFair-GAN, Figures 1 and 3.
    """

    def __init__(self, data, batch_size, seed, early, stop_at, n_batches=4):
        super().__init__()
        batches = alternating_batches(data, batch_size, 1, seed).take(n_batches * data.n_groups)
        self.batches = [(batch.images, batch.labels, batch.groups) for batch in batches]
        self.group_names, self.early, self.stop_at = data.group_names, early, stop_at
        self.rows = None  # of the first epoch, while that lasts

    def on_train_begin(self, logs=None):
        if self.stop_at.step == 0:
            self.rows = [{"step": 0, **self.measured()}]

    def on_train_batch_end(self, batch, logs=None):
        # Called before `StopAt`: the step is that before this call of the model.
        step = self.stop_at.step + self.stop_at.steps_per_execution
        if self.rows is not None and step <= LAST_EARLY and step // OFTEN > self.rows[-1]["step"] // OFTEN:
            self.rows.append({"step": step, **self.measured()})

    def on_epoch_end(self, epoch, logs=None):
        measured = self.measured()
        logs.update(measured)
        if self.rows is not None:
            if self.rows[-1]["step"] != self.stop_at.step:
                self.rows.append({"step": self.stop_at.step, **measured})
            write_text(self.early, csv_text(self.rows))
            self.rows = None

    def measured(self):
        """Returns `d_loss/<group>` and `d_grad_norm/<group>`, floats, of the model as it is now."""
        found, columns = [(int(batch[2][0]), *self.model.probe(*batch)) for batch in self.batches], {}
        for k, name in enumerate(self.group_names):
            mine = [(float(loss), float(norm)) for group, loss, norm in found if group == k]
            columns[f"d_loss/{name}"], columns[f"d_grad_norm/{name}"] = np.mean(mine, axis=0).tolist()
        return columns


class StopAt(keras.callbacks.Callback):
    """Ends training after `total` steps, in the middle of an epoch if need be, and if a loss is NaN."""

    def __init__(self, start, total, steps_per_execution):
        super().__init__()
        self.step, self.total, self.steps_per_execution = start, total, steps_per_execution

    def on_train_batch_end(self, batch, logs=None):
        keep_memory()
        self.step += self.steps_per_execution
        advance("training", self.steps_per_execution)
        if self.step >= self.total:
            self.model.stop_training = True

    def on_epoch_end(self, epoch, logs=None):
        losses = {name: float(value) for name, value in logs.items() if "loss" in name}
        lost = [name for name, value in losses.items() if not math.isfinite(value)]
        if lost:
            raise TrainingDivergedError(
                f"{', '.join(lost)} became NaN or infinite in epoch {epoch + 1}. Start a run with smaller "
                "rates (--d_learning_rate, --g_learning_rate, or --encoder_rate for codes), or a smaller "
                "--max_grad_norm."
            )


class LogTable(keras.callbacks.Callback):
    """Writes the epochs' logs to a CSV file, whole each time; resumed, it drops rows after the checkpoint."""

    def __init__(self, path, epoch, stop_at):
        super().__init__()
        self.path, self.stop_at = path, stop_at
        self.rows = read_whole_rows(path, epoch) if path.is_file() else []

    def on_epoch_end(self, epoch, logs=None):
        numbers = {name: "" if np.isnan(value) else float(value) for name, value in logs.items()}
        self.rows.append({"epoch": epoch + 1, "step": self.stop_at.step, **numbers})
        write_text(self.path, csv_text(self.rows))


def csv_text(rows):
    """Returns rows, dicts of numbers of which not every one has every column, as CSV."""
    text = io.StringIO()
    columns = dict.fromkeys(column for row in rows for column in row)
    writer = csv.DictWriter(text, fieldnames=list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class SampleGrid(keras.callbacks.Callback):
    """Draws the same latents after every epoch: `epoch_0001.png` and so on."""

    def __init__(self, generator, folder, data, seed, n=100):
        super().__init__()
        self.generator, self.folder = generator, folder
        latents = tf.random.stateless_normal((n, generator.inputs[0].shape[-1]), (seed, Stream.GRID_LATENTS))
        labels, groups = in_turn(n, data.n_classes, data.n_groups)
        by_row = condition_names(generator) == ("group",)
        self.shown = in_rows(groups, n) if by_row else np.arange(n)
        self.inputs = inputs_of(generator, latents, label=labels, group=groups)

    def on_epoch_end(self, epoch, logs=None):
        images = self.generator(self.inputs, training=False)
        self.folder.mkdir(exist_ok=True)
        save_grid(np.asarray(images)[self.shown], self.folder / f"epoch_{epoch + 1:04d}.png")


class SaveCheckpoint(keras.callbacks.Callback):
    """Saves after every epoch; the last of the callbacks, so that all else is written before."""

    def __init__(self, checkpoint, stop_at):
        super().__init__()
        self.checkpoint, self.stop_at = checkpoint, stop_at

    def on_epoch_end(self, epoch, logs=None):
        self.checkpoint.save(self.stop_at.step, epoch + 1)

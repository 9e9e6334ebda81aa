"""Writes a run's training step as an XLA program with all it needs: README.md beside this file.

python tools/train_elsewhere/write_step.py JOB [options of python -m repfair_keras.train]
"""

import dataclasses
import hashlib
import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.commands.command_line import call
from repfair_keras.commands.train import OF_RUN, options_of
from repfair_keras.core.errors import InputError
from repfair_keras.core.global_seeds import seeded_globals
from repfair_keras.data.batches import Batch
from repfair_keras.evaluation.images.feature_extractor import LABEL
from repfair_keras.methods.base import AdversarialModel
from repfair_keras.methods.phase import phase_seed
from repfair_keras.networks.conditions import in_turn, inputs_of
from repfair_keras.networks.seeded import seeds
from repfair_keras.networks.thin_conv import ThinConv2D
from repfair_keras.runs.config import configure, every_setting
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.runs.schedule import total_steps
from repfair_keras.runs.versions import versions
from repfair_keras.training.checkpoint import build_optimizers, states_of
from repfair_keras.training.probes import looked_at, probe_latents
from repfair_keras.training.run import make_instruments, prepare

TOGETHER = 20  # steps in one call of the program
LOOKS = 8  # at most so often, evenly, the generators are looked at
BYTES = (1, 256, 65536, 16777216)  # of a row's number, least first
OF_LOOK = ("latents", "labels", "groups")
SEEN = ("corners", "logits", "labels")  # of the images of each generator
OF_STEPS = ("labels", "groups", "fake_labels", "fake_groups")
OF_IMAGES = {"labels": "labels", "groups": "groups", "fake_groups": "groups"}  # what the data say of a row


def main(folder, *options):
    config = configure(options_of().parse(list(options), {**every_setting(), **OF_RUN}))
    write_job(Path(folder), config)


def write_job(job, config):
    """Writes a job's folder; beside it what jobs on the same data, or with the same weights at first, share.

    Args:
        job: path of the folder, which must not hold a job; what one that was stopped has left is used.
        config: `Config` of the run.

    Raises:
        InputError: if there is a job; if the method has several phases; if the classifier is not the package's own.
    """
    if (job / "job.json").is_file():
        raise InputError(f"{job} holds a job: remove it, or name another folder.")
    if config.evaluation.probe and config.evaluation.classifier:
        raise InputError(
            f"classifier is {config.evaluation.classifier}, which cannot look at generators on another machine: "
            "expected --probe 0; adopt.py measures with it in the end."
        )
    plan = prepare(config)
    data = plan.dataset
    phase = first_phase(config, data)
    job.mkdir(parents=True, exist_ok=True)
    together = steps_together(config, data)
    program, variables = program_of(config, data, phase, together)
    write_program(job / "step.hlo", program)
    tools = make_instruments(plan, RunDir(job), verbose=1)
    state = {name: np.asarray(variable) for name, variable in variables.items()}
    zero = {name: [list(array.shape), str(array.dtype)] for name, array in state.items() if not array.any()}
    images = {"pixels": data.pixels[:], "groups": data.groups.astype(np.int32), "labels": labels_of(data)}
    batches = batches_of_run(config, data, phase)
    told = {n: of for n, of in OF_IMAGES.items() if np.array_equal(batches[n], images[of][batches["rows"]])}
    (job / "config.yaml").write_text(config.to_yaml(), encoding="utf-8")
    about = {
        "versions": versions(),
        "data": shared(job, "data", images),
        "state": shared(job, "state", {name: state[name] for name in state if name not in zero}),
        "batches": shared(
            job, "batches", {name: smallest(values) for name, values in batches.items() if name not in told}
        ),
        "zero": zero,
        "read": names_of(program.get_concrete_function().captured_inputs, variables),
        "returned": list(variables),
        "kept": kept(phase, variables),
        "metrics": [name for name in variables if name.startswith("metrics/")],
        "told": told,
        "latent_size": config.settings.latent_size,
        "seed": config.training.seed,
        "together": together,
        "looks": None if tools is None else write_look(job, phase, config, data, tools),
    }
    (job / "job.json").write_text(json.dumps(about), encoding="utf-8")


def write_program(path, program):
    """Writes a compiled function as an XLA program."""
    arguments = [tf.zeros(spec.shape, spec.dtype) for spec in program.input_signature]
    path.write_bytes(program.experimental_get_compiler_ir(*arguments)(stage="hlo_serialized"))


def shared(job, name, arrays):
    """Writes arrays beside a job, under a name that their values give; returns that name."""
    digest = hashlib.sha256()
    for key in sorted(arrays):
        digest.update(key.encode() + np.ascontiguousarray(arrays[key]).tobytes())
    path = job.parent / f"{name}-{digest.hexdigest()[:12]}.npz"
    if not path.is_file():
        np.savez(path, **arrays)  # as they are: an archive of jobs finds what they have in common
    return path.name


def smallest(values):
    """Returns integers from 0 in the smallest type that holds them."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))


def labels_of(data):
    """Labels of the images, zeros where there are none, as batches have them."""
    return np.zeros(len(data), np.int32) if data.labels is None else data.labels.astype(np.int32)


def first_phase(config, data):
    """Returns the phase as the training loop makes it, with plain convolutions: the thin one is for CPUs."""
    ThinConv2D.convolution_op = keras.layers.Conv2D.convolution_op
    seed = phase_seed(config.training.seed, 0)
    phases = config.phases(data)
    with seeded_globals(seed), seeds(seed):
        phase = next(phases)
    build_optimizers(phase.model)
    if not isinstance(phase.model, AdversarialModel) or next(phases, None) is not None:
        raise InputError(
            f"method is {config.method.name!r}, which trains in several phases or on latents: expected one of a single "
            "phase on images, as gan, group_balanced, group_cgan or repfair."
        )
    return phase


def steps_together(config, data):
    """The most steps up to `TOGETHER` that divide the time between looks, or else the whole."""
    total = total_steps(config.training, len(data))
    between = total // LOOKS if total % LOOKS == 0 else total
    return max(n for n in range(1, TOGETHER + 1) if between % n == 0)


def variables_of(model):
    """Returns all that a step changes, by name: what checkpoints keep, and the metrics."""
    kept = {f"{owner}/{n}": v for owner, variables in states_of(model) for n, v in enumerate(variables)}
    metrics = {
        f"metrics/{metric.name}/{n}": v for metric in model.metrics for n, v in enumerate(metric.variables)
    }
    return {**kept, **metrics}


def program_of(config, data, phase, together):
    """Returns the steps as a compiled function that returns the variables, and the variables by name."""
    model, variables = phase.model, variables_of(phase.model)
    batch = config.training.batch_size
    numbers = tf.TensorSpec((together, batch), tf.int32)
    noise = tf.TensorSpec((together, batch, config.settings.latent_size), tf.float32)
    pixels = tf.TensorSpec((len(data), *data.image_shape), tf.uint8)

    @tf.function(
        jit_compile=True,
        autograph=False,
        input_signature=[pixels, numbers, noise, *[numbers] * len(OF_STEPS)],
    )
    def program(pixels, rows, latents, *of_steps):
        def step(i):
            images = tf.cast(tf.gather(pixels, rows[i]), tf.float32) / 127.5 - 1.0
            told = {name: values[i] for name, values in zip(OF_STEPS, of_steps, strict=True)}
            model.train_step(Batch(images=images, latents=latents[i], **told))
            return (i + 1,)

        tf.while_loop(lambda i: i < together, step, [tf.constant(0)])
        return [tf.convert_to_tensor(variable) for variable in variables.values()]

    return program, variables


def write_look(job, phase, config, data, tools):
    """Writes the program that looks at the generators, and what it reads; returns what is to be known of it."""
    generators = looked_at(phase)
    look = look_of(generators.values(), config, tools)
    write_program(job / "look.hlo", look)
    captured = look.get_concrete_function().captured_inputs
    of_tools = arrays_of_tools(tools, captured)
    told = in_turn(config.evaluation.probe, data.n_classes, data.n_groups)
    latents = probe_latents(phase.generator, config).numpy()
    given = dict(zip(OF_LOOK, (latents, *(np.asarray(values, np.int32) for values in told)), strict=True))
    return {
        "times": LOOKS,
        "given": shared(job, "look", given),
        "tools": shared(job, "tools", {name: np.asarray(variable) for name, variable in of_tools.items()}),
        "read": names_of(captured, {**variables_of(phase.model), **of_tools}),
        "returned": [prefix + name for prefix in generators for name in SEEN],
    }


def arrays_of_tools(tools, captured):
    """Returns what the networks of the instruments read, by name: their variables, and constants of the program."""
    networks = tools.extractor.model, tools.attribute.classifier.model
    variables = [variable for network in networks for variable in network.variables]
    constants = [tensor for tensor in captured if tensor.dtype != tf.resource]
    return {f"tools/{n}": array for n, array in enumerate([*variables, *constants])}


def look_of(generators, config, tools):
    """Returns a compiled function from noise, labels and groups to what the instruments see, `SEEN`, of each generator.

    This is: the pixels in the corners of the images, the logits of the groups, the most likely label (zeros without
    classes).
    """
    n, classifier = config.evaluation.probe, tools.attribute.classifier.model
    numbers = tf.TensorSpec((n,), tf.int32)
    noise = tf.TensorSpec((n, config.settings.latent_size), tf.float32)

    @tf.function(jit_compile=True, autograph=False, input_signature=[noise, numbers, numbers])
    def look(latents, labels, groups):
        # Added to what is returned, so that the program takes all that it is given.
        unused = 0.0 * (
            tf.reduce_sum(latents) + tf.cast(tf.reduce_sum(labels) + tf.reduce_sum(groups), tf.float32)
        )
        seen = []
        for generator in generators:
            images = generator(inputs_of(generator, latents, label=labels, group=groups), training=False)
            _, height, width, _ = images.shape
            corners = images[:, :: height - 1, :: width - 1]
            described = tools.extractor.model(images, training=False)
            labels_seen = (
                tf.argmax(described[LABEL], 1, tf.int32) if LABEL in described else tf.zeros_like(labels)
            )
            seen += [corners + unused, classifier(images, training=False), labels_seen]
        return seen

    return look


def names_of(captured, variables):
    """Returns the names of the variables, and of constants among them, that the program reads, in its order."""
    names = {which(getattr(getattr(v, "value", v), "handle", v)): name for name, v in variables.items()}
    return [names[which(tensor)] for tensor in captured]


def which(tensor):
    """What tells a captured tensor from others: there can be two handles of one variable, with one text."""
    return str(tensor) if tensor.dtype == tf.resource else id(tensor)


def kept(phase, variables):
    """Returns the names of the weights that are exported: of the generator that is shown, and of the raw one."""
    names = {id(variable): name for name, variable in variables.items()}
    return {
        part: [names[id(v)] for v in getattr(phase, part).variables]
        for part in ("generator", "raw")
        if getattr(phase, part) is not None
    }


def batches_of_run(config, data, phase):
    """Returns which rows, labels and groups each step of the run sees: int32, shape `(steps, batch)`.

    The batches are drawn from "images" of four pixels that spell the number of their row.
    """
    numbers = np.arange(len(data), dtype="<u4").view(np.uint8).reshape(-1, 2, 2, 1)
    spelt = dataclasses.replace(data, pixels=numbers)
    batches = phase.batches.func(spelt, *phase.batches.args[1:], start=0)
    rows, told = [], {name: [] for name in OF_STEPS}
    for batch in batches.take(total_steps(config.training, len(data))).as_numpy_iterator():
        pixels = np.rint((batch.images + 1.0) * 127.5).astype(np.int64).reshape(len(batch.images), 4)
        rows.append(pixels @ BYTES)
        for name in OF_STEPS:
            told[name].append(getattr(batch, name))
    return {
        "rows": np.array(rows, np.int32),
        **{name: np.array(values, np.int32) for name, values in told.items()},
    }


if __name__ == "__main__":
    call(lambda words: main(*words))

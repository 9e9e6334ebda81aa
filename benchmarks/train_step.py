"""Images per second of training on CPU: ours and its peers, same network, same batch, in one run.

Each contestant is a process of its own (thread pools of two libraries disturb each other in one), and they
take turns, because the speed of a machine drifts. Ratios are medians over the rounds.
"""

import argparse
import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from statistics import median

PRESETS = ("small", "paper")
STEPS = {"small": 48, "paper": 13}  # iterations per turn: a turn lasts some seconds
WARM_UP = 3
SIDE = 2048  # of the square matrices whose product says what the machine can do
EMBEDDING = 50  # of a label, in both networks
OURS, PYTORCH, FLOOR = "ours, repfair", "pytorch, eager", "floor"
HALF = "ours, mixed_bfloat16"  # which pays on processors and GPUs that have units for it
# RepFair may cost 5 % more time than the plain GAN.
TARGETS = {"ours, gan": 1 / 1.05, "keras fit": 1.2, PYTORCH: 1.4}


def main():
    options = parse_options()
    if options.worker is not None:
        return work(CONTESTANTS, options.worker, options.preset, options.threads)
    for preset in PRESETS if options.preset == "both" else [options.preset]:
        data, config = workload(preset)
        steps = options.steps or STEPS[preset]
        seconds = measure(CONTESTANTS, preset, steps, options.repeats, options.threads)
        flops, rates = iteration_flops(data, config), [2 * SIDE**3 / turn for turn in seconds[FLOOR]]
        seconds[FLOOR] = [flops / rate for rate in rates]
        size = "x".join(map(str, data.image_shape))
        network = f"{config.settings.filters} filters, batch {config.training.batch_size}"
        print(f"preset {preset}: {network}, {len(data)} images of {size}")
        print(f"{options.threads} threads, {options.repeats} turns of {steps} steps")
        print(
            f"a step needs {flops / 1e9:.2f} GFLOP, matrix products run at {median(rates) / 1e9:.0f} GFLOP/s"
        )
        print_table(seconds, config.training.batch_size)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=(*PRESETS, "both"), default="both")
    parser.add_argument("--steps", type=int, help=f"iterations per turn; by default {STEPS}")
    parser.add_argument("--repeats", type=int, default=9, help="turns of each contestant")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of each contestant")
    parser.add_argument("--worker", choices=CONTESTANTS, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(contestants, preset, steps, repeats, threads, script=__file__):
    """Returns the seconds per step of every turn, by contestant."""
    names = list(contestants)
    if importlib.util.find_spec("torch") is None:
        print(f"{PYTORCH}: skipped, torch is not importable (pip install torch).")
        names.remove(PYTORCH)
    with contextlib.ExitStack() as stack:
        workers = {name: stack.enter_context(start(name, preset, threads, script)) for name in names}
        for worker in workers.values():
            ask(worker, WARM_UP)
        turns = [
            {name: ask(worker, steps) / steps for name, worker in workers.items()} for _ in range(repeats)
        ]
    return {name: [turn[name] for turn in turns] for name in names}


def print_table(seconds, batch_size):
    """Prints real images per second, ratios, and whether each target is reached."""
    print(f"{'':30} images/s   ms/step   ours repfair / X (lowest to highest turn)")
    ratios = {}
    for name, turns in seconds.items():
        ratios[name] = [theirs / our for theirs, our in zip(turns, seconds[OURS], strict=True)]
        print(
            f"{name:30} {batch_size / median(turns):8.0f}  {1000 * median(turns):8.1f}   "
            f"{median(ratios[name]):.2f} ({min(ratios[name]):.2f} to {max(ratios[name]):.2f})"
        )
    for name, target in TARGETS.items():
        if name in ratios:
            ratio = median(ratios[name])
            verdict = "reached" if ratio >= target else "not reached"
            print(f"target: at least {target:.3f} x {name}: {ratio:.3f}, {verdict}")
    half = median(seconds[HALF]) / median(seconds[FLOOR])
    print(f"target: a step in mixed_bfloat16 below the floor of float32: {half:.2f} of it", flush=True)
    print()


@contextlib.contextmanager
def start(name, preset, threads, script):
    """Starts a contestant's process: each line it reads is a number of steps, each line it prints a time."""
    command = [sys.executable, script, "--worker", name, "--preset", preset, "--threads", str(threads)]
    environment = os.environ | {
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": "tensorflow",
        "OMP_NUM_THREADS": str(threads),
    }
    with tempfile.TemporaryFile("w+") as messages:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": messages}
        with subprocess.Popen(command, text=True, bufsize=1, env=environment, **pipes) as process:
            yield process, messages  # leaving `with` closes its stdin, which ends it


def ask(worker, steps):
    """Has a contestant run `steps` iterations; returns the seconds."""
    process, messages = worker
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(f"{steps}\n")
    answer = process.stdout.readline()
    if not answer:
        messages.seek(0)
        sys.exit(f"{messages.read()}\nA contestant failed, see above: {' '.join(process.args)}")
    return float(answer)


def work(contestants, name, preset, threads):
    """The process of one contestant."""
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):  # whatever a library prints is no answer
        data, config = workload(preset)
        limit_threads(name, threads)
        run = contestants[name](data, config)
        for line in sys.stdin:
            print(run(int(line)), file=answers, flush=True)


def workload(preset):
    from repfair_keras.data.images.load import load
    from repfair_keras.runs.config import configure

    return load("mnist_5k"), configure(preset=preset)


def limit_threads(name, threads):
    if name == PYTORCH:
        import torch

        torch.set_num_threads(threads)
    else:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)


def timed(step):
    """Returns a function that calls `step` n times and returns the seconds."""

    def run(n):
        start = time.perf_counter()
        for _ in range(n):
            step()
        return time.perf_counter() - start

    return run


def timed_fit(model, batches):
    """The same for a model that `fit` trains: from the end of one call to the end of a later one.

    A call runs `model.steps_per_execution` steps; steps are rounded up to whole calls, the seconds scaled.
    """
    import keras

    class Clock(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.ends.append(time.perf_counter())

    clock = Clock()

    def run(n):
        clock.ends = []
        together = model.steps_per_execution
        steps = -(-n // together) * together
        model.fit(batches, steps_per_epoch=steps + together, callbacks=[clock], shuffle=False, verbose=0)
        return (clock.ends[-1] - clock.ends[0]) * n / steps

    return run


def ours(method, data, config, **settings):
    from repfair_keras.runs.schedule import steps_per_epoch, steps_per_execution, total_steps

    config = config.replace(method=method, **settings)
    phase = next(config.phases(data))
    total = total_steps(config.training, len(data))
    per_epoch = steps_per_epoch(config.training, len(data), total)
    phase.model.steps_per_execution = steps_per_execution(
        config.training, per_epoch, total
    )  # as `train` does
    return timed_fit(phase.model, phase.batches(start=0))


def networks(data, config):
    """Returns `(generator, discriminator, Adam, Adam)` as our methods train them, of Keras's own layers."""
    from repfair_keras.networks.thin_conv import with_plain_layers

    model = next(config.replace(method="gan").phases(data)).model
    adam = [
        type(optimizer).from_config(optimizer.get_config())
        for optimizer in (model.g_optimizer, model.d_optimizer)
    ]
    return with_plain_layers(model.generator), model.discriminator, *adam


def keras_fit(data, config):
    """What a Keras user writes after Keras's own conditional GAN example."""
    settings, training = config.settings, config.training
    import keras
    import tensorflow as tf
    from keras import ops

    class ConditionalGAN(keras.Model):
        def __init__(self, generator, discriminator):
            super().__init__()
            self.generator, self.discriminator = generator, discriminator
            self.noise_seed = keras.random.SeedGenerator(training.seed)
            self.d_loss, self.g_loss = keras.metrics.Mean("d_loss"), keras.metrics.Mean("g_loss")

        @property
        def metrics(self):
            return [self.d_loss, self.g_loss]

        def compile(self, d_optimizer, g_optimizer, loss_fn):
            super().compile()
            self.d_optimizer, self.g_optimizer, self.loss_fn = d_optimizer, g_optimizer, loss_fn

        def train_step(self, batch):
            real, labels = batch
            size = ops.shape(real)[0]
            fake = self.generator([self.noise(size), labels], training=True)
            both, both_labels = ops.concatenate([real, fake]), ops.concatenate([labels, labels])
            truth = ops.concatenate([ops.ones((size, 1)), ops.zeros((size, 1))])
            with tf.GradientTape() as tape:
                d_loss = self.loss_fn(truth, self.discriminator([both, both_labels], training=True))
            weights = self.discriminator.trainable_weights
            self.d_optimizer.apply_gradients(zip(tape.gradient(d_loss, weights), weights, strict=True))

            noise = self.noise(size)
            with tf.GradientTape() as tape:
                fake = self.generator([noise, labels], training=True)
                g_loss = self.loss_fn(ops.ones((size, 1)), self.discriminator([fake, labels], training=True))
            weights = self.generator.trainable_weights
            self.g_optimizer.apply_gradients(zip(tape.gradient(g_loss, weights), weights, strict=True))

            self.d_loss.update_state(d_loss)
            self.g_loss.update_state(g_loss)
            return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

        def noise(self, size):
            return keras.random.normal((size, settings.latent_size), seed=self.noise_seed)

    generator, discriminator, g_optimizer, d_optimizer = networks(data, config)
    model = ConditionalGAN(generator, discriminator)
    model.compile(d_optimizer, g_optimizer, keras.losses.BinaryCrossentropy(from_logits=True))
    images = tf.data.Dataset.from_tensor_slices((data.images, data.labels)).shuffle(len(data)).repeat()
    return timed_fit(model, images.batch(training.batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE))


def train_on_batch(data, config):
    """The classic loop: a compiled discriminator, and a combined model in which it is frozen."""
    settings, training = config.settings, config.training
    import keras
    import numpy as np

    generator, discriminator, g_optimizer, d_optimizer = networks(data, config)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    discriminator.compile(d_optimizer, loss)
    z, label = keras.Input((settings.latent_size,)), keras.Input((), dtype="int32")
    combined = keras.Model([z, label], discriminator([generator([z, label]), label]))
    combined.compile(g_optimizer, loss)
    images, rng, size = data.images, np.random.default_rng(training.seed), training.batch_size
    real, fake = np.ones((size, 1), np.float32), np.zeros((size, 1), np.float32)

    def noise():
        z = rng.standard_normal((size, settings.latent_size), np.float32)
        return [z, rng.integers(0, data.n_classes, size, np.int32)]

    def step():
        discriminator.trainable = True
        rows = rng.integers(0, len(images), size)
        discriminator.train_on_batch([images[rows], data.labels[rows]], real)
        z, labels = noise()
        discriminator.train_on_batch([generator.predict_on_batch([z, labels]), labels], fake)
        discriminator.trainable = False
        combined.train_on_batch(noise(), real)

    return timed(step)


def pytorch(data, config):
    """The loop of PyTorch's DCGAN tutorial, with labels: generated images are used twice."""
    settings, training = config.settings, config.training
    import torch
    from torch import nn

    generator, discriminator = torch_networks(data, config)
    g_optimizer, d_optimizer = (
        torch.optim.Adam(network.parameters(), rate, betas=(settings.beta_1, 0.999))
        for network, rate in (
            (generator, settings.g_learning_rate),
            (discriminator, settings.d_learning_rate),
        )
    )
    loss, size = nn.BCEWithLogitsLoss(), training.batch_size
    images = torch.from_numpy(data.images).permute(0, 3, 1, 2).contiguous()
    labels = torch.from_numpy(data.labels)
    real, fake = torch.ones(size, 1), torch.zeros(size, 1)

    def step():
        rows = torch.randint(len(images), (size,))
        discriminator.zero_grad()
        loss(discriminator(images[rows], labels[rows]), real).backward()
        z, y = torch.randn(size, settings.latent_size), torch.randint(data.n_classes, (size,))
        generated = generator(z, y)
        loss(discriminator(generated.detach(), y), fake).backward()
        d_optimizer.step()
        generator.zero_grad()
        loss(discriminator(generated, y), real).backward()
        g_optimizer.step()

    return timed(step)


def torch_networks(data, config):
    """The networks of `repfair_keras.networks.cgan`, in PyTorch."""
    settings = config.settings
    import torch
    from torch import nn

    size, channels = data.image_shape[1:]
    first, filters = size // 4, settings.filters

    def label_map(size):
        layers = nn.Embedding(data.n_classes, EMBEDDING), nn.Linear(EMBEDDING, size * size)
        return nn.Sequential(*layers, nn.Unflatten(1, (1, size, size)))

    class Conditional(nn.Module):
        def __init__(self, stem, labels, body):
            super().__init__()
            self.stem, self.labels, self.body = stem, labels, body

        def forward(self, x, y):
            return self.body(torch.cat([self.stem(x), self.labels(y)], 1))

    def up(inputs):
        kernel = settings.g_kernel
        return nn.ConvTranspose2d(inputs, filters, kernel, 2, (kernel - 2) // 2), nn.LeakyReLU(0.2)

    def down(inputs):
        return nn.Conv2d(inputs, filters, settings.d_kernel, 2, settings.d_kernel // 2), nn.LeakyReLU(0.2)

    project = nn.Linear(settings.latent_size, filters * first**2)
    stem = nn.Sequential(project, nn.LeakyReLU(0.2), nn.Unflatten(1, (filters, first, first)))
    last = nn.Conv2d(filters, channels, settings.last_kernel, padding="same")
    logit = nn.Flatten(), nn.Dropout(settings.dropout), nn.Linear(filters * first**2, 1)
    return (
        Conditional(stem, label_map(first), nn.Sequential(*up(filters + 1), *up(filters), last, nn.Tanh())),
        Conditional(
            nn.Identity(), label_map(size), nn.Sequential(*down(channels + 1), *down(filters), *logit)
        ),
    )


def matrix_product(data, config):
    """No contestant, but the machine's own speed: a step is one product of two square matrices."""
    import tensorflow as tf

    matrix = tf.random.stateless_normal((SIDE, SIDE), (0, 0))
    product = tf.function(lambda: tf.matmul(matrix, matrix)[0, 0])
    return timed(lambda: product().numpy())


def iteration_flops(data, config):
    """FLOPs of one iteration: the forward and backward products that Algorithm 1 needs.

    Two per multiplication. A layer's forward pass, its weights' gradient and its input's gradient cost the
    same. Left out is what nobody asks for: gradients of noise and of real images, and in the generator's step
    those of the discriminator's weights and label map.
    """
    settings = config.settings
    (size, _, channels), filters = data.image_shape, settings.filters
    half, quarter = (size // 2) ** 2, (size // 4) ** 2  # positions of the feature maps
    first = half * settings.d_kernel**2 * (channels + 1) * filters
    first_image = first * channels / (channels + 1)
    d_labels = size**2 * EMBEDDING
    d = first + d_labels + quarter * settings.d_kernel**2 * filters**2 + quarter * filters
    project = quarter * filters * settings.latent_size
    up = (quarter * (filters + 1) + half * filters) * settings.g_kernel**2 * filters
    g = project + quarter * EMBEDDING + up + size**2 * settings.last_kernel**2 * filters * channels
    d_step = 3 * d - first_image
    g_step = 3 * g - project + 2 * d - d_labels - (first - first_image)
    return 2 * config.training.batch_size * (2 * d_step + g_step)


CONTESTANTS = {
    "ours, gan": partial(ours, "gan"),
    OURS: partial(ours, "repfair"),
    HALF: partial(ours, "repfair", precision="mixed_bfloat16"),
    "keras fit": keras_fit,
    "keras train_on_batch": train_on_batch,
    PYTORCH: pytorch,
    FLOOR: matrix_product,
}


if __name__ == "__main__":
    main()

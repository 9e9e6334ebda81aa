# ---
# jupyter:
#   accelerator: GPU
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: accelerator,-jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2. Algorithm 1 of RepFair-GAN, step by step
#
# A plain GAN may give most of its images to one group. The paper's explanation: the discriminator's
# **gradient** is larger on the real images of one group than on those of the other, so one group pulls
# harder. The repair:
#
# - show the discriminator real images of **one group at a time**, in turn;
# - **bound** the norm of its gradient on them by a number C.
#
# You do one iteration by hand, check that the package does the same, then train both GANs and compare them.
#
# Paper: Kenfack, Sabbagh, Ramírez Rivera, Khan, *RepFair-GAN*, 2022, [arXiv
# 2207.10653](https://arxiv.org/abs/2207.10653).

# %%
import os
import subprocess
import sys

# The address of the repository, as pyproject.toml has it; while that is empty, the package index is asked.
REPOSITORY = ""

# In Colab this installs the package. Elsewhere it is installed already: see the README.
if "google.colab" in sys.modules:
    package = "repfair-keras[data,sweeps]"
    source = f"{package} @ git+{REPOSITORY}" if REPOSITORY else package
    if subprocess.run([sys.executable, "-m", "pip", "install", "-q", source]).returncode:
        raise SystemExit(
            f"{source} cannot be installed: upload the package's wheel, and run !pip install *.whl"
        )
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # TensorFlow says less while it starts

# %% [markdown]
# ## How long may it take?
#
# - `full`: 60,000 digits, two trainings, some minutes each on a GPU.
# - `middle`: 5,000 digits, two trainings, some minutes each without a GPU.
# - `smoke`: seconds, to see that everything runs; its images are noise.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")
DATA_DIR = os.environ.get("REPFAIR_DATA_DIR")  # a folder that tensorflow-datasets prepared; None: download

TINY = {"steps": 8, "filters": 4, "n": 100, "probe": 50, "instrument_steps": 20}
DATA, SETTINGS, ITERATIONS = {
    "full": ({"name": "mnist", "data_dir": DATA_DIR}, {"epochs": 8}, 300),
    "middle": ({"name": "mnist_5k"}, {"epochs": 20}, 300),
    "smoke": ({"name": "mnist_5k"}, TINY, 6),
}[SIZE]

# %%
# %matplotlib inline
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from IPython.display import Image, display

import repfair_keras as rf

gpu = tf.config.list_physical_devices("GPU")
print("Training on", "a GPU" if gpu else "the CPU (in Colab: Runtime, Change runtime type, GPU)")

# %% [markdown]
# ## Two networks, and one batch of each group
#
# Any two Keras models will do: a generator from noise and label to an image, a discriminator from image and
# label to one number. Here they are those of the paper.
#
# `alternating_batches` gives real images of one group, then of the other, and so on. Each batch also holds
# the noise and the labels for the generated images of that step.

# %%
from repfair_keras.networks import cgan

C = 2.0  # the bound; the paper's default
FILTERS = 4 if SIZE == "smoke" else 32
data = rf.load_dataset(**DATA)


def new_model():
    """Networks with the same first weights each time, and an optimizer for each."""
    keras.utils.set_random_seed(0)
    shape, classes = data.image_shape, data.n_classes
    generator = cgan.generator(shape, 100, FILTERS, kernel=4, last_kernel=3, n_classes=classes)
    discriminator = cgan.discriminator(shape, FILTERS, kernel=3, dropout=0.4, n_classes=classes)
    model = rf.RepFairGAN(generator, discriminator, group_names=data.group_names, max_grad_norm=C)
    model.compile(*(keras.optimizers.Adam(0.001, beta_1=0.5) for _ in range(2)))
    return model


model = new_model()
batches = data.alternating_batches(batch_size=32)
first, second = batches.take(2)

# %%
from repfair_keras.figures import assigned

both = tf.concat([first.images, second.images], axis=0)
of_group = tf.concat([first.groups, second.groups], axis=0)
display(assigned.plot(both, of_group, data.group_names, lines=1))

# %% [markdown]
# None is undecided here: these are real images, and we know their groups.
#
# ## Step 1: the gradient on real images of one group
#
# The discriminator gives each image a logit; D(x), its sigmoid, is the probability that it is real. The
# real half of its loss is the mean of -log D(x). Its gradient is a list: one tensor for each of the
# network's variables.

# %%
discriminator = model.discriminator
variables = discriminator.trainable_variables

norms = {}
for batch, name in zip((first, second), data.group_names, strict=True):
    with tf.GradientTape() as tape:
        logits = discriminator([batch.images, batch.labels], training=False)
        loss = tf.reduce_mean(tf.nn.softplus(-logits))  # -log D(x) = softplus(-logit)
    gradients = [tf.convert_to_tensor(gradient) for gradient in tape.gradient(loss, variables)]
    norms[name] = [float(tf.norm(gradient)) for gradient in gradients]
    print(f"{name}: loss {loss:.3f}, norm of all gradients together {tf.linalg.global_norm(gradients):.3f}")

# %% [markdown]
# The norm of all together is the root of the sum of the squares of these:

# %%
figure, axes = plt.subplots(figsize=(9, 4))
places = np.arange(len(variables))
for group, name in enumerate(data.group_names):
    axes.bar(places + 0.4 * group, norms[name], 0.4, label=name)
axes.set_xticks(places + 0.2, [variable.path for variable in variables], rotation=30, ha="right")
axes.set(ylabel="norm of the gradient", title="Which variables does each group pull at?")
axes.legend()
plt.show()

# %% [markdown]
# These are untrained networks and one batch. Which group pulls harder may change during training: we look
# below.
#
# ## Step 2: the bound
#
# `clip_by_global_norm` leaves a gradient as it is if its norm is at most C. A longer one is shortened to C;
# its direction stays. So the norm after the bound is min(norm, C):

# %%
bounds = np.linspace(0.05, 5, 40)
figure, axes = plt.subplots(figsize=(7, 4))
for name, batch in zip(data.group_names, (first, second), strict=True):
    gradients = model.real_gradients(batch)  # as above; in training mode, with dropout
    after = [tf.linalg.global_norm(rf.clip_by_global_norm(gradients, bound).gradients) for bound in bounds]
    axes.plot(bounds, after, label=name)
axes.axvline(C, color="black", linestyle="--", label=f"C = {C:g}")
axes.set(
    xlabel="bound C", ylabel="norm after the bound", title="Where the lines are one, no group pulls harder"
)
axes.legend()
plt.show()

# %% [markdown]
# ## One iteration by hand
#
# We start afresh with the same weights, so that we can compare with the package afterwards. First the real
# half: gradient, bound, one step of the discriminator's optimizer.

# %%
model = new_model()

gradients = model.real_gradients(first)  # images of the first group only
clipped = rf.clip_by_global_norm(gradients, C)
model.d_optimizer.apply(clipped.gradients, model.discriminator.trainable_variables)
print(f"norm {clipped.norm:.3f}, C = {C:g}:", "shortened" if clipped.was_clipped else "left as it is")

# %% [markdown]
# ## Step 3: the generated half
#
# The generator makes a batch from noise. The discriminator should say *generated*: the loss is the mean of
# -log(1 - D(x)). The paper does not say whether this half is bounded too. Here it is not; `clip_fake=True`
# bounds it.

# %%
images, tape = model.generate(first)  # the tape remembers how they were made
fake_gradients = model.fake_gradients(images, first)
model.d_optimizer.apply(fake_gradients, model.discriminator.trainable_variables)
print(f"norm on generated images {tf.linalg.global_norm(fake_gradients):.3f}, not bounded")

# %% [markdown]
# ## Step 4: the generator
#
# The generator is told, through the discriminator, how each pixel should change to look more real. Above:
# images of the untrained generator. Below: the wanted change, bright where pixels should be brighter.

# %%
from PIL import Image as Picture

from repfair_keras.figures.image_grid import grid

with tf.GradientTape() as pixels:
    pixels.watch(images)
    logits = model.discriminator([images, first.fake_labels], training=False)
    loss = tf.reduce_mean(tf.nn.softplus(-logits))
change = -pixels.gradient(loss, images)
change /= tf.reduce_max(tf.abs(change))
both = tf.concat([images[:10], change[:10]], axis=0)
display(Picture.fromarray(grid(both, columns=10).squeeze()).resize((870, 174), Picture.Resampling.NEAREST))

# %%
generator_gradients = model.generator_gradients(images, tape, first)
model.g_optimizer.apply(generator_gradients, model.generator.trainable_variables)
print(f"norm of the generator's gradient {tf.linalg.global_norm(generator_gradients):.3f}, never bounded")

# %% [markdown]
# ## Did the hand do what the package does?
#
# `train_step` of `repfair_keras/methods/repfair.py` is these lines. A twin with the same first weights does
# one step on the same batch; then we compare all weights.

# %%
twin = new_model()
twin.train_step(first)

pairs = zip(model.trainable_variables, twin.trainable_variables, strict=True)
difference = max(float(tf.reduce_max(tf.abs(by_hand - by_package))) for by_hand, by_package in pairs)
print(f"largest difference between any two weights: {difference:.1g}")
print("The same." if difference < 1e-5 else "Not the same: what was left out?")

# %% [markdown]
# ## Step 5: alternation
#
# Iteration t sees real images of group t mod K, with K groups. One row per iteration; left Algorithm 1,
# right the plain GAN.

# %%
rows = []
for alternating, mixed in zip(batches.take(6), data.mixed_batches(batch_size=32).take(6), strict=True):
    rows += [alternating.images[:10], tf.zeros_like(mixed.images[:1]), mixed.images[:10]]
strip = grid(tf.concat(rows, axis=0), columns=21).squeeze()
display(Picture.fromarray(strip))

# %% [markdown]
# ## The first iterations
#
# Now the package iterates, and we read the norm of each batch **before** the bound, and whether it was
# shortened.

# %%
step, seen = tf.function(twin.train_step), []
for batch in data.alternating_batches(batch_size=32, start=1).take(ITERATIONS):
    twin.reset_metrics()
    logs, group = step(batch), int(batch.groups[0])
    name = data.group_names[group]
    seen.append((group, float(logs[f"step_norm/{name}"]), float(logs[f"clip_fraction/{name}"])))
seen = np.array(seen)

# %%
figure, axes = plt.subplots(figsize=(9, 4))
for group, name in enumerate(data.group_names):
    steps, norm, shortened = np.flatnonzero(seen[:, 0] == group), *seen[seen[:, 0] == group, 1:].T
    axes.plot(steps + 1, norm, label=f"{name}: {100 * shortened.mean():.0f} % shortened")
    print(f"{name}: mean norm {norm.mean():.2f}, largest {norm.max():.2f}")
axes.axhline(C, color="black", linestyle="--", label=f"C = {C:g}")
axes.set(xlabel="iteration", ylabel="norm before the bound")
axes.legend()
plt.show()

# %% [markdown]
# ## A trap: does a shorter gradient mean a shorter step?
#
# Plain gradient descent moves by rate x gradient: half the gradient, half the step. **Adam** divides by the
# size of the gradients it has seen, so a common factor drops out. One step of each, with the gradient from
# above and with a tenth of it:

# %%
gradient = max(gradients, key=tf.norm)  # that of the variable with the longest one
lengths = {}
for kind in ("SGD", "Adam"):
    for factor in (1.0, 0.1):
        weights = keras.Variable(tf.zeros_like(gradient))
        keras.optimizers.get({"class_name": kind, "config": {"learning_rate": 0.001}}).apply(
            [factor * gradient], [weights]
        )
        lengths[kind, factor] = float(tf.norm(weights))

figure, panels = plt.subplots(1, 2, figsize=(7, 3), layout="constrained")
for axes, kind in zip(panels, ("SGD", "Adam"), strict=True):
    axes.bar(["gradient", "a tenth of it"], [lengths[kind, 1.0], lengths[kind, 0.1]])
    axes.set_title(f"{kind}: ratio {lengths[kind, 0.1] / lengths[kind, 1.0]:.2f}")
    axes.set_ylabel("length of the step")
plt.show()

# %% [markdown]
# So with Adam the bound does not simply shorten steps. It matters because Adam remembers **all** gradients
# of the discriminator together: those of both groups, and the unbounded ones of generated images. The bound
# changes how much each of them weighs.
#
# ## Train both
#
# The plain GAN, then RepFair with the same seed, counted with the same classifier (`instruments`).

# %%
plain = rf.train(data, method="gan", verbose=0, **SETTINGS)
SETTINGS["instruments"] = plain.path
repfair = rf.train(data, method="repfair", max_grad_norm=C, verbose=0, **SETTINGS)
runs = {"gan": plain, "repfair": repfair}

# %%
for name, run in runs.items():
    print(f"{name}: {run.report.timings['train']:.0f} s of training, in {run.path}")
    display(Image(max(run.path.glob("samples/epoch_*.png"))))

# %% [markdown]
# ## The norms per group over the epochs
#
# Figures 1 and 3 of the paper. Both methods are measured alike: on the same real images, before any bound,
# with dropout off. Below RepFair's norms: the share of its steps that were shortened.

# %%
for run in runs.values():
    display(Image(run.figures["gradient_norms"]))

# %% [markdown]
# Which group has the larger norm, and which is generated more often? The paper says: the same one.

# %%
for name, run in runs.items():
    norms = {group: run.log[f"d_grad_norm/{group}"].mean() for group in data.group_names}
    shares = {group: share.value for group, share in run.report.shares.items()}
    print(f"{name}: larger norm for {max(norms, key=norms.get)}", {k: round(v, 2) for k, v in norms.items()})
    if None not in shares.values():
        more = max(shares, key=shares.get)
        same = "The same." if more == max(norms, key=norms.get) else "Not the same."
        print(f"   Generated more often: {more} ({100 * shares[more]:.1f} %). {same}")

# %% [markdown]
# A link is not yet a cause. If a generator never makes black digits, the discriminator recognises a black
# background as real at once, and its gradient on black digits becomes small **because** they are not
# generated. Compare the first epochs with those of the norms: which came first? Above the plain GAN, below
# RepFair.

# %%
for run in runs.values():
    display(Image(run.figures["shares_over_training"]))

# %% [markdown]
# ## The groups, side by side

# %%
for run in runs.values():
    display(Image(run.figures["representation"]))

# %%
comparison = rf.compare([plain, repfair])
comparison

# %% [markdown]
# Each point is one training; left and down is better.

# %%
figure = comparison.plot()
display(figure or "Neither training has a gap and a quality that could be measured.")

# %% [markdown]
# ## What you have seen, and what not
#
# - You have seen Algorithm 1 do what it says: one group at a time, and no real gradient longer than C.
# - **One** training of each method says nothing about the methods: another seed may turn the result around.
#   With several seeds `compare` gives means with intervals and paired differences.
# - If RepFair is more balanced here, you do not know yet *why*: alternation, the bound, or both?
#   `alternation_only` and `clipping_only` do one of the two.
# - Look at the undecided share and at `right label` too: balance may have a price.
#
# **Try it:** `C = 0.1` and `C = 100`. What happens to the shortened steps, and to the images?
# `clip_fake=True`: why does C hardly matter then?
#
# Next: [03](03_figures_of_the_paper.ipynb), all figures of the paper from recorded runs of many seeds.

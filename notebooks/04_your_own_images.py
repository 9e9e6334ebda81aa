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
# # 4. Your own images and groups
#
# You need images as an array, and a group for each. Here the images are real digits, and the groups are
# **thin, medium and thick strokes**: three groups that nobody drew on purpose. You train on them, compare
# the shares with targets of your own, and use the generator without this package.

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
# - `full`: 3,000 images, a long training: some minutes with a GPU or without.
# - `middle`: the same images, a third of the training.
# - `smoke`: 300 images, seconds, to see that everything runs; its images are noise.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")

TINY = {"steps": 8, "filters": 4, "n": 100, "probe": 50, "instrument_steps": 20}
SETTINGS, EVERY = {"full": ({"epochs": 90}, 1), "middle": ({"epochs": 30}, 1), "smoke": (TINY, 10)}[SIZE]

# %%
# %matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from IPython.display import Image, Markdown, display

import repfair_keras as rf
from repfair_keras.data.images.load import load_images

gpu = tf.config.list_physical_devices("GPU")
print("Training on", "a GPU" if gpu else "the CPU (in Colab: Runtime, Change runtime type, GPU)")

# %% [markdown]
# ## How thick is a stroke?
#
# A stroke of width w and length l covers about w x l pixels, and has an edge of about 2 x l. So the width
# is about 2 x area / edge. We count bright pixels, and the places where bright meets dark.

# %%
digits = load_images("mnist_5k")
ink = np.pad(digits.pixels[..., 0] > 127, ((0, 0), (1, 1), (1, 1)))
edge = np.diff(ink, axis=1).sum(axis=(1, 2)) + np.diff(ink, axis=2).sum(axis=(1, 2))
width = 2 * ink.sum(axis=(1, 2)) / edge

# %% [markdown]
# Where does thin end? There is no gap in nature, so we leave the images in between out: groups that people
# cannot tell apart cannot be counted. We take the thinnest 30 %, 20 % around the middle, and the thickest
# 10 %.

# %%
ends = np.quantile(width, [0, 0.3, 0.5, 0.7, 0.9, 1])
stroke = np.full(len(width), "left out")
stroke[width <= ends[1]] = "thin"
stroke[(width > ends[2]) & (width <= ends[3])] = "medium"
stroke[width > ends[4]] = "thick"

names = ["thin", "medium", "thick", "left out"]
figure, axes = plt.subplots(figsize=(8, 3))
axes.hist([width[stroke == name] for name in names], bins=60, stacked=True, label=names)
axes.set(xlabel="width of the stroke (pixels)", ylabel="images")
axes.legend()
plt.show()

# %% [markdown]
# ## The data set
#
# Arrays are enough: images as uint8 (or floats in [0, 1]), a group for each, and a class if there are any.

# %%
chosen = np.flatnonzero(stroke != "left out")[::EVERY]
arrays = {"images": digits.pixels[chosen], "groups": stroke[chosen], "labels": digits.labels[chosen]}
data = rf.ImageDataset.from_arrays(**arrays, group_name="stroke")
data

# %% [markdown]
# Images in files? A DataFrame that lists them, or a folder with a `metadata.csv` (`file_name`, `label`, and
# a column for each way to group):
#
# ```python
# data = rf.ImageDataset.from_frame(frame, path_column="file", group_column="stroke", label_column="label")
# data = rf.ImageDataset.from_folder("my_images", group_column="stroke")
# ```
#
# A mistake in the data is found before any training, and the message says what to do. For example a group
# for too few images:

# %%
try:
    rf.ImageDataset.from_arrays(arrays["images"], groups=arrays["groups"][:-1])
except rf.InputError as error:
    print(error)

# %% [markdown]
# ## Train
#
# RepFair shows the discriminator each of the three groups in turn, a third of the time each, however rare
# it is in the data.

# %%
run = rf.train(data, method="repfair", verbose=0, **SETTINGS)
report = run.report
print(f"{report.timings['train']:.0f} s of training. Everything is in {run.path}")
display(Image(max(run.path.glob("samples/epoch_*.png"))))

# %% [markdown]
# ## Can your groups be told apart?
#
# Look at this before any share. The attribute classifier was trained on 70 % of your images; the table is
# about the other 30 %. If it mixes up two of your groups, their shares mean little: choose clearer groups,
# or give more images.

# %%
display(Image(run.figures["confusion"]))

# %% [markdown]
# ## The report

# %%
display(Image(run.figures["representation"]))
report

# %% [markdown]
# What was counted for which group, and what for none?

# %%
from repfair_keras.figures import assigned
from repfair_keras.training.run import make_instruments, prepare

classifier = make_instruments(prepare(run.config, data.raw), run.folder).attribute  # as the run saved it
sample = run.sample(report.n, seed=report.sample_seed, labels=list(range(10)))  # as the report drew them
groups = classifier.assign(sample.images, run.config.evaluation.decision).groups
display(assigned.plot(sample.images, groups, data.group_names))

# %% [markdown]
# ## Which shares do you want?
#
# The report compared with **equal** shares. That is a choice, not a law. Perhaps you want the shares **of
# your data**, or others. `target` names one share per group, in the order of `data.group_names`. The same
# generator, measured once more:

# %%
again = run.evaluate(target=data.shares.tolist(), figures=False)
for name, measured in {"equal": report, "as in the data": again}.items():
    if measured.proportions is None:
        print(f"{name}: no image was clear")
    else:
        print(f"{name}: distance to the target (TV) {measured.tv:.3f}, p = {measured.test.p_value:.2g}")

# %% [markdown]
# Which target is nearer? That with the smaller TV. TV is the share of images that would have to change
# their group to be on target.
#
# You can also change the **data**: `share` leaves images out until the groups have the shares you name.

# %%
rf.ImageDataset.from_arrays(**arrays, group_name="stroke", share=[1 / 3] * 3)

# %% [markdown]
# ## Use the generator without this package
#
# `generator/` is a SavedModel. This cell needs TensorFlow alone; it works on a machine that has never heard
# of this package. Keep `generator` alive while you call it.

# %%
generator = tf.saved_model.load(str(run.export))
images = generator.sample(40, 0)["images"]  # 40 images of any class, seed 0
threes = generator.sample_labels([3] * 20, 0)["images"]  # 20 of class number 3
print(images.shape, images.dtype.name, f"from {tf.reduce_min(images):.2f} to {tf.reduce_max(images):.2f}")

# %%
from PIL import Image as Picture

from repfair_keras.figures.image_grid import grid

display(Picture.fromarray(grid(tf.concat([images, threes], axis=0), columns=20).squeeze()))

# %% [markdown]
# The model card goes with the generator: what it was trained on, its shares, its limits.

# %%
card = (run.export / "README.md").read_text(encoding="utf-8")
display(Markdown(card.split("---", 2)[2]))

# %% [markdown]
# ## What to keep in mind
#
# - Groups are what **you** say they are. If that is wrong or unclear for some images, so is every share.
# - These shares are those of **one** training. Another seed gives others ([notebook
#   01](01_representation_bias.ipynb)).
# - The classifier learnt from real images. That it errs on generated ones as on real ones is an assumption.
# - Images of people: a balanced generator is not a fair use of it.
#
# **Try it:** samples with the groups that you ask for, `run.sample(counts={"thin": 20, "thick": 20})`.
# `method="gan"`: does the plain GAN follow the shares of the data? A second column
# (`attributes={"tilt": ...}` in `from_arrays`), named with `cross` in `rf.train`, gives a table of both.

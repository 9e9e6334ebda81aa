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
# You need a folder with images and a table that says which group each image belongs to. Here you make such
# a folder from real digits: the groups are **thin, medium and thick strokes**, three groups that nobody
# drew on purpose. Then you train on it, compare the shares with targets of your own, and use the generator
# without this package.

# %%
import os
import subprocess
import sys

# In Colab this installs the package. Elsewhere it is installed already: see the README.
REPOSITORY = "https://github.com/OWNER/REPOSITORY"  # put the address of the repository here

if "google.colab" in sys.modules:
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", f"git+{REPOSITORY}"], check=True)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # TensorFlow says less while it starts

# %% [markdown]
# ## How long may it take?
#
# - `full`: 3,000 images, a long training: some minutes with a GPU or without.
# - `middle`: the same images, a third of the training.
# - `smoke`: 300 images, seconds, to see that everything runs; its images are noise.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")

SETTINGS, EVERY = {
    "full": ({"epochs": 90}, 1),
    "middle": ({"epochs": 30}, 1),
    "smoke": ({"steps": 24, "filters": 4, "n": 300, "probe": 100}, 10),
}[SIZE]

# %%
# %matplotlib inline
import tensorflow as tf
from IPython.display import Image, Markdown, display

tf.get_logger().setLevel("ERROR")
gpus = tf.config.list_physical_devices("GPU")
names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in gpus]
print("Training on", ", ".join(names) or "the CPU (in Colab: Runtime, Change runtime type, GPU)")

# %% [markdown]
# ## How thick is a stroke?
#
# A stroke of width w and length l covers about w x l pixels, and has an edge of about 2 x l. So the width
# is about 2 x area / edge. We count bright pixels, and the places where bright meets dark.

# %%
import numpy as np

from repfair_keras.data.images.load import load_images

digits = load_images("mnist_5k")
ink = np.pad(digits.pixels[..., 0] > 127, ((0, 0), (1, 1), (1, 1)))
edge = np.diff(ink, axis=1).sum(axis=(1, 2)) + np.diff(ink, axis=2).sum(axis=(1, 2))
width = 2 * ink.sum(axis=(1, 2)) / edge

# %% [markdown]
# Where does thin end? There is no gap in nature, so we leave the images in between out: groups that people
# cannot tell apart cannot be counted. We take the thinnest 30 %, 20 % around the middle, and the thickest
# 10 %.

# %%
from repfair_keras.figures import style

ends = np.quantile(width, [0, 0.3, 0.5, 0.7, 0.9, 1])
stroke = np.full(len(width), "", dtype="<U6")
stroke[width <= ends[1]] = "thin"
stroke[(width > ends[2]) & (width <= ends[3])] = "medium"
stroke[width > ends[4]] = "thick"

figure = style.new_figure(8, 3)
axes = figure.subplots()
axes.hist(
    [width[stroke == name] for name in ("thin", "medium", "thick", "")],
    bins=60,
    stacked=True,
    color=[*style.COLORS[:3], "#CCCCCC"],
    label=["thin", "medium", "thick", "left out"],
)
axes.set_xlabel("width of the stroke (pixels)")
axes.set_ylabel("images")
axes.legend()
display(figure)

# %% [markdown]
# ## The folder
#
# Images as PNG or JPEG, and a `metadata.csv`: `file_name`, `label` (the class, if there are any), and a
# column for each way to group. In your own work this folder is all you need to make. A new one each time:
# nothing is overwritten.

# %%
from datetime import datetime
from pathlib import Path

from PIL import Image as Picture

folder = Path("runs") / f"{datetime.now():%Y%m%d-%H%M%S}_my_images"
(folder / "digits").mkdir(parents=True)
lines = ["file_name,label,stroke"]
for number in np.flatnonzero(stroke != "")[::EVERY]:
    Picture.fromarray(digits.pixels[number, :, :, 0]).save(folder / f"digits/{number:04}.png")
    lines.append(f"digits/{number:04}.png,{digits.labels[number]},{stroke[number]}")
(folder / "metadata.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
print("\n".join([f"{folder}/metadata.csv", *lines[:4], "..."]))

# %% [markdown]
# ## Load it
#
# Groups are in alphabetical order: *medium, thick, thin*. The shares are those of your folder.

# %%
from repfair_keras.figures import groups
from repfair_keras.runs.config import Config
from repfair_keras.training.run import load_data

config = Config(dataset="folder", data_dir=str(folder), grouping="stroke", method="repfair", **SETTINGS)
data = load_data(config)
display(groups.plot(data))

# %% [markdown]
# A mistake in the folder is found before any training, and the message says what to do. For example a
# column that is not there:

# %%
from repfair_keras.core.errors import InputError

try:
    load_data(Config(dataset="folder", data_dir=str(folder), grouping="strokes"))
except InputError as error:
    print(error)

# %% [markdown]
# ## Train
#
# RepFair shows the discriminator each of the three groups in turn, a third of the time each, however rare
# it is in the folder.

# %%
from repfair_keras.training.run import train

run, report = train(config, verbose=0)
print(f"{report.timings['train']:.0f} s of training. Everything is in {run.path}")
display(Image(sorted(run.samples.glob("epoch_*.png"))[-1]))

# %% [markdown]
# ## Can your groups be told apart?
#
# Look at this before any share. The classifier was trained on 70 % of your images; the table is about the
# other 30 %. If it mixes up two of your groups, their shares mean little: choose clearer groups, or give
# more images.

# %%
from repfair_keras.figures import confusion

display(confusion.plot(report))

# %% [markdown]
# ## The report

# %%
from repfair_keras.figures import representation

display(representation.plot(report))

# %%
from repfair_keras.reporting.image_console import format_table

print(format_table(report))

# %% [markdown]
# What was counted for which group, and what for none?

# %%
from repfair_keras.modalities.image_evaluation import draw_sample
from repfair_keras.evaluation.reference import load_standard
from repfair_keras.figures import assigned

sample = draw_sample(run.generator, config, data)  # the very images that the report counted
instruments = load_standard(config).instruments(run.instruments)
found = instruments.attribute.assign(sample.images, config.confidence)
display(assigned.plot(sample.images, found.groups, data.group_names))

# %% [markdown]
# ## Which shares do you want?
#
# The report compared with **equal** shares. That is a choice, not a law. Perhaps you want the shares **of
# your folder**, or others. `target` names one share per group, in the order of `data.group_names`. The same
# generator, measured once more:

# %%
from repfair_keras.evaluation.evaluate import evaluate_again
from repfair_keras.runs.evaluation_settings import Settings

_, again = evaluate_again(run.path, Settings(target=data.shares.tolist()))
reports = {"equal": report, "as in the folder": again}
for name, measured in reports.items():
    if measured.proportions is None:
        print(f"{name}: no image was clear")
    else:
        print(
            f"{name}: distance to the target (TV) {measured.tv:.3f}, p = {measured.test.p_value:.2g}"
        )

# %%
display(representation.plot(again))

# %% [markdown]
# Which target is nearer? That with the smaller TV. TV is the share of images that would have to change
# their group to be on target.
#
# You can also change the **data**: `share` leaves images out until the groups have the shares you name.

# %%
import dataclasses

equal = load_data(dataclasses.replace(config, share=[1 / 3] * 3))
display(groups.plot(equal, lines=1))

# %% [markdown]
# ## Use the generator without this package
#
# `generator/` is a SavedModel. This cell needs TensorFlow alone; it works on a machine that has never heard
# of this package. Keep `generator` alive while you call it.

# %%
generator = tf.saved_model.load(str(run.generator))
made = generator.sample(40, 0)["images"]  # 40 images of any class, seed 0
threes = generator.sample_labels([3] * 20, 0)["images"]  # 20 of class number 3
print(made.shape, made.dtype.name, f"from {tf.reduce_min(made):.2f} to {tf.reduce_max(made):.2f}")

# %%
from repfair_keras.figures.image_grid import grid

display(Picture.fromarray(grid(tf.concat([made, threes], axis=0), columns=20).squeeze()))

# %% [markdown]
# The model card goes with the generator: what it was trained on, its shares, its limits.

# %%
card = (run.generator / "README.md").read_text(encoding="utf-8")
display(Markdown(card.split("---", 2)[2]))

# %% [markdown]
# ## What to keep in mind
#
# - Groups are what **you** wrote into `metadata.csv`. If that is wrong or unclear for some images, so is
#   every share.
# - These shares are those of **one** training. Another seed gives others ([notebook
#   01](01_representation_bias.ipynb)).
# - The classifier learnt from real images. That it errs on generated ones as on real ones is an assumption.
# - Images of people: a balanced generator is not a fair use of it.
#
# **Try it:** `method="gan"`: does the plain GAN follow the shares of the folder? A second column in
# `metadata.csv`, named with `cross`, gives a table of both.

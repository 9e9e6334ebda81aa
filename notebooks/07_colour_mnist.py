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
# # 7. Colour MNIST: fair latents of images
#
# Digits in red, green and blue. In one set the colour has nothing to do with the digit; in the other, most
# digits have the colour of their class, so that whoever knows the digit can guess the colour, and the other
# way round. An encoder is asked for latents that do not tell the colour. What is left of the digit?

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
# - `full`: 60,000 digits, best with a GPU.
# - `middle`: 5,000 digits, some minutes for each training without a GPU.
# - `smoke`: seconds, to see that everything runs; its images are noise.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")
DATA_DIR = os.environ.get("REPFAIR_DATA_DIR")  # a folder that tensorflow-datasets prepared; None: download

TINY = {
    "vae_steps": 4,
    "steps": 8,
    "batch_size": 64,
    "filters": 4,
    "n": 100,
    "probe": 50,
    "instrument_steps": 20,
}
DATA, SETTINGS = {
    "full": ({"name": "mnist", "data_dir": DATA_DIR}, {"vae_steps": 3000, "batch_size": 256}),
    "middle": ({"name": "mnist_5k"}, {"vae_steps": 1500, "batch_size": 256, "filters": 16}),
    "smoke": ({"name": "mnist_5k"}, TINY),
}[SIZE]

# %%
# %matplotlib inline
import numpy as np
import pandas as pd
import tensorflow as tf
from IPython.display import Image, display
from PIL import Image as Picture

import repfair_keras as rf
from repfair_keras.figures.image_grid import grid


def load(grouping):
    """The digits, coloured in one of two ways."""
    return rf.load_dataset(**DATA, grouping=grouping)


def show(images):
    """Ten images to a row, each pixel as four."""
    picture = Picture.fromarray(grid(images, columns=10))
    display(picture.resize((2 * picture.width, 2 * picture.height), Picture.Resampling.NEAREST))


unbiased, data = load("colour"), load("biased_colour")
for coloured in (unbiased, data):
    print(coloured.grouping, dict(zip(coloured.group_names, coloured.shares.round(2).tolist(), strict=True)))
    first = np.concatenate([np.flatnonzero(coloured.labels == digit)[:10] for digit in range(10)])
    show(coloured.images[first])

# %% [markdown]
# Above the unbiased set, below the biased one: a line for each digit.
#
# ## Without and with the penalty
#
# The encoder does not see the colour, the decoder is told it. Neither is told the digit.

# %%
SETTINGS["code_size"] = 10
# Latents of more dimensions than a table's 8 need a larger weight of the penalty than the default, 7.
fair = rf.train(data, method="fld_wgan_gp", alpha=9, seed=0, verbose=0, **SETTINGS)
SETTINGS["instruments"] = fair.path
plain = rf.train(data, method="fld_wgan_gp", alpha=float("-inf"), seed=0, verbose=0, **SETTINGS)
runs = {"without the penalty": plain, "with it": fair}

# %% [markdown]
# Two classifiers try to tell the colour from the latents of held-out digits. An AUROC of 0.5 is guessing.

# %%
display(pd.DataFrame({name: run.report.latents.aurocs for name, run in runs.items()}).round(3))
for run in runs.values():
    display(Image(run.figures["codes"]))

# %% [markdown]
# ## The same noise in three colours
#
# Each line has one noise vector per digit and one colour. If the decoder did no more than paint, a column
# would be the same digit three times.

# %%
for name, run in runs.items():
    generator = tf.saved_model.load(str(run.export))
    noise = np.random.default_rng(3).normal(size=(10, 64)).astype(np.float32)
    lines = [generator.generate(noise, np.full(10, colour, np.int32))["images"] for colour in range(3)]
    print(name)
    show(np.concatenate(lines))

# %% [markdown]
# ## What a classifier learns from such digits
#
# It tells 5 to 9 from 0 to 4, sees a digit in grey and its colour, and is tested on real digits whose colour
# has nothing to do with the digit. Demographic parity and FTU: how much it holds the colour against a digit,
# 0 is best.

# %%
columns = ["accuracy/lr", "demographic_parity/lr", "ftu/lr"]
tables = {name: run.report.to_frame().set_index("metric") for name, run in runs.items()}
display(pd.DataFrame({name: frame.shown[columns] for name, frame in tables.items()}))

# %% [markdown]
# ## What this shows, and what it does not
#
# - Look at the columns above once more: with the penalty, a colour has its own digits. The decoder is told
#   the colour and has learnt which digits go with it; the less of the digit a latent may keep, the more it
#   leaves to the colour. A plain latent brings its digit along when it is decoded in another colour. So
#   latents that do not tell the group make images in which the group tells more: measured over three seeds in
#   `docs/reproduction/README.md`.
# - In the biased set the digit itself tells the colour. A latent without colour may have to forget digits, or
#   mix them: compare the images. That would be the price of independence where the attribute goes with the
#   content.
# - One seed each: `python -m repfair_keras.reproduce fld_colours --run` makes three of each generator.
#
# **Try it:** the unbiased set (`load("colour")`), weaker bias (`strength=0.5` in `rf.load_dataset`), other
# weights (`alpha=8`).

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
# # 6. A fair synthetic table
#
# *Fair Latent Deep Generative Models* learn in two steps. An **encoder** turns rows into short codes that
# do not tell a sensitive attribute S. A **generator** learns to draw such codes, and the encoder's decoder
# makes rows of them. Here you do both with Adult, 48,842 people of the census of 1994: S is the sex, and
# the question is who earns more than 50,000 dollars.
#
# It takes about ten minutes on a CPU.

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
# - `full`: Adult, downloaded once.
# - `smoke`: 442 people that scikit-learn ships, seconds of training, to see that everything runs.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")
DATA_DIR = os.environ.get("REPFAIR_ADULT_DIR")  # a folder with adult.data and adult.test; None: download

SETTINGS = {
    "full": {"dataset": "adult", "data_dir": DATA_DIR, "jit_compile": True},
    "smoke": {"dataset": "diabetes", "vae_steps": 12, "steps": 24, "batch_size": 64, "n": 300},
}[SIZE]

# %%
# %matplotlib inline
import tensorflow as tf
from IPython.display import Image, Markdown, display

from repfair_keras.runs.config import Config
from repfair_keras.training.run import load_data

tf.get_logger().setLevel("ERROR")
config = Config(method="fld_wgan_gp", seed=0, **SETTINGS)
data = load_data(config.resolve())
print(data.source)
print("groups:", dict(zip(data.group_names, data.shares.round(3).tolist(), strict=True)))
print(*data.schema.describe(), sep="\n")
data.schema.decode(data.codes[:5], seed=0)

# %% [markdown]
# Every column is cut into categories, and comes back as it was. Numbers come back as numbers that lie in
# their bin.
#
# ## Two trainings
#
# First without the penalty that makes codes fair (`alpha=-inf`), then with it. `alpha` is log10 of its
# weight.

# %%
import dataclasses

from repfair_keras.training.run import train

plain_run, plain = train(dataclasses.replace(config, alpha=float("-inf")), verbose=0)
run, fair = train(config, verbose=0)
print({"without": plain.timings["train"], "with": fair.timings["train"]}, "seconds of training")

# %% [markdown]
# ## What do the codes tell of S?
#
# Two classifiers try to tell S from the codes of rows that nothing was trained on. An AUROC of 0.5 is
# guessing.

# %%
from repfair_keras.reporting.markdown.latents import latents

for name, report in (("without the penalty", plain), ("with it", fair)):
    display(Markdown(f"**{name}**\n\n" + "\n\n".join(latents(report))))

# %%
for each in (plain_run, run):
    display(Image(each.figures / "codes.png"))

# %% [markdown]
# ## What do classifiers learn from the rows?
#
# A logistic regression and a random forest are trained on synthetic rows, and tested on real people.
# *Demographic parity* is the difference between the groups' rates of positive predictions; *FTU* is how far
# the mean prediction moves when everybody's S is changed and nothing else.

# %%
from repfair_keras.reporting.markdown.classifiers import downstream_table

for name, report in (("without the penalty", plain), ("with it", fair)):
    display(Markdown(f"**{name}**\n\n{downstream_table(report)}"))

# %%
for each in (plain_run, run):
    display(Image(each.figures / "downstream.png"))

# %% [markdown]
# **Are both small? Is FTU smaller with the penalty, or larger?** A reason why it may grow: the decoder is
# told S, so that columns that go with S (relationship, occupation) are made for it, while the target is
# decoded from the code alone and does not go with S. A classifier that sees both can *correct* the columns by
# S: that makes its rates equal, and its use of S large. Equal outcomes and blindness to S are two things.
#
# ## Is it like the real table, and does it copy people?

# %%
display(Image(run.figures / "columns.png"))
privacy = fair.privacy
print("closer to a training row than to a held-out one:", privacy.closer_to_training, "(0.5 is best)")
print("equal to a training row, up to bins:", privacy.copies)
print("real held-out rows that are:", privacy.copies_held_out)

# %% [markdown]
# ## Draw rows, without this package's training code
#
# `python -m repfair_keras.sample RUN --counts Male=500,Female=500` does the same and writes a CSV.

# %%
from repfair_keras.sampling.sample import sample_rows

rows = sample_rows(run.path, n=1000, seed=1).frame
rows.head(10)

# %% [markdown]
# ## What this shows, and what it does not
#
# - One seed each. `python -m repfair_keras.reproduce fld_adult --run` makes six of each, of three generators.
# - Codes that do not tell S make a *target* that does not go with S. What you do with S is your decision.
# - Synthetic is not private by that alone.
#
# **Try it:** other weights (`alpha=5`), diffusion in place of the GAN (`method="fld_dm"`), your own table
# (`dataset="csv"`, with `grouping` and `target_column`).

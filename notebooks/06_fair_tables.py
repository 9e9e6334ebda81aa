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
# *Fair Latent Deep Generative Models* learn in two steps. An **encoder** turns rows into short latents that
# do not tell a sensitive attribute S. A **generator** learns to draw such latents, and the encoder's decoder
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
    "full": {"jit_compile": True},
    "smoke": {"vae_steps": 8, "steps": 8, "batch_size": 64, "n": 100},
}[SIZE]

# %%
# %matplotlib inline
import pandas as pd
from IPython.display import Image, display

import repfair_keras as rf
from repfair_keras.data.tables.loaders import adult, diabetes

table = adult.load(DATA_DIR) if SIZE == "full" else diabetes.load()  # a DataFrame to train on, one held out
table.train.head()

# %% [markdown]
# Any DataFrame will do: say which column is the sensitive attribute, and which one classifiers predict.
# Every column is cut into categories, and comes back as it was; numbers come back as numbers that lie in
# their bin.

# %%
data = rf.TableDataset.from_frame(
    table.train, sensitive=table.sensitive, target=table.target, test=table.test, seed=0
)
data

# %% [markdown]
# ## Two trainings
#
# First without the penalty that makes latents fair (`alpha=-inf`), then with it. `alpha` is log10 of its
# weight.

# %%
plain = rf.train(data, method="fld_wgan_gp", alpha=float("-inf"), seed=0, verbose=0, **SETTINGS)
fair = rf.train(data, method="fld_wgan_gp", seed=0, verbose=0, **SETTINGS)
runs = {"without the penalty": plain, "with it": fair}
print({name: run.report.timings["train"] for name, run in runs.items()}, "seconds of training")

# %% [markdown]
# ## What do the latents tell of S?
#
# Two classifiers try to tell S from the latents of rows that nothing was trained on. An AUROC of 0.5 is
# guessing.

# %%
display(pd.DataFrame({name: run.report.latents.aurocs for name, run in runs.items()}).round(3))
for run in runs.values():
    display(Image(run.figures["codes"]))

# %% [markdown]
# ## What do classifiers learn from the rows?
#
# A logistic regression and a random forest are trained on synthetic rows, and tested on real people.
# *Demographic parity* is the difference between the groups' rates of positive predictions; *FTU* is how far
# the mean prediction moves when everybody's S is changed and nothing else.

# %%
columns = ["accuracy/lr", "demographic_parity/lr", "ftu/lr", "accuracy/rf", "demographic_parity/rf", "ftu/rf"]
tables = {name: run.report.to_frame().set_index("metric") for name, run in runs.items()}
display(pd.DataFrame({name: frame.shown[columns] for name, frame in tables.items()}))
for run in runs.values():
    display(Image(run.figures["downstream"]))

# %% [markdown]
# **Are both small? Is FTU smaller with the penalty, or larger?** A reason why it may grow: the decoder is
# told S, so that columns that go with S (relationship, occupation) are made for it, while the target is
# decoded from the latent alone and does not go with S. A classifier that sees both can *correct* the columns
# by S: that makes its rates equal, and its use of S large. Equal outcomes and blindness to S are two things.
#
# ## Is it like the real table, and does it copy people?

# %%
display(Image(fair.figures["columns"]))
privacy = fair.report.privacy
print("closer to a training row than to a held-out one:", privacy.closer_to_training, "(0.5 is best)")
print("equal to a training row, up to bins:", privacy.copies)
print("real held-out rows that are:", privacy.copies_held_out)

# %% [markdown]
# ## Draw rows
#
# A DataFrame with the columns and types of yours; `shares="marginal"` draws the groups as often as in the
# data, `counts` as many of each as you say. `repfair sample RUN --counts Male=500,Female=500` does the same
# and writes a CSV.

# %%
fair.sample(1000, seed=1, shares="marginal").head(10)

# %% [markdown]
# ## What this shows, and what it does not
#
# - One seed each. `python -m repfair_keras.reproduce fld_adult --run` makes six of each, of three generators.
# - Latents that do not tell S make a *target* that does not go with S. What you do with S is your decision.
# - Synthetic is not private by that alone.
#
# **Try it:** other weights (`alpha=5`), diffusion in place of the GAN (`method="fld_dm"`), your own table.

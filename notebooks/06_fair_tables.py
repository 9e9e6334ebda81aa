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
# From your own CSV to a synthetic table like it, to a fair one, and to a classifier that treats groups more
# equally for having learnt from it. The example is Adult, 48,842 people of the census of 1994; the sensitive
# attribute is the sex, and the question is who earns more than 50,000 dollars.
#
# It takes less than ten minutes on a CPU.

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
# - `full`: Adult, downloaded once.
# - `smoke`: 442 people that scikit-learn ships, to see that everything runs.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")
DATA_DIR = os.environ.get("REPFAIR_ADULT_DIR")  # a folder with adult.data and adult.test; None: download

ROWS = {"full": 30_000, "smoke": 300}[SIZE]
SETTINGS = {"full": {}, "smoke": {"n": 100}}[SIZE]
LATENT = {
    "full": {"jit_compile": True, "vae_steps": 2000, "n": 5000},
    "smoke": {"vae_steps": 8, "steps": 8, "batch_size": 64, "n": 100},
}[SIZE]

# %%
# %matplotlib inline
import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import Image, display

import repfair_keras as rf
from repfair_keras.data.tables.loaders import adult, diabetes
from repfair_keras.metrics.tables.utility import utility

table = adult.load(DATA_DIR) if SIZE == "full" else diabetes.load()  # a DataFrame to train on, one held out
people = table.train if table.test is not None else table.train.iloc[: -len(table.train) // 3]
held_out = table.test if table.test is not None else table.train.iloc[-len(table.train) // 3 :]
people.head()

# %% [markdown]
# Any DataFrame will do: say which column is the sensitive attribute (or several, `"sex,race"`), and which
# one classifiers predict. Every value of a column of few is kept, and of many as finely as a classifier
# can tell; missing values, spikes such as 9999, dates and keys are seen, and **rules between columns** are
# found: they hold in every synthetic row.

# %%
data = rf.TableDataset.from_frame(
    people, sensitive=table.sensitive, target=table.target, test=held_out, encoding="faithful", seed=0
)
print(*data.schema.describe(), *data.notes, sep="\n")

# %% [markdown]
# ## A generator of rows
#
# `cart` draws each column from a leaf of a tree that sees the columns before it: seconds of training.
# `tab_ddpm` (diffusion) does the same with a network, in minutes. Both are *told* the sensitive attribute and
# the target, so that these can be chosen when rows are sampled.

# %%
run = rf.train(data, method="cart", seed=0, verbose=0, **SETTINGS)
run.sample(5, seed=0)

# %% [markdown]
# ## Fairness is a choice at sampling
#
# As in the data, high incomes go with the sex. With `independent` they do not, and everything else still
# goes with both as it does in the data.

# %%
sex, income = table.sensitive, table.target
as_in_the_data = run.sample(ROWS, seed=0)
fair = run.sample(ROWS, seed=0, independent=sex, shares="uniform")
for name, rows in {"real": people, "as in the data": as_in_the_data, "independent": fair}.items():
    print(name)
    display(pd.crosstab(rows[sex], rows[income], normalize="index").round(3))

# %% [markdown]
# ## Is a classifier better for it?
#
# The same gradient boosting learns from each table, and is tested on real people whom nobody trained on.
# *DP ratio*: the smaller over the larger group's rate of positive predictions. *EO ratio*: the same of true
# and false positives, the smaller of both. 1 is equal.

# %%
kinds = {name: "numeric" if pd.api.types.is_numeric_dtype(people[name]) else "categorical" for name in people}
kinds[sex] = kinds[income] = "categorical"
positive = sorted(people[income].unique())[-1]
learnt = {
    name: utility(rows, held_out, income, positive, sex, kinds)
    for name, rows in {"real": people, "as in the data": as_in_the_data, "independent": fair}.items()
}
shown = {"auroc": "AUROC", "demographic_parity_ratio": "DP ratio", "equalized_odds_ratio": "EO ratio"}
pd.DataFrame({name: {text: part[key] for key, text in shown.items()} for name, part in learnt.items()}).T.map(
    lambda value: "-" if value is None else "{:.3f} ({:.3f} to {:.3f})".format(*value)
)

# %%
figure, every = plt.subplots(1, 3, figsize=(10, 2.6), layout="constrained")
for axes, (key, text) in zip(every, shown.items(), strict=True):
    for place, part in enumerate(learnt.values()):
        if part[key] is not None:
            value, low, high = part[key]
            axes.errorbar(value, place, xerr=[[value - low], [high - value]], fmt="o", capsize=3)
    axes.set_yticks(range(len(learnt)), learnt if axes is every[0] else [""] * len(learnt))
    axes.set(title=text, ylim=(len(learnt) - 0.5, -0.5))
plt.show()

# %% [markdown]
# The classifier that learnt from the fair rows predicts high incomes of both groups more equally, at a small
# loss of AUROC: on real people, of whom men earn more than 50,000 dollars three times as often. **Whether that
# is what you want is a decision about your use, not about the data.**
#
# ## Is it like the real table, and does it copy people?
#
# Likeness, rules broken, and whose rows an attacker could tell, for each group: a rare one leaks first.

# %%
values = run.report.values
print(
    "likeness of columns (shapes), real rows in their place:", values.shapes["score"], values.shapes["real"]
)
print(
    "rules, share of synthetic rows that break them:",
    {rule: part["synthetic"] for rule, part in values.rules.items()},
)
display(
    pd.DataFrame(
        {
            group: {key: part[key] for key in ("closer_to_training", "copies")}
            for group, part in values.copying["groups"].items()
        }
    ).T
)
for name in ("columns", "utility", "privacy"):
    display(Image(run.figures[name]))

# %% [markdown]
# Closer to a training row than to a held-out one: 0.5 is best. Trees draw values of real rows; with larger leaves
# (`min_leaf=50`) they copy less, and are less like the table.
#
# ## Fair latents
#
# *Fair Latent Deep Generative Models* go another way: an encoder learns **latents** that do not tell the
# sensitive attribute, a generator draws such latents, and a decoder makes rows of them. What the latents tell,
# and what it costs:

# %%
latent = rf.train(
    rf.TableDataset.from_frame(people, sensitive=sex, target=income, test=held_out),
    method="fld_wgan_gp",
    seed=0,
    verbose=0,
    **LATENT,
)
print("AUROC at which classifiers tell the sex from a latent:", latent.report.latents.aurocs)
display(Image(latent.figures["codes"]))

# %% [markdown]
# ## What this shows, and what it does not
#
# - One seed. `python -m repfair_keras.reproduce tables_arena` compares every engine with published ones, on five
#   tables and several seeds; `reproduce fld_adult` has the verdicts on fair latents.
# - Synthetic is not private by that alone, and a table that is fair to one attribute may not be to another:
#   name several (`sensitive="sex,race"`).
#
# **Try it:** your own CSV (`python -m repfair_keras.inspect FILE` says what it holds), `method="tab_ddpm"`,
# `where="age > 60"`, `target_shares="uniform"`.

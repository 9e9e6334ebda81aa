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
# # 1. Representation bias in a GAN that you train yourself
#
# A GAN learns from images of two groups. Both groups are equally frequent in the data. **Does it generate
# both equally often?**
#
# You train a plain GAN, look at its images, count its groups, and find out how far to trust the count.

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
# - `full`: 60,000 digits and three trainings, some minutes each on a GPU.
# - `middle`: 5,000 digits and two trainings, some minutes each without a GPU.
# - `smoke`: seconds, to see that everything runs; its images are noise.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")
DATA_DIR = os.environ.get("REPFAIR_DATA_DIR")  # a folder that tensorflow-datasets prepared; None: download

TINY = {"steps": 8, "filters": 4, "n": 100, "probe": 50, "instrument_steps": 20}
DATA, SETTINGS, SEEDS, N = {
    "full": ({"name": "mnist", "data_dir": DATA_DIR}, {"epochs": 8}, (0, 1, 2), 500),
    "middle": ({"name": "mnist_5k"}, {"epochs": 20}, (0, 1), 500),
    "smoke": ({"name": "mnist_5k"}, TINY, (0, 1), 50),
}[SIZE]

# %%
# %matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from IPython.display import Image, display

import repfair_keras as rf

gpu = tf.config.list_physical_devices("GPU")
print("Training on", "a GPU" if gpu else "the CPU (in Colab: Runtime, Change runtime type, GPU)")

# %% [markdown]
# ## The data
#
# Handwritten digits. Half of each class is inverted: black digits on white. So the two groups are called
# `black` and `white`, by their background. Nothing else differs between them.

# %%
data = rf.load_dataset(**DATA)
data

# %% [markdown]
# ## Training
#
# `gan` is a plain conditional GAN: it sees the class of each digit (0 to 9), and never its group. Every
# batch mixes the groups as the data do. Everything lands in a new folder below `runs/`.

# %%
run = rf.train(data, method="gan", seed=SEEDS[0], verbose=0, **SETTINGS)
report = run.report
print(f"{report.timings['train']:.0f} s of training. Everything is in {run.path}")

# %% [markdown]
# The first images, and the last ones, from the same noise. Columns are the classes 0 to 9.

# %%
epochs = sorted(run.path.glob("samples/epoch_*.png"))
for picture in dict.fromkeys([epochs[0], epochs[-1]]):
    print(picture.stem)
    display(Image(picture))

# %% [markdown]
# Is it still learning? The losses of both players. In a GAN no loss need fall: it is a game, and each
# player's loss depends on how good the other is.

# %%
display(Image(run.figures["losses"]))

# %% [markdown]
# ## Which group is an image of?
#
# An attribute classifier counts. It was trained on 70 % of the real images, and tested on the other 30 %:
# the table says how often it is wrong there.

# %%
display(Image(run.figures["confusion"]))

# %% [markdown]
# A classifier always answers, even for noise. So an image is *clear* only if the classifier is sure (a
# probability of 90 %, or less where more than one in twenty real images of a group would miss that) **and** the four
# corners agree. All others are **undecided**: what is counted leaves them out. The headline of the report does not: it
# is the share of *all* images, corrected for how often the classifier errs on real ones.

# %%
from repfair_keras.figures import assigned
from repfair_keras.training.run import make_instruments, prepare

classifier = make_instruments(prepare(run.config), run.folder).attribute  # as the run has saved it
sample = run.sample(report.n, seed=report.sample_seed, labels=list(range(10)))  # as the report drew them
decision = run.config.evaluation.decision  # which images are clear
groups = classifier.assign(sample.images, decision).groups
display(assigned.plot(sample.images, groups, data.group_names))

# %% [markdown]
# **Look at the undecided images.** Would you put them into a group? If many are undecided, the shares of
# the rest describe only a part of what the generator makes.
#
# ## The report
#
# Bars are the shares of the decided images; the thin line on a bar is the 95 % interval. The hatched bar is
# the undecided share of all images. Diamonds are the shares corrected for the classifier's errors.

# %%
display(Image(run.figures["representation"]))
report

# %%
print(report)

# %% [markdown]
# **Is this generator balanced?** The p-value says how often a balanced generator would give counts at least
# as uneven as these. Below 0.05 one usually says: *not balanced*. Above it, one says only: *these counts do
# not show it*.

# %%
if report.proportions is None:
    print("No image was clear, so nothing can be said.")
else:
    p = report.test.p_value
    print(f"p {'below 0.0001' if p < 0.0001 else f'= {p:.4f}'}; gap {100 * report.gap:.1f} points.")
    print("This generator is not balanced." if p < 0.05 else "These counts do not show an imbalance.")

# %% [markdown]
# ## How far does the count wander?
#
# The share has three sources of chance. First: **which images you drew**. Ten samples from the *same*
# generator:

# %%
shares = []
for sample_seed in range(10):
    groups = classifier.assign(run.sample(N, seed=sample_seed).images, decision).groups
    decided = groups[groups >= 0]
    shares.append(100 * np.mean(decided == 1) if len(decided) else np.nan)
print(f"share of white, ten samples of {N}:", ", ".join(f"{share:.1f}" for share in shares), "%")

# %% [markdown]
# Second: **when you stopped**. The same generator, measured during its training:

# %%
display(Image(run.figures["shares_over_training"]))

# %% [markdown]
# Third, and often the largest: **another training**. The same program with another seed starts from other
# weights and sees other batches. Its images are counted with the same classifier (`instruments`), so that
# only the generator differs.

# %%
reports = [report]
for seed in SEEDS[1:]:
    options = {**SETTINGS, "instruments": run.path, "figures": False}
    again = rf.train(data, method="gan", seed=seed, verbose=0, **options)
    reports.append(again.report)
    print(f"seed {seed}: {again.report.timings['train']:.0f} s of training")

# %% [markdown]
# All side by side. Left: samples of one generator. Right: one point per training, with its 95 % interval.

# %%
measured = [one for one in reports if one.proportions is not None]
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 4), sharey=True)
left.plot(range(10), shares, "o")
left.set(title=f"one generator, ten samples of {N}", xlabel="seed of the sample")
for one in measured:
    share, (low, high) = one.proportions[1], one.intervals[1]
    right.errorbar(
        one.seed, 100 * share, [[100 * (share - low)], [100 * (high - share)]], fmt="s", color="C1"
    )
right.set(
    title=f"{len(reports)} trainings, {report.n:,} images of each", xlabel="seed of training", xticks=SEEDS
)
for axes in (left, right):
    axes.axhline(50, color="black", linestyle="--", linewidth=1)
left.set(ylabel="share of white (%)", ylim=(-3, 103))
plt.show()

# %% [markdown]
# ## What one seed proves, and what it does not
#
# The interval of a report holds the chance of *drawing images*. It knows nothing of *another training*.
# Compare:

# %%
if len(measured) == len(reports):
    trained = [100 * one.proportions[1] for one in reports]
    low, high = report.intervals[1]
    width, spread = 100 * (high - low), max(trained) - min(trained)
    print(f"Interval of the first training: {width:.2f} points wide.")
    print(f"Distance between the trainings: {spread:.2f} points.")
    more = "more" if spread > width else "no more"
    print(f"The trainings differ by {more} than the interval of one report shows.")
else:
    print("In at least one training no image was clear. Train longer.")

# %% [markdown]
# - One seed **proves**: this very generator, saved in `generator/`, has these shares, as far as the
#   classifier can be trusted.
# - One seed **does not prove** that plain GANs are biased, nor that another method repairs it. For that,
#   train several seeds of both and compare their *means*: three are few, five or more are better.
# - A small gap **does not prove** good images. Look at the undecided share and at the quality per group
#   too.
#
# **Try it:** more seeds (`SEEDS`). Only 20 % black digits on white in the data (`share=0.2` in `rf.load_dataset`): is
# the share of the generator 20 % too? Another bound of confidence (`confidence=0.5` in `rf.train`): what
# happens to the undecided, and to the shares?
#
# Next: [02, Algorithm 1 step by step](02_algorithm_1_step_by_step.ipynb), the repair.

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

# In Colab this installs the package. Elsewhere it is installed already: see the README.
REPOSITORY = "https://github.com/OWNER/REPOSITORY"  # put the address of the repository here

if "google.colab" in sys.modules:
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", f"git+{REPOSITORY}"], check=True)
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

SETTINGS, SEEDS = {
    "full": ({"dataset": "mnist", "data_dir": DATA_DIR, "epochs": 8}, (0, 1, 2)),
    "middle": ({"dataset": "mnist_5k", "epochs": 20}, (0, 1)),
    "smoke": ({"dataset": "mnist_5k", "steps": 24, "filters": 4, "n": 300, "probe": 100}, (0, 1)),
}[SIZE]

# %%
# %matplotlib inline
import tensorflow as tf
from IPython.display import Image, display

tf.get_logger().setLevel("ERROR")
gpus = tf.config.list_physical_devices("GPU")
names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in gpus]
print("Training on", ", ".join(names) or "the CPU (in Colab: Runtime, Change runtime type, GPU)")

# %% [markdown]
# ## The data
#
# Handwritten digits. Half of each class is inverted: black digits on white. So the two groups are called
# `black` and `white`, by their background. Nothing else differs between them.

# %%
from repfair_keras.figures import groups
from repfair_keras.runs.config import Config
from repfair_keras.training.run import load_data

config = Config(method="gan", seed=SEEDS[0], **SETTINGS)
data = load_data(config)
display(groups.plot(data))

# %% [markdown]
# ## Training
#
# `gan` is a plain conditional GAN: it sees the class of each digit (0 to 9), and never its group. Every
# batch mixes the groups as the data do. Everything lands in a new folder below `runs/`.

# %%
from repfair_keras.training.run import train

run, report = train(config, verbose=0)
print(f"{report.timings['train']:.0f} s of training. Everything is in {run.path}")

# %% [markdown]
# The first images, and the last ones, from the same noise. Columns are the classes 0 to 9.

# %%
epochs = sorted(run.samples.glob("epoch_*.png"))
for picture in dict.fromkeys([epochs[0], epochs[-1]]):
    print(picture.stem)
    display(Image(picture))

# %% [markdown]
# Is it still learning? The losses of both players. In a GAN no loss need fall: it is a game, and each
# player's loss depends on how good the other is.

# %%
from repfair_keras.figures import losses
from repfair_keras.training.callbacks import read_log

rows = read_log(run.log)
display(losses.plot(rows, data.group_names))

# %% [markdown]
# ## Which group is an image of?
#
# A classifier counts. It was trained on 70 % of the real images, and tested on the other 30 %: the table
# says how often it is wrong there.

# %%
from repfair_keras.figures import confusion

display(confusion.plot(report))

# %% [markdown]
# A classifier always answers, even for noise. So an image counts for a group only if the classifier is sure
# (a probability of 90 %) **and** the four corners agree. All others are **undecided**: they count for no
# group.

# %%
from repfair_keras.modalities.image_evaluation import draw_sample
from repfair_keras.evaluation.reference import load_standard
from repfair_keras.figures import assigned

sample = draw_sample(run.generator, config, data)  # the very images that the report counted
instruments = load_standard(config).instruments(run.instruments)
found = instruments.attribute.assign(sample.images, config.confidence)
display(assigned.plot(sample.images, found.groups, data.group_names))

# %% [markdown]
# **Look at the undecided images.** Would you put them into a group? If many are undecided, the shares of
# the rest describe only a part of what the generator makes.

# %% [markdown]
# ## The report
#
# Bars are the shares of the decided images; the thin line on a bar is the 95 % interval. The hatched bar is
# the undecided share of all images. Diamonds are the shares corrected for the classifier's errors.

# %%
from repfair_keras.figures import representation

display(representation.plot(report))

# %%
from repfair_keras.reporting.image_console import format_table

print(format_table(report))

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
# The share has three sources of chance. First: **which images you drew**. Ten samples of 500 images from
# the *same* generator:

# %%
import numpy as np

from repfair_keras.export.image_sampler import ImageSampler

sampler, shares = ImageSampler(run.generator), []
for sample_seed in range(10):
    images = sampler.generate(500, sample_seed).images
    counted = instruments.attribute.assign(images, config.confidence).groups
    decided = counted[counted >= 0]
    shares.append(100 * np.mean(decided == 1) if len(decided) else np.nan)
print("share of white, ten samples:", ", ".join(f"{share:.1f}" for share in shares), "%")

# %% [markdown]
# Second: **when you stopped**. The same generator, measured during its training:

# %%
from repfair_keras.figures import shares_over_training

display(shares_over_training.plot(rows, data.group_names))

# %% [markdown]
# Third, and often the largest: **another training**. The same program with another seed starts from other
# weights and sees other batches. Its images are counted with the same classifier (`instruments`), so that
# only the generator differs.

# %%
import dataclasses

reports = [report]
for seed in SEEDS[1:]:
    again = dataclasses.replace(config, seed=seed, instruments=str(run.path))
    reports.append(train(again, verbose=0)[1])
    print(f"seed {seed}: {reports[-1].timings['train']:.0f} s of training")

# %% [markdown]
# All three side by side. Left: samples of one generator. Right: one point per training, with its 95 %
# interval.

# %%
from repfair_keras.figures import style

measured = [each for each in reports if each.proportions is not None]
figure = style.new_figure(8, 4)
left, right = figure.subplots(1, 2, sharey=True)
left.plot(range(10), shares, "o", color=style.group_color(0))
left.set_title("one generator, ten samples of 500")
left.set_xlabel("seed of the sample")
for each in measured:
    share, (low, high) = each.proportions[1], each.intervals[1]
    ends = [[100 * (share - low)], [100 * (high - share)]]
    right.errorbar(each.seed, 100 * share, ends, fmt="s", color=style.group_color(1))
right.set_title(f"{len(reports)} trainings, {reports[0].n:,} images of each")
right.set_xlabel("seed of training")
right.set_xticks(SEEDS)
for axes in (left, right):
    axes.axhline(50, color="black", linestyle="--", linewidth=1)
    axes.set_ylim(-3, 103)
    style.plain(axes)
left.set_ylabel("share of white (%)")
display(figure)

# %% [markdown]
# ## What one seed proves, and what it does not
#
# The interval of a report holds the chance of *drawing images*. It knows nothing of *another training*.
# Compare:

# %%
if len(measured) == len(reports):
    trained = [100 * each.proportions[1] for each in reports]
    low, high = reports[0].intervals[1]
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
# **Try it:** more seeds (`SEEDS`). Only 20 % white digits in the data (`share=0.2` in `Config`): is the
# share of the generator 20 % too? Another bound of confidence (`confidence=0.5`): what happens to the
# undecided, and to the shares?
#
# Next: [02, Algorithm 1 step by step](02_algorithm_1_step_by_step.ipynb), the repair.

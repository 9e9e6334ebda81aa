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
# # 5. From the bias of a stacked GAN to an ensemble that represents both groups
#
# The paper [On the Fairness of GANs](https://arxiv.org/abs/2103.00950) trains *stacked GANs* on digits of
# two groups and finds that each training prefers one of them. It proposes two remedies and tests neither:
# tell the networks the group, or train several generators, each kept away from what the earlier ones make.
# Here you try both.

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
# - `full`: 60,000 digits, three trainings, the last one of up to three generators: best with a GPU.
# - `middle`: 5,000 digits, some minutes for each training without a GPU.
# - `smoke`: seconds, to see that everything runs; its images are noise.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")
DATA_DIR = os.environ.get("REPFAIR_DATA_DIR")  # a folder that tensorflow-datasets prepared; None: download

SETTINGS = {
    "full": {"dataset": "mnist", "data_dir": DATA_DIR, "epochs": 8},
    "middle": {"dataset": "mnist_5k", "epochs": 20},
    "smoke": {"dataset": "mnist_5k", "steps": 24, "filters": 4, "n": 300, "probe": 100},
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
# ## A stacked GAN
#
# First an **encoder** learns the classes of real digits; what it holds before its last layer are *features*.
# Then two generators are trained together: one makes features of a class, the other makes an image of
# features. Each has a discriminator of its own, and the encoder checks both: do the features show the class,
# does the image show the features?
#
# Nothing here knows of groups.

# %%
from repfair_keras.runs.config import Config
from repfair_keras.training.callbacks import read_log
from repfair_keras.training.run import train

stacked = Config(method="stacked_gan", seed=0, **SETTINGS)
run, report = train(stacked, verbose=0)
phases = {"encoder": read_log(run.path / "encoder" / "log.csv"), "generators": read_log(run.log)}
for name, rows in phases.items():
    print(f"{name}: {len(rows)} epochs, last row: { ({k: round(v, 3) for k, v in rows[-1].items()}) }")

# %%
epochs = sorted(run.samples.glob("epoch_*.png"))
display(Image(epochs[-1]))

# %% [markdown]
# ## What does one training make?
#
# The paper looks at the mean pixel of each sample: dark ones are black digits, bright ones white. A second
# training with another seed beside it.

# %%
import dataclasses

from repfair_keras.papers.plots import sample_means

_, other = train(dataclasses.replace(stacked, seed=1, instruments=str(run.path)), verbose=0)
rows = [
    {"seed": each.seed, "training_share": 0.5, **sample_means.columns_of(each.to_dict())} for each in (report, other)
]
display(sample_means.plot(rows, report.groups, threshold=0.5))

# %% [markdown]
# **Do both trainings make the groups in equal shares? In the same shares?** Images between the two hills are
# blotches, part black, part white: the classifier leaves them undecided.

# %% [markdown]
# ## First remedy: tell the group
#
# The group-conditional GAN is told the group, in both networks. You then ask for what you want. The question
# that the paper leaves open: does the bias move to *subgroups*, here the classes of each group?

# %%
from repfair_keras.figures import asked

told = Config(method="group_cgan", seed=0, instruments=str(run.path), **SETTINGS)
told_run, told_report = train(told, verbose=0)
display(asked.plot(told_report))

# %% [markdown]
# Each cell: of the images made for this group and class, how many show the group. All near 100 %: the bias
# has not moved. Exact numbers of images, without any of this package's code:

# %%
generator = tf.saved_model.load(str(told_run.generator))
made = generator.sample_groups([0] * 20 + [1] * 20, 0)["images"]  # 20 black ones, then 20 white ones

# %%
from pathlib import Path

from repfair_keras.figures.image_grid import save_grid

save_grid(made.numpy(), Path("runs", "asked.png"))
display(Image(Path("runs", "asked.png")))

# %% [markdown]
# ## Second remedy: an ensemble
#
# The first generator is a plain conditional GAN. Each further one has a term in its loss that grows when its
# images come near those of the earlier ones (eq. 3 of the paper). To sample, a generator is drawn for every
# few images, the rather the less its images are among those already made (eq. 5).

# %%
boosted = Config(method="boosted_gan", n_generators=3, seed=0, instruments=str(run.path), **SETTINGS)
boosted_run, boosted_report = train(boosted, verbose=0)

# %%
from repfair_keras.sampling.sample import sample_images

sample = sample_images(boosted_run.path, n=1000, seed=0)
for member in sorted(set(sample.members)):
    mine = sample.images[sample.members == member]
    bright = (mine.mean(axis=(1, 2, 3)) > 0).mean()
    print(f"generator {member + 1}: {len(mine)} of 1,000 images, {100 * bright:.0f} % of them bright")
save_grid(sample.images[:100], Path("runs", "ensemble.png"))
display(Image(Path("runs", "ensemble.png")))

# %% [markdown]
# ## All beside one another
#
# Shares, undecided images and quality per group of the three methods, one seed each.

# %%
from repfair_keras.figures import representation
from repfair_keras.reporting.image_console import format_table

for each in (report, told_report, boosted_report):
    print(format_table(each), end="\n\n")
display(representation.plot(boosted_report))

# %% [markdown]
# ## What this shows, and what it does not
#
# - One seed of each method shows what *can* happen. The page `docs/reproduction/gans_methods.md` has several
#   seeds of each, with intervals.
# - A generator that is told the group gives what it is asked for, if the groups are known for all images.
# - An ensemble needs no groups to train; only the rule that ends it looks at them. Whether its next generator
#   finds the missing group is not certain: look at the shares of each.
#
# **Try it:** other weights of the term (`theta_weight`), RepFair-GAN as the base (`base_method="repfair"`), a
# rare group (`share=0.3`).

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
# - `full`: 60,000 digits, four trainings, the last one of up to three generators: best with a GPU.
# - `middle`: 5,000 digits, some minutes for each training without a GPU.
# - `smoke`: seconds, to see that everything runs; its images are noise.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")
DATA_DIR = os.environ.get("REPFAIR_DATA_DIR")  # a folder that tensorflow-datasets prepared; None: download

TINY = {"steps": 8, "filters": 4, "n": 100, "probe": 50, "instrument_steps": 20}
DATA, SETTINGS, N_GENERATORS, N = {
    "full": ({"name": "mnist", "data_dir": DATA_DIR}, {"epochs": 8}, 3, 1000),
    "middle": ({"name": "mnist_5k"}, {"epochs": 20}, 3, 1000),
    "smoke": ({"name": "mnist_5k"}, TINY, 2, 100),
}[SIZE]

# %%
# %matplotlib inline
import tensorflow as tf
from IPython.display import Image, display

import repfair_keras as rf

gpu = tf.config.list_physical_devices("GPU")
print("Training on", "a GPU" if gpu else "the CPU (in Colab: Runtime, Change runtime type, GPU)")
data = rf.load_dataset(**DATA)
data

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
stacked = rf.train(data, method="stacked_gan", seed=0, verbose=0, figures=False, **SETTINGS)
display(stacked.log.tail(3))
display(Image(max(stacked.path.glob("samples/epoch_*.png"))))

# %% [markdown]
# ## What does one training make?
#
# The paper looks at the mean pixel of each sample: dark ones have a black background, bright ones a white
# one. A second training with another seed beside the first, measured with the same classifier:

# %%
from repfair_keras.papers.plots import sample_means

SETTINGS["instruments"] = stacked.path  # the same attribute classifier and feature extractor for all
other = rf.train(data, method="stacked_gan", seed=1, verbose=0, figures=False, **SETTINGS)
rows = [
    {"seed": seed, "training_share": data.shares[1], **sample_means.columns_of(run.report.to_dict())}
    for seed, run in enumerate((stacked, other))
]
display(sample_means.plot(rows, data.group_names, threshold=0.5))

# %% [markdown]
# **Do both trainings make the groups in equal shares? In the same shares?** Images between the two hills are
# blotches, part black, part white: the classifier leaves them undecided.
#
# ## First remedy: tell the group
#
# The group-conditional GAN is told the group, in both networks. You then ask for what you want. The question
# that the paper leaves open: does the bias move to *subgroups*, here the classes of each group?

# %%
conditional = rf.train(data, method="group_cgan", seed=0, verbose=0, **SETTINGS)
display(Image(conditional.figures["asked"]))

# %% [markdown]
# Each cell: of the images made for this group and class, how many show the group. All near 100 %: the bias
# has not moved. Exact numbers of images of each group:

# %%
from PIL import Image as Picture

from repfair_keras.figures.image_grid import grid


def show(images):
    """Twenty images to a row, each pixel as four."""
    picture = Picture.fromarray(grid(images, columns=20).squeeze())
    display(picture.resize((2 * picture.width, 2 * picture.height), Picture.Resampling.NEAREST))


show(conditional.sample(counts={"black": 20, "white": 20}, seed=0).images)

# %% [markdown]
# ## Second remedy: an ensemble
#
# The first generator is a plain conditional GAN. Each further one has a term in its loss that grows when its
# images come near those of the earlier ones (eq. 3 of the paper). To sample, a generator is drawn for every
# few images, the rather the less its images are among those already made (eq. 5).

# %%
options = {**SETTINGS, "n_generators": N_GENERATORS}
boosted = rf.train(data, method="boosted_gan", seed=0, verbose=0, **options)

# %%
sample = boosted.sample(N, seed=0)
for member in sorted(set(sample.members)):
    images = sample.images[sample.members == member]
    bright = (images.mean(axis=(1, 2, 3)) > 0).mean()
    print(f"generator {member + 1}: {len(images)} of {N} images, {100 * bright:.0f} % of them bright")
show(sample.images[:100])

# %% [markdown]
# ## All beside one another
#
# Shares, undecided images and quality per group of the three methods.

# %%
display(Image(boosted.figures["representation"]))
rf.compare([stacked, other, conditional, boosted])

# %% [markdown]
# ## What this shows, and what it does not
#
# - One or two seeds of each method show what *can* happen. The page `docs/reproduction/gans_methods.md` has
#   several seeds of each, with intervals.
# - A generator that is told the group gives what it is asked for, if the groups are known for all images.
# - An ensemble needs no groups to train; only the rule that ends it looks at them. Whether its next generator
#   finds the missing group is not certain: look at the shares of each.
#
# **Try it:** other weights of the term (`theta_weight`), RepFair-GAN as the base (`base_method="repfair"`), a
# rare group (`share=0.3` in `rf.load_dataset`).

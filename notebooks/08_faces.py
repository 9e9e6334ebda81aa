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
# # 8. Faces: from your own arrays to a balanced generator
#
# You have photographs of people, and a column that says who is in them. One in five is of the smaller group.
# A generator that copies the data makes them one in five too, or fewer. Here you train one that makes both
# groups equally often, and find out whether it does.
#
# These are people. What a column says of them (here: CelebA's `Male`, ticked by annotators who never met
# them) is not who they are; and a share that comes out right says nothing about how a group is *drawn*.

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
# - `full`: faces of 64 x 64 pixels and two trainings; wants a GPU, and an hour or more on that of Colab.
# - `smoke`: digits in the place of faces, seconds, to see that everything runs; its images are noise.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")
FACES = os.environ.get("REPFAIR_FACES")  # an .npz with arrays `images` and `sex`; None: CelebA, downloaded

TINY = {"steps": 8, "filters": 4, "n": 100, "probe": 50, "instrument_steps": 20, "batch_size": 16}
SETTINGS = {"full": {"preset": "modern_medium", "augment": ["flip"]}, "smoke": {"preset": "modern", **TINY}}[
    SIZE
]

# %%
# %matplotlib inline
import numpy as np
import tensorflow as tf
from IPython.display import Image, display

import repfair_keras as rf
from repfair_keras.figures import groups

gpu = tf.config.list_physical_devices("GPU")
print("Training on", "a GPU" if gpu else "the CPU (in Colab: Runtime, Change runtime type, GPU)")

# %% [markdown]
# ## Two arrays
#
# Whatever your images are, bring them to two arrays: `images`, bytes of the shape (N, 64, 64, 3), and a word
# for each, here `sex`.

# %%
if SIZE == "smoke":
    digits = rf.load_dataset("mnist_5k", use_labels=False)
    images, sex = digits.pixels[:600], np.where(digits.groups[:600] == 1, "male", "female")
elif FACES is not None:
    with np.load(FACES) as file:
        images, sex = file["images"], file["sex"]
else:
    celeb_a = rf.load_dataset("celeb_a")  # its pixels lie in a temporary file of 2 GB
    first = np.sort(np.random.default_rng(0).permutation(len(celeb_a))[:40_000])
    images, sex = celeb_a.pixels[first], np.array(celeb_a.group_names)[celeb_a.groups[first]]

print(images.shape, images.dtype, dict(zip(*np.unique(sex, return_counts=True), strict=True)))

# %% [markdown]
# The data set of this notebook: one in five is `male`, the others are left out.

# %%
data = rf.ImageDataset.from_arrays(images, groups=sex, group_name="sex", share=0.2)
display(data)
display(groups.plot(data))

# %% [markdown]
# ## Before any training: can these groups be counted?
#
# A classifier will say which group a generated face is of, and it errs. `validate` trains it on a part of
# your images and tries it on others, at shares that are known. If it says that shares cannot be told, stop
# here: no number below would mean anything.

# %%
found = rf.validate(
    data, "runs/validation", repeats=20, **({"instrument_steps": 20} if SIZE == "smoke" else {})
)
print(found.verdict)
found.to_frame()

# %% [markdown]
# ## Two generators
#
# `gan` sees the faces as they come. `group_balanced` sees equally many of each group in every batch. Both
# have the same networks and steps, and are judged by the classifier above.

# %%
SETTINGS["instruments"] = "runs/validation"
plain = rf.train(data, method="gan", seed=0, verbose=0, **SETTINGS)
balanced = rf.train(data, method="group_balanced", seed=0, verbose=0, **SETTINGS)
runs = {"gan": plain, "group_balanced": balanced}

# %% [markdown]
# Some images of each, as the classifier sorts them. **Look at the undecided ones**, and at the smaller group: is
# it drawn as well as the other?

# %%
for name, run in runs.items():
    print(name)
    display(Image(run.figures["assigned"]))

# %% [markdown]
# ## Shares, and how sure they are
#
# The headline is the share of *all* images, corrected for the classifier's errors, with an interval that
# holds its uncertainty too.

# %%
for name, run in runs.items():
    print(name)
    print(run.report, "\n")
    display(Image(run.figures["representation"]))
display(rf.compare(list(runs.values()), baseline="gan").to_frame())

# %% [markdown]
# **A share is not quality.** The table has FID, KID, precision and coverage by group, and the worst group:
# the smaller group had fewer faces to learn from, and a batch that is balanced shows them more often; it
# makes no new ones.

# %%
if "quality" in balanced.figures:  # it is not where quality cannot be measured
    display(Image(balanced.figures["quality"]))

# %% [markdown]
# ## Has it copied anybody?
#
# The nearest real faces of some generated ones. A generator that repeats a person of the data has a problem
# that no share shows.

# %%
if "nearest" in balanced.figures:
    display(Image(balanced.figures["nearest"]))

# %% [markdown]
# ## Sampling exact numbers, and taking it along
#
# Twenty of each group: images are made until the classifier has seen so many that it is sure of. A group that it
# hardly ever sees is refused before anything long is begun.

# %%
try:
    sample = balanced.sample(counts={"female": 20, "male": 20}, seed=1)
    print(sample.pixels.shape)
except rf.InputError as error:
    print(error)

# %% [markdown]
# The generator is a SavedModel, for anything with TensorFlow, and a file of LiteRT, for a phone.

# %%
print(balanced.export)
difference = balanced.export_as(balanced.path / "generator.tflite")
print(f"LiteRT's images differ from Keras's by at most {difference:.1e}")

# %% [markdown]
# ## What this shows, and what it does not
#
# - One seed each. `python -m repfair_keras.sweep` makes more, and says what chance does.
# - Equal shares of a column. Within each group the faces may still be all young, or all of one skin colour:
#   `grouping="sex,age"` measures intersections where there are enough images.
# - What 20,000 faces and two methods came to is in `docs/guide/faces.md`.
#
# **Try it:** `method="repfair"`; another column; `batch_size=128`; your own arrays.

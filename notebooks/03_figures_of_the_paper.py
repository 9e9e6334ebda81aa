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
# # 3. The figures of RepFair-GAN, from recorded runs
#
# Every figure of the paper, drawn from many trainings with several seeds each. The trainings are not made
# here: each has left a *record*, a small file with its settings, its report and its log. Below every figure
# stands what the paper claims, and a verdict with the rule that it was held against.

# %%
import os
import subprocess
import sys
from pathlib import Path

# The address of the repository, as pyproject.toml has it; while that is empty, the package index is asked.
REPOSITORY = ""

# In Colab this fetches the repository, whose records are drawn. Elsewhere all is there: see the README.
if "google.colab" in sys.modules and not Path("repository").exists():
    if not REPOSITORY:
        raise SystemExit(
            "Put the repository's address into REPOSITORY, or upload it as a folder `repository`."
        )
    subprocess.run(["git", "clone", "-q", "--depth", "1", REPOSITORY, "repository"], check=True)
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "./repository"], check=True)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # TensorFlow says less while it starts

# %% [markdown]
# ## What is drawn
#
# - `full`: every figure, from the records of the repository, in a minute, without training.
# - `smoke`: three of them, from the same records.

# %%
SIZE = os.environ.get("REPFAIR_SIZE", "full")
DATA_DIR = os.environ.get("REPFAIR_DATA_DIR")  # a folder that tensorflow-datasets prepared; None: download

PLACES = (os.environ.get("REPFAIR_REPOSITORY", "."), "..", "repository")
ROOT = next(Path(place) for place in PLACES if Path(place, "saved_models").is_dir())
RECORDS = ROOT / "docs" / "reproduction" / "records"

# %%
# %matplotlib inline
from IPython.display import Image, Markdown, display
from PIL import Image as Picture

from repfair_keras.figures.image_grid import grid
from repfair_keras.papers.reproduce import reproduce
from repfair_keras.registry import lookup, names
from repfair_keras.sampling.sample import sample_images

FIGURES = ("3", "4", "7") if SIZE == "smoke" else names("paper_figure")

# %% [markdown]
# ## Two trained generators
#
# Both come with the repository, seed 0 of the runs below: a plain conditional GAN, and RepFair-GAN. Columns
# are the classes 0 to 9.

# %%
for model in ("cgan_mnist", "repfair_mnist"):
    images = sample_images(ROOT / "saved_models" / model, n=40, seed=0, labels=list(range(10))).images
    picture = Picture.fromarray(grid(images, columns=10).squeeze())
    print(model)
    display(picture.resize((2 * picture.width, 2 * picture.height), Picture.Resampling.NEAREST))

# %% [markdown]
# ## Records
#
# A record is a small JSON file. This is what one holds:

# %%
from repfair_keras.sweeps.records import load_records

known = load_records(RECORDS)
records = [*known.found, *known.others]  # others: of an earlier version of the numbers
print(f"{len(records)} records in {RECORDS}")
example = records[0]
print({name: example["config"][name] for name in ("dataset", "method", "seed", "steps", "epochs")})
print("commit", example["commit"], "; version of the numbers", example["numbers"])
print("epochs in the log:", len(example["log"]), "; columns:", ", ".join(example["log"][-1]))

# %% [markdown]
# ## The figures
#
# *Group share* below is the share among the images whose group is clear; *undecided* images are counted
# beside it. A share *late in training* is the mean over the second half of training, since shares wander from
# epoch to epoch. Intervals are 95 % t intervals over seeds.

# %%
reproduced = [reproduce(name, RECORDS, "runs/figures", data_dir=DATA_DIR, verbose=0) for name in FIGURES]
verdicts = [f"| {figure.title} | {figure.verdict} |" for figure in reproduced]
display(Markdown("\n".join(["| figure | verdict |", "|---|---|", *verdicts])))

# %%
for figure in reproduced:
    display(Markdown(f"### {figure.title}\n\n**The paper.** {lookup('paper_figure', figure.name).claim}"))
    for path in figure.files:
        if path.suffix == ".png":
            display(Image(path, width=900))
    display(Markdown(f"**{figure.verdict.capitalize()}.** {figure.why}"))

# %% [markdown]
# Each figure's page, with all numbers, seeds, commands and commits, lies beside its picture in
# `runs/figures/`.
#
# ## Make them yourself
#
# `python -m repfair_keras.reproduce 8 --run` trains what has no record yet and draws figure 8. With the
# SVHN of tensorflow-datasets, `python -m repfair_keras.reproduce 5 --run --dataset svhn` puts the paper's own
# data in the place of the photographs that stand in for them here.
#
# Next: [04, your own images](04_your_own_images.ipynb).

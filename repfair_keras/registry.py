"""Names that users type, and where each thing lives. A module is imported on first use only.

To add a data set, a grouping, a method or a figure: write one file and add one line here.
"""

import difflib
import importlib

from repfair_keras.core.errors import InputError

REGISTRY = {
    "dataset": {
        "mnist_5k": "repfair_keras.data.images.loaders.mnist_5k:load",
        "mnist": "repfair_keras.data.images.loaders.tfds_images:load_mnist",
        "svhn": "repfair_keras.data.images.loaders.tfds_images:load_svhn",
        "cifar10": "repfair_keras.data.images.loaders.tfds_images:load_cifar10",
        "colour_mnist": "repfair_keras.data.images.loaders.tfds_images:load_colour_mnist",
        "biased_colour_mnist": "repfair_keras.data.images.loaders.tfds_images:load_biased_colour_mnist",
        "celeb_a": "repfair_keras.data.images.loaders.celeb_a:load",
        "folder": "repfair_keras.data.images.loaders.folder:load",
        "npz": "repfair_keras.data.images.loaders.npz:load",
        "diabetes": "repfair_keras.data.tables.loaders.diabetes:load",
        "adult": "repfair_keras.data.tables.loaders.adult:load",
        "compas": "repfair_keras.data.tables.loaders.compas:load",
        "csv": "repfair_keras.data.tables.loaders.csv:load",
    },
    "grouping": {
        "invert": "repfair_keras.data.images.transforms:INVERT",
        "shade": "repfair_keras.data.images.transforms:SHADE",
        "colour": "repfair_keras.data.images.transforms:COLOUR",
        "biased_colour": "repfair_keras.data.images.transforms:BIASED_COLOUR",
    },
    "method": {
        "gan": "repfair_keras.methods.gan:gan",
        "repfair": "repfair_keras.methods.repfair:repfair",
        "alternation_only": "repfair_keras.methods.repfair:alternation_only",
        "clipping_only": "repfair_keras.methods.repfair:clipping_only",
        "group_balanced": "repfair_keras.methods.gan:group_balanced",
        "group_cgan": "repfair_keras.methods.gan:group_cgan",
        "stacked_gan": "repfair_keras.methods.stacked_gan:stacked_gan",
        "boosted_gan": "repfair_keras.methods.boosted_gan:boosted_gan",
        "fair_vae": "repfair_keras.methods.fair_latent.fair_vae:fair_vae",
        "fld_wgan_gp": "repfair_keras.methods.fair_latent.latent_gan:fld_wgan_gp",
        "fld_lsgan": "repfair_keras.methods.fair_latent.latent_gan:fld_lsgan",
        "fld_dm": "repfair_keras.methods.fair_latent.diffusion:fld_dm",
    },
    "paper_figure": {
        "1": "repfair_keras.papers.repfair.fig1_gradient_norms:FIGURE",
        "2": "repfair_keras.papers.repfair.fig2_groups:FIGURE",
        "3": "repfair_keras.papers.repfair.fig3_clipped_norms:FIGURE",
        "4": "repfair_keras.papers.repfair.fig4_class_shares:FIGURE",
        "5": "repfair_keras.papers.repfair.fig5_equal_shares:FIGURE",
        "6": "repfair_keras.papers.repfair.fig6_photographs:FIGURE",
        "7": "repfair_keras.papers.repfair.fig7_digits:FIGURE",
        "8": "repfair_keras.papers.repfair.fig8_bound:FIGURE",
        "9": "repfair_keras.papers.repfair.fig9_unequal_shares:FIGURE",
        "ablations": "repfair_keras.papers.repfair.ablations:FIGURE",
        "over_training": "repfair_keras.papers.repfair.over_training:FIGURE",
        "gans_1": "repfair_keras.papers.fairness_of_gans.fig1_digits:FIGURE",
        "gans_2": "repfair_keras.papers.fairness_of_gans.fig2_photographs:FIGURE",
        "gans_3": "repfair_keras.papers.fairness_of_gans.fig3_equal_groups:FIGURE",
        "gans_4": "repfair_keras.papers.fairness_of_gans.fig4_unequal_groups:FIGURE",
        "gans_5": "repfair_keras.papers.fairness_of_gans.fig5_photographs:FIGURE",
        "gans_methods": "repfair_keras.papers.fairness_of_gans.methods:FIGURE",
        "fld_adult": "repfair_keras.papers.fldgm.adult:FIGURE",
        "fld_compas": "repfair_keras.papers.fldgm.compas:FIGURE",
        "fld_alpha": "repfair_keras.papers.fldgm.alpha:FIGURE",
        "fld_codes": "repfair_keras.papers.fldgm.latents:FIGURE",
        "fld_colours": "repfair_keras.papers.fldgm.colours:FIGURE",
    },
    "figure": {
        "representation": "repfair_keras.figures.representation:draw",
        "quality": "repfair_keras.figures.quality:draw",
        "class_quality": "repfair_keras.figures.class_quality:draw",
        "confusion": "repfair_keras.figures.confusion:draw",
        "intersections": "repfair_keras.figures.intersections:draw",
        "asked": "repfair_keras.figures.asked:draw",
        "codes": "repfair_keras.figures.codes:draw",
        "downstream": "repfair_keras.figures.downstream:draw",
        "nearest": "repfair_keras.figures.nearest:draw",
        "gradient_norms": "repfair_keras.figures.gradient_norms:draw",
        "losses": "repfair_keras.figures.losses:draw",
        "shares_over_training": "repfair_keras.figures.shares_over_training:draw",
        "groups": "repfair_keras.figures.groups:draw",
    },
}


def names(kind):
    """Returns the known names of a kind (`"dataset"`, `"grouping"`, `"method"`, `"figure"`)."""
    return tuple(REGISTRY[kind])


def is_table(dataset):
    """Whether a data set is a table: its loader lives where those of tables do. Others are images."""
    return REGISTRY["dataset"].get(dataset, "").startswith("repfair_keras.data.tables.")


def check_name(kind, name):
    """Raises `InputError`, listing the known names, if `name` is not one of them."""
    if name not in REGISTRY[kind]:
        close = difflib.get_close_matches(str(name), names(kind), n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise InputError(f"unknown {kind} {name!r}.{hint} Known: {', '.join(names(kind))}.")


def lookup(kind, name):
    """Returns the object that `name` stands for.

    Raises:
        InputError: if the name is not known; the message lists the known ones.
    """
    check_name(kind, name)
    module, attribute = REGISTRY[kind][name].split(":")
    return getattr(importlib.import_module(module), attribute)

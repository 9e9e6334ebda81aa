"""Names that users type, and what each stands for. A module is imported on first use only.

What this package brings stands in `REGISTRY`, one line each. Methods, data sets and extractors of features from
outside come by entry points of the groups in `ENTRY_POINTS`, or by `register` in the same process, which
`register_method` and `register_dataset` do.
"""

import difflib
import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points

from repfair_keras.core.errors import InputError

IMAGES, TABLES = "images", "tables"

REGISTRY = {
    "image_dataset": {
        "mnist_5k": "repfair_keras.data.images.loaders.mnist_5k:load",
        "mnist": "repfair_keras.data.images.loaders.tfds_images:load_mnist",
        "fashion_mnist": "repfair_keras.data.images.loaders.tfds_images:load_fashion_mnist",
        "svhn": "repfair_keras.data.images.loaders.tfds_images:load_svhn",
        "cifar10": "repfair_keras.data.images.loaders.tfds_images:load_cifar10",
        "colour_mnist": "repfair_keras.data.images.loaders.tfds_images:load_colour_mnist",
        "biased_colour_mnist": "repfair_keras.data.images.loaders.tfds_images:load_biased_colour_mnist",
        "celeb_a": "repfair_keras.data.images.loaders.celeb_a:load",
        "folder": "repfair_keras.data.images.loaders.folder:load",
        "npz": "repfair_keras.data.images.loaders.npz:load",
        "arrays": "repfair_keras.data.in_memory:load",
    },
    "table_dataset": {
        "diabetes": "repfair_keras.data.tables.loaders.diabetes:load",
        "adult": "repfair_keras.data.tables.loaders.adult:load",
        "compas": "repfair_keras.data.tables.loaders.compas:load",
        "bank": "repfair_keras.data.tables.loaders.bank:load",
        "german": "repfair_keras.data.tables.loaders.german:load",
        "law_school": "repfair_keras.data.tables.loaders.law_school:load",
        "csv": "repfair_keras.data.tables.loaders.csv:load",
        "dataframe": "repfair_keras.data.in_memory:load",
    },
    "modality": {
        IMAGES: "repfair_keras.modalities.images:ImageModality",
        TABLES: "repfair_keras.modalities.tables:TableModality",
    },
    "grouping": {
        "invert": "repfair_keras.data.images.transforms:INVERT",
        "shade": "repfair_keras.data.images.transforms:SHADE",
        "colour": "repfair_keras.data.images.transforms:COLOUR",
        "biased_colour": "repfair_keras.data.images.transforms:BIASED_COLOUR",
    },
    "method": {
        "gan": "repfair_keras.methods.catalog:GAN",
        "repfair": "repfair_keras.methods.catalog:REPFAIR",
        "alternation_only": "repfair_keras.methods.catalog:ALTERNATION_ONLY",
        "clipping_only": "repfair_keras.methods.catalog:CLIPPING_ONLY",
        "group_balanced": "repfair_keras.methods.catalog:GROUP_BALANCED",
        "real_step": "repfair_keras.methods.catalog:REAL_STEP",
        "group_cgan": "repfair_keras.methods.catalog:GROUP_CGAN",
        "stacked_gan": "repfair_keras.methods.catalog:STACKED_GAN",
        "boosted_gan": "repfair_keras.methods.catalog:BOOSTED_GAN",
        "fair_vae": "repfair_keras.methods.catalog:FAIR_VAE",
        "fld_wgan_gp": "repfair_keras.methods.catalog:FLD_WGAN_GP",
        "fld_lsgan": "repfair_keras.methods.catalog:FLD_LSGAN",
        "fld_dm": "repfair_keras.methods.catalog:FLD_DM",
        "cart": "repfair_keras.methods.catalog:CART",
        "fair_trees": "repfair_keras.methods.catalog:FAIR_TREES",
        "tab_ddpm": "repfair_keras.methods.catalog:TAB_DDPM",
        "tab_fairgan": "repfair_keras.methods.catalog:TAB_FAIRGAN",
    },
    "extractor": {
        "inception": "repfair_keras.evaluation.images.imagenet:inception",
        "convnext": "repfair_keras.evaluation.images.imagenet:convnext",
    },
    "network": {
        "cgan": "repfair_keras.networks.pairs:CGAN",
        "dcgan": "repfair_keras.networks.pairs:DCGAN",
        "resnet": "repfair_keras.networks.pairs:RESNET",
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
        "confirm": "repfair_keras.papers.repfair.confirm:FIGURE",
        "mechanism": "repfair_keras.papers.registered.mechanism:FIGURE",
        "toy": "repfair_keras.papers.registered.toy:FIGURE",
        "yoked": "repfair_keras.papers.registered.yoked:FIGURE",
        "regimes": "repfair_keras.papers.registered.regimes:FIGURE",
        "stacked": "repfair_keras.papers.registered.stacked:FIGURE",
        "today": "repfair_keras.papers.registered.today:FIGURE",
        "today_hinge": "repfair_keras.papers.registered.today_hinge:FIGURE",
        "paper_rate": "repfair_keras.papers.registered.paper_rate:FIGURE",
        "paper_rate_high": "repfair_keras.papers.registered.paper_rate_high:FIGURE",
        "house_numbers": "repfair_keras.papers.repfair.house_numbers:FIGURE",
        "fashion": "repfair_keras.papers.registered.fashion:FIGURE",
        "search": "repfair_keras.papers.registered.search:FIGURE",
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
        "real_adult": "repfair_keras.papers.fldgm.real_adult:FIGURE",
        "fld_codes": "repfair_keras.papers.fldgm.latents:FIGURE",
        "fld_colours": "repfair_keras.papers.fldgm.colours:FIGURE",
        "tables_arena": "repfair_keras.papers.tables.arena:FIGURE",
    },
    "figure": {
        "representation": "repfair_keras.figures.representation:FIGURE",
        "quality": "repfair_keras.figures.quality:FIGURE",
        "class_quality": "repfair_keras.figures.class_quality:FIGURE",
        "confusion": "repfair_keras.figures.confusion:FIGURE",
        "intersections": "repfair_keras.figures.intersections:FIGURE",
        "asked": "repfair_keras.figures.asked:FIGURE",
        "columns": "repfair_keras.figures.table_columns:FIGURE",
        "codes": "repfair_keras.figures.codes:FIGURE",
        "downstream": "repfair_keras.figures.downstream:FIGURE",
        "utility": "repfair_keras.figures.utility:FIGURE",
        "privacy": "repfair_keras.figures.privacy:FIGURE",
        "nearest": "repfair_keras.figures.nearest:FIGURE",
        "gradient_norms": "repfair_keras.figures.gradient_norms:FIGURE",
        "losses": "repfair_keras.figures.losses:FIGURE",
        "shares_over_training": "repfair_keras.figures.shares_over_training:FIGURE",
        "groups": "repfair_keras.figures.groups:FIGURE",
    },
}

ENTRY_POINTS = {
    "method": "repfair_keras.methods",
    "dataset": "repfair_keras.datasets",
    "extractor": "repfair_keras.extractors",
    "network": "repfair_keras.networks",
}
_REGISTERED = {"method": {}, "dataset": {}, "extractor": {}, "network": {}}


@dataclass(frozen=True)
class DatasetLoader:
    """A data set that comes from outside of this package.

    Args:
        load: function from `data_dir` (a path or `None`) to `RawImages` or `RawTable`.
        modality: `"images"` or `"tables"`.
    """

    load: Callable
    modality: str


def names(kind):
    """Returns the known names of a kind, those from outside last: a tuple.

    Args:
        kind: `"dataset"` or a key of `REGISTRY`.

    Examples:
        >>> from repfair_keras.registry import names
        >>> names("grouping")
        ('invert', 'shade', 'colour', 'biased_colour')
    """
    return tuple(dict.fromkeys((*_ours(kind), *_REGISTERED.get(kind, ()), *_from_entry_points(kind))))


def lookup(kind, name):
    """Returns the object that `name` stands for; of a data set its loader.

    Raises:
        InputError: if the name is not known; the message lists the known ones.
    """
    check_name(kind, name)
    kinds = ("image_dataset", "table_dataset") if kind == "dataset" else (kind,)
    for table in (REGISTRY[table] for table in kinds):
        if name in table:
            return resolve(table[name])
    thing = _from_outside(kind, name)
    return thing.load if kind == "dataset" else thing


def modality_name(dataset):
    """Returns `"images"` or `"tables"`, what a data set of this name is.

    Raises:
        InputError: if the name is not known.
    """
    check_name("dataset", dataset)
    if dataset in REGISTRY["image_dataset"]:
        return IMAGES
    return TABLES if dataset in REGISTRY["table_dataset"] else _from_outside("dataset", dataset).modality


def imported_methods():
    """Returns every `Method` that is known without importing somebody else's package: a list."""
    return [lookup("method", name) for name in REGISTRY["method"]] + list(_REGISTERED["method"].values())


def check_name(kind, name):
    """Raises `InputError`, listing the known names, if `name` is not one of them."""
    known = names(kind)
    if name not in known:
        raise InputError(f"unknown {kind} {name!r}.{did_you_mean(name, known)} Known: {', '.join(known)}.")


def did_you_mean(name, known):
    """Returns a sentence that names the known name closest to a mistyped one; an empty text without any."""
    close = difflib.get_close_matches(str(name), known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def register(kind, name, thing):
    """Makes a method or a data set known under a name in this process; a second time, in its place.

    Args:
        kind: `"method"`, `"dataset"`, `"extractor"` or `"network"`.
        name: what users type; letters, digits and underscores.
        thing: `methods.method.Method`, `DatasetLoader`, `networks.network.Network`, or a function from
            `(image_shape, layer)` to a `evaluation.images.users_model.UsersModel`, or to what has its attributes.

    Raises:
        InputError: if the name is one of this package's own, or cannot be typed as an option.
    """
    if name in _ours(kind):
        raise InputError(f"{kind} {name!r} exists in this package already: choose another name.")
    if not str(name).isidentifier():
        raise InputError(
            f"{kind} {name!r}: expected a name of letters, digits and underscores, as my_{kind}."
        )
    _REGISTERED[kind][name] = thing
    return thing


def register_dataset(name: str, *, modality: str) -> Callable:
    """Makes a function the loader of a data set under a name that `train`, `sweep` and `evaluate` know.

    Args:
        name: what users type as `--dataset`.
        modality: `"images"`, for a function from `data_dir` to `RawImages`, or `"tables"`, for one to `RawTable`.

    Returns:
        A decorator; the function becomes a `DatasetLoader`.

    Raises:
        InputError: if the name is taken, or there is no such modality.

    Examples:
        >>> import numpy as np, repfair_keras as rf
        >>> @rf.register_dataset("noise", modality="images")
        ... def load(data_dir=None):
        ...     pixels = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), dtype=np.uint8)
        ...     return rf.RawImages("noise", "40 images of noise.", pixels, default_grouping="invert")
        >>> rf.load_dataset("noise").group_names
        ('black', 'white')
    """
    check_name("modality", modality)

    def decorate(load):
        return register("dataset", name, DatasetLoader(load, modality))

    return decorate


def resolve(place):
    """Returns the object at `module:attribute`."""
    module, attribute = place.split(":")
    return getattr(importlib.import_module(module), attribute)


def _ours(kind):
    return (*REGISTRY["image_dataset"], *REGISTRY["table_dataset"]) if kind == "dataset" else REGISTRY[kind]


@functools.cache
def _from_entry_points(kind):
    if kind not in ENTRY_POINTS:
        return {}
    return {entry.name: entry for entry in entry_points(group=ENTRY_POINTS[kind])}


def _from_outside(kind, name):
    if name not in _REGISTERED[kind]:
        entry = _from_entry_points(kind)[name]
        try:
            thing = entry.load()  # its module may register the name itself
        except Exception as error:  # whatever somebody else's module may raise
            raise InputError(
                f"{kind} {name!r} is promised by {entry.value}, which cannot be imported "
                f"({type(error).__name__}: {error}): mend or uninstall that package."
            ) from error
        _REGISTERED[kind].setdefault(name, thing)
    return _REGISTERED[kind][name]

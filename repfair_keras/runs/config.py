"""The typed configuration of a run: every field is a flag and may stand in a YAML file."""

import dataclasses
import math
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.registry import check_name

PRESETS = ("small", "paper")


@dataclass(frozen=True)
class Config:
    """Settings of one run. Those that default to null are taken from the preset or the data set.

    Args:
        dataset: name of the data set: mnist_5k, mnist, colour_mnist, biased_colour_mnist, svhn, cifar10,
            celeb_a, folder, npz; of tables: diabetes, adult, compas, csv.
        data_dir: folder of tensorflow-datasets; for `folder`, the images; for `npz` and `csv`, the file.
        grouping: how groups are made: invert, shade, colour, biased_colour, or a column of the data.
        strength: of grouping biased_colour: how strongly the class decides the colour, in [0, 1]; null: 0.9.
        target_column: of a table: column that downstream classifiers predict; null: the data set's own.
        drop: of a table: columns to leave out.
        categorical: of a table: columns of numbers that are categories.
        numeric: of a table: columns of text that are numbers.
        missing: of a table: refuse missing values, or keep them as a category.
        n_bins: of a table: bins of a column of numbers, at least 2.
        share: share of the second group in (0, 1), or one share per group; null: equal, or as in the data.
        use_labels: whether the networks see class labels; null: where there are any, not for svhn, cifar10.
        method: training method: gan, repfair, alternation_only, clipping_only, group_balanced, group_cgan,
            stacked_gan, boosted_gan, fair_vae, fld_wgan_gp, fld_lsgan or fld_dm.
        max_grad_norm: C, the bound on the norm of the discriminator's gradient; above 0.
        clip_fake: whether the step on generated images is bounded too.
        clip_scope: one norm over all variables (global, the paper), or one per variable (an ablation).
        encoder_epochs: passes over the data in which a stacked GAN's encoder learns the classes.
        alpha: log10 of the weight of the penalty that makes codes fair; -.inf: none. The penalty falls with
            the dimensions of a code, at first by 0.55 in log10 for each.
        code_size: dimensions of a code, 2 to 48; more with an alpha of -.inf.
        vae_epochs: passes over the data in which the fair encoder is trained, before a generator of codes;
            give this or `vae_steps`.
        vae_steps: iterations in which it is; give this or `vae_epochs`.
        encoder_rate: Adam's rate for the fair encoder.
        diffusion_steps: steps from noise to a code, when a diffusion model is sampled.
        base_method: method of each generator of a boosted ensemble.
        n_generators: generators of a boosted ensemble at most, at least 2; fewer if `probe` images of it
            have shares that may be on target.
        memory: images of each earlier generator that a new one is kept away from (m of eq. 3).
        theta_weight: weight of that regulariser, above 0 (part of Phi of eq. 3).
        selection: what eq. 5 tells generators apart by: brightness, log_density or printed (as in the paper).
        preset: small (CPU) or paper; gives the settings below that are null.
        epochs: passes over the data; give this or `steps`.
        steps: iterations of the algorithm; give this or `epochs`.
        batch_size: images per batch.
        latent_size: length of the noise vector.
        filters: filters of every convolution.
        d_kernel: kernel size of the discriminator.
        g_kernel: kernel size of the generator's transposed convolutions.
        last_kernel: kernel size of the generator's last convolution.
        dropout: dropout before the discriminator's logit, in [0, 1).
        label_scale: standard deviation of the label embeddings' initial entries.
        d_learning_rate: Adam's rate for the discriminator.
        g_learning_rate: Adam's rate for the generator.
        beta_1: Adam's first momentum, in [0, 1).
        n: generated images that the report counts.
        probe: generated images measured every few epochs, for the log; 0: none.
        confidence: below this confidence of the classifier an image's group is undecided, in [0, 1).
        target: shares that the report compares with, given as `share` is; null: equal shares.
        cross: a second attribute, a column of your own data, for intersectional tables.
        instruments: folder of an evaluated run on the same data whose classifier and extractor to use.
        seed: seed of everything: groups, weights, order, noise, samples.
        steps_per_execution: steps per call of the compiled function; null: up to 16. No result depends on it.
        jit_compile: whether to compile training with XLA: on CPU slower for images, faster for tables.
    """

    dataset: str = "mnist_5k"
    data_dir: str | None = None
    grouping: str | None = None
    strength: float | None = None
    target_column: str | None = None
    drop: list[str] | None = None
    categorical: list[str] | None = None
    numeric: list[str] | None = None
    missing: Literal["refuse", "category"] = "refuse"
    n_bins: int = 8
    share: float | list[float] | None = None
    use_labels: bool | None = None
    method: str = "repfair"
    max_grad_norm: float = 2.0
    clip_fake: bool = False
    clip_scope: Literal["global", "variable"] = "global"
    encoder_epochs: int = 2
    alpha: float = 7.0
    code_size: int = 8
    vae_epochs: int | None = None
    vae_steps: int | None = None
    encoder_rate: float = 0.001
    diffusion_steps: int = 50
    base_method: str = "gan"
    n_generators: int = 3
    memory: int = 256
    theta_weight: float = 300.0
    selection: Literal["brightness", "log_density", "printed"] = "brightness"
    preset: str = "small"
    epochs: int | None = None
    steps: int | None = None
    batch_size: int | None = None
    latent_size: int | None = None
    filters: int | None = None
    d_kernel: int | None = None
    g_kernel: int | None = None
    last_kernel: int | None = None
    dropout: float | None = None
    label_scale: float | None = None
    d_learning_rate: float | None = None
    g_learning_rate: float | None = None
    beta_1: float | None = None
    n: int = 10_000
    probe: int = 1000
    confidence: float = 0.9
    target: float | list[float] | None = None
    cross: str | None = None
    instruments: str | None = None
    seed: int = 0
    steps_per_execution: int | None = None
    jit_compile: bool = False

    def resolve(self):
        """Returns the configuration with the preset's values in place of nulls, checked.

        Raises:
            InputError: for an unknown name or a value out of range; the message says what is expected.
        """
        values = load_preset(self.preset, self.method)
        given = {key: value for key, value in dataclasses.asdict(self).items() if value is not None}
        for name in ("data_dir", "instruments"):  # so that the stored file holds anywhere
            if name in given:
                given[name] = str(Path(given[name]).expanduser().absolute())
        resolved = dataclasses.replace(self, **in_place_of(values, given))
        resolved.check()
        return resolved

    def check(self):
        """Raises `InputError` for an unknown name or a value out of range."""
        check_name("dataset", self.dataset)
        check_name("method", self.method)
        check_name("method", self.base_method)
        for pair in LENGTHS:
            values = [getattr(self, name) for name in pair]
            none_needed = pair == ENCODER_LENGTH and values == [None, None]  # few methods have an encoder
            name, given = " and ".join(pair), " and ".join(map(str, values))
            _check(values.count(None) == 1 or none_needed, name, given, "one of the two, null the other")
        for name in POSITIVE_INTEGERS:
            value = getattr(self, name)
            if value is not None:
                _check(value >= 1, name, value, "an integer of at least 1")
        _check(self.n_bins >= 2, "n_bins", self.n_bins, "an integer of at least 2")
        _check(self.n_generators >= 2, "n_generators", self.n_generators, "an integer of at least 2")
        for name in (
            "max_grad_norm",
            "d_learning_rate",
            "g_learning_rate",
            "label_scale",
            "theta_weight",
            "encoder_rate",
        ):
            value = getattr(self, name)
            _check(value > 0, name, value, "a number above 0")  # false for NaN
        _check(self.alpha <= 30, "alpha", self.alpha, "a number up to 30, or -.inf for none")
        _check(self.code_size >= 2, "code_size", self.code_size, "an integer of at least 2")
        underflows = self.code_size > LONGEST_CODE and self.alpha > -math.inf
        expected = f"at most {LONGEST_CODE}, as the penalty of longer codes underflows, or alpha -.inf"
        _check(not underflows, "code_size", self.code_size, expected)
        for name in ("dropout", "beta_1", "confidence"):
            _check(0 <= getattr(self, name) < 1, name, getattr(self, name), "a number in [0, 1)")
        for name in ("d_learning_rate", "g_learning_rate", "label_scale", "theta_weight", "encoder_rate"):
            _check(math.isfinite(getattr(self, name)), name, getattr(self, name), "a finite number")
        _check(self.probe >= 0, "probe", self.probe, "an integer of at least 0")
        _check(0 <= self.seed < 2**31, "seed", self.seed, "an integer in [0, 2^31)")

    def to_yaml(self):
        """Returns the configuration as YAML, in the order of the fields."""
        return yaml.safe_dump(dataclasses.asdict(self), sort_keys=False)


# The penalty's kernel is (4 pi)^(-d/2) for two codes at 0, as they are at first, with the weight 1/n^2 in a
# batch of n: 1e-33 for 48 dimensions and 2,048 rows, 0 in single precision for 64.
LONGEST_CODE = 48
LENGTH, ENCODER_LENGTH = ("epochs", "steps"), ("vae_epochs", "vae_steps")  # either, or
LENGTHS = (LENGTH, ENCODER_LENGTH)
POSITIVE_INTEGERS = (
    "epochs",
    "steps",
    "batch_size",
    "latent_size",
    "filters",
    "d_kernel",
    "g_kernel",
    "last_kernel",
    "n",
    "steps_per_execution",
    "encoder_epochs",
    "code_size",
    "vae_epochs",
    "vae_steps",
    "diffusion_steps",
    "memory",
)


def load_preset(name, method):
    """Returns a preset's values by field name: those for all methods, and those for one in their place.

    Args:
        name: name of the preset.
        method: name of the method; of an unknown one, the values for all.

    Raises:
        InputError: if the name is not known.
    """
    if name not in PRESETS:
        raise InputError(f"unknown preset {name!r}. Known: {', '.join(PRESETS)}.")
    text = resources.files("repfair_keras.runs").joinpath("presets", f"{name}.yaml").read_text("utf-8")
    values = yaml.safe_load(text)
    of_methods = values.pop("methods")
    return in_place_of(values, of_methods.get(str(method), {}))


def in_place_of(values, others):
    """Returns values with others in their place; a length takes the place of its pair."""
    replaced = {name for pair in LENGTHS if not others.keys().isdisjoint(pair) for name in pair}
    return {**{name: value for name, value in values.items() if name not in replaced}, **others}


def config_from_dict(values):
    """Returns the `Config` that `Config.to_yaml` wrote.

    Raises:
        InputError: if a key is not known.
    """
    known = [field.name for field in dataclasses.fields(Config)]
    if not isinstance(values, dict):
        raise InputError(
            f"the configuration is {values!r}: expected keys and values. Known: {', '.join(known)}."
        )
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise InputError(f"unknown configuration key {unknown[0]!r}. Known: {', '.join(known)}.")
    return Config(**values)


def _check(condition, name, value, expected):
    if not condition:
        raise InputError(f"{name} is {value}: expected {expected}.")

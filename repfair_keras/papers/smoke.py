"""Tiny runs in the place of those of a sweep: the same way, in seconds, on digits that need no download."""

from repfair_keras.registry import IMAGES, TABLES
from repfair_keras.runs.config import Config, configure, in_place_of

TINY = {
    "dataset": "mnist_5k",
    "data_dir": None,
    "jit_compile": False,
    "seed": 0,
    "steps": 48,
    "n": 400,
    "probe": 100,
    "instrument_steps": 50,
    "figures": False,
    "filters": 4,
    "latent_size": 8,
    "encoder_epochs": 1,
    "n_generators": 2,
    "memory": 64,
}
# Of methods that generate latents, and of tables: other data, larger batches.
TINY_LATENTS = {"vae_epochs": None, "vae_steps": 8, "batch_size": 64, "code_size": 8}
TINY_TABLE = {"dataset": "diabetes", "grouping": None, "figures": True}  # one of them is its picture
MOST, OF_A_BLOCK = 7, 2  # runs of a sweep, and of a registered one, of which there are many alike
ENDS = ("max_grad_norm", "share", "alpha")  # of whose values the smallest and the largest are enough
GROUPINGS = {
    **dict.fromkeys(("mnist", "mnist_5k"), "invert"),
    **dict.fromkeys(("svhn", "cifar10"), "shade"),
    "colour_mnist": "colour",
    "biased_colour_mnist": "biased_colour",
}
# Arguments of `data.load.load` in the place of the data sets that figures show.
SMOKE_TABLE = "diabetes"
SMOKE_DATA = {"mnist": ("mnist_5k", None, "invert"), "svhn": ("mnist_5k", None, "shade", None, 0, False)}


def smoke_configs(configs: list[Config], most: int = MOST) -> list[Config]:
    """Returns tiny versions of a sweep's configurations: the first seed, the ends of its ranges.

    Of runs on latents of images, which take the longest, the first and the last; of more than `most`, every second, or
    third, and so on.
    """
    kept = [config for config in configs if config.training.seed == configs[0].training.seed]
    for name in ENDS:
        values = {config.flat().get(name) for config in kept}
        if None not in values:
            kept = [config for config in kept if config.flat()[name] in (min(values), max(values))]
    if kept and not kept[0].method.makes_images and kept[0].modality.name == IMAGES:
        kept = [kept[0], kept[-1]]
    return [_tiny(config) for config in kept[:: -(-len(kept) // most)]]


def _tiny(config):
    values = in_place_of(config.flat(), TINY)
    if not config.method.makes_images:
        values = in_place_of(values, TINY_LATENTS)
    if config.modality.name == TABLES:
        return configure({**values, **TINY_TABLE}, unread="drop")
    grouping = config.data.grouping or GROUPINGS[config.data.dataset]
    return configure({**values, "use_labels": None, "grouping": grouping}, unread="drop")


def smoke_registered(registered):
    """Returns a registration whose arms are told by what tiny runs leave as it is."""
    changed = {**TINY, **TINY_LATENTS, **TINY_TABLE}
    arms = {
        name: arm.model_copy(update={"settings": {k: v for k, v in arm.settings.items() if k not in changed}})
        for name, arm in registered.plan.arms.items()
    }
    return registered._replace(plan=registered.plan.model_copy(update={"arms": arms}))

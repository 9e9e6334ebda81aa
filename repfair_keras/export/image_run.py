"""A run's generator, exported with what its evaluation elsewhere needs."""

from repfair_keras.core.files import replacing, write_json
from repfair_keras.export.image_endpoints import export_generator
from repfair_keras.export.saved_model import METADATA
from repfair_keras.networks.conditions import condition_names
from repfair_keras.networks.thin_conv import with_plain_layers
from repfair_keras.registry import names


def export_run(generator, config, run, data, step, raw=None):
    """Writes a run's generator as `.keras` and as SavedModel, with `repfair.json` beside it.

    Where it is an average of weights, `raw`, the generator of the last step, is kept as `generator_raw.keras`.
    """
    if raw is not None:
        with replacing(run.generator_raw) as temporary:
            with_plain_layers(raw).save(temporary)
    told = condition_names(generator)
    with replacing(run.generator_keras) as temporary:
        with_plain_layers(generator).save(temporary)
    metadata = {
        "config": _elsewhere(config).to_yaml(),  # YAML can spell infinity
        "steps": step,
        "source": data.source,
        "grouping": data.grouping,
        "groups": list(data.group_names),
        "rules": list(data.rules),
        "class_names": list(data.class_names) if "label" in told else [],
        "image_shape": list(data.image_shape),
        "latent_size": generator.inputs[0].shape[-1],
    }
    with replacing(run.generator) as temporary:
        numbers = data.n_classes if "label" in told else 0, data.n_groups if "group" in told else 0
        export_generator(generator, temporary, *numbers)
        write_json(temporary / METADATA, metadata)


def _elsewhere(config):
    """The configuration without what is on this machine alone."""
    places = {"data_dir": None, "instruments": None, "classifier": None, "classifier_groups": None}
    if config.evaluation.extractor not in (type(config.evaluation).extractor, *names("extractor")):
        places |= {"extractor": None, "extractor_layer": None}
    return config.replace(**places)

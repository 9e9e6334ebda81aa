"""A run's generator of rows, exported with what its evaluation elsewhere needs."""

from repfair_keras.core.files import replacing, write_json
from repfair_keras.export.saved_model import METADATA
from repfair_keras.export.table_endpoints import export_table


def export_run(generator, config, run, data, step):
    """Writes a run's generator as `.keras` and as SavedModel, `repfair.json` and `schema.json` beside it."""
    with replacing(run.generator_keras) as temporary:
        generator.save(temporary)
    metadata = {
        "config": config.replace(data_dir=None).to_yaml(),
        "steps": step,
        "source": data.source,
        "groups": list(data.group_names),
        "columns": data.schema.names,
        "sensitive": data.schema.sensitive,
        "target": data.schema.target,
        "latent_size": generator.inputs[0].shape[-1],
    }
    with replacing(run.generator) as temporary:
        export_table(generator, temporary, data.schema, data.shares)
        write_json(temporary / METADATA, metadata)

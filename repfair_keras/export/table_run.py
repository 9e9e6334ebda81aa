"""A run's generator of rows, exported with what its evaluation elsewhere needs."""

from repfair_keras.core.files import replacing, write_json
from repfair_keras.data.tables.joint import Joint
from repfair_keras.export.row_endpoints import export_rows
from repfair_keras.export.saved_model import METADATA
from repfair_keras.export.table_endpoints import export_table
from repfair_keras.networks.row_generator import RowGenerator


def export_run(generator, config, run, data, step):
    """Writes a run's generator as `.keras` and as SavedModel, `repfair.json` and `schema.json` beside it."""
    if isinstance(generator, RowGenerator):
        return _export_rows(generator, config, run, data, step)
    with replacing(run.generator_keras) as temporary:
        generator.save(temporary)
    metadata = {**_metadata(config, data, step), "latent_size": generator.inputs[0].shape[-1]}
    with replacing(run.generator) as temporary:
        export_table(generator, temporary, data.schema, data.shares)
        write_json(temporary / METADATA, metadata)


def _export_rows(generator, config, run, data, step):
    """Writes a `RowGenerator` as SavedModel; how often what it is told occurs together stands beside it."""
    joint = Joint.of(data, generator.told)
    with replacing(run.generator) as temporary:
        export_rows(generator, temporary, data.schema, joint)
        write_json(temporary / METADATA, {**_metadata(config, data, step), "told": joint.to_dict()})


def _metadata(config, data, step):
    return {
        "config": config.replace(data_dir=None).to_yaml(),
        "steps": step,
        "source": data.source,
        "groups": list(data.group_names),
        "columns": data.schema.all_names,
        "sensitive": data.schema.sensitive,
        "target": data.schema.target,
    }

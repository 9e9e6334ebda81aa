"""Writes a `RowGenerator` as a SavedModel that samples without this package, and the schema beside it."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from repfair_keras.core.files import write_text
from repfair_keras.core.random_streams import Stream
from repfair_keras.export.image_endpoints import N_SPEC, SEED_SPEC
from repfair_keras.export.saved_model import SCHEMA


def export_rows(generator, folder, schema, joint):
    """Writes a generator of rows as a SavedModel, and `schema.json` beside it.

    Endpoints, each a dict of `codes`, the category ids of all columns in the schema's order, int32, shape
    `(n, n_columns)`:
    `sample(n, seed)`: n rows, what the generator is told drawn as it occurs in the training rows; also the default
    serving signature.
    `sample_told(told, seed)`: a row for each row of what it is told, int32, shape `(n, columns that it is told)`.
    The same arguments give the same bytes on the same machine.

    Args:
        generator: `RowGenerator`.
        folder: where the SavedModel is written; must not exist.
        schema: `Schema` of the rows.
        joint: `Joint` of the columns that it is told.
    """
    module = _Endpoints(generator, joint)
    tf.saved_model.save(module, str(folder), signatures=module.sample)
    write_text(Path(folder) / SCHEMA, schema.to_json())


class _Endpoints(tf.Module):
    """The functions of `export_rows`; the names of their arguments are those of the SavedModel."""

    def __init__(self, generator, joint):
        super().__init__()
        self.generator = generator
        width = len(generator.told)
        ends, cells = np.cumsum(joint.wanted.ravel())[:-1], joint.codes_of(np.arange(joint.rows.size))

        def sample(n, seed):
            uniform = tf.random.stateless_uniform((n,), tf.stack([seed, int(Stream.SAMPLE_GROUPS)]))
            cell = tf.searchsorted(tf.constant(ends, tf.float32), uniform, side="right")
            told = tf.gather(tf.constant(cells, tf.int32), cell)
            return {"codes": generator.rows(tf.reshape(told, (n, width)), seed)}

        def sample_told(told, seed):
            return {"codes": generator.rows(told, seed)}

        told_spec = tf.TensorSpec((None, width), tf.int32, name="told")
        self.sample = tf.function(sample, input_signature=[N_SPEC, SEED_SPEC], autograph=False)
        self.sample_told = tf.function(sample_told, input_signature=[told_spec, SEED_SPEC], autograph=False)

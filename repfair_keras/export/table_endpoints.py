"""Writes a generator of rows as a SavedModel that samples without this package, and the schema beside it."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.files import write_text
from repfair_keras.core.random_streams import Stream
from repfair_keras.export.image_endpoints import GROUPS_SPEC, N_SPEC, SEED_SPEC, traced
from repfair_keras.export.saved_model import SCHEMA


def export_table(generator, folder, schema, shares):
    """Writes a generator of rows as a SavedModel with sampling endpoints, and `schema.json` beside it.

    Endpoints, each a dict of `codes`, the category ids, int32, shape `(n, n_columns)`, the columns in the
    schema's order, and `groups`, int32, shape `(n,)`:
    `sample(n, seed)`: n rows, groups uniform.
    `sample_marginal(n, seed)`: n rows, groups in the shares of the training rows.
    `sample_groups(groups, seed)`: one row for each group.
    `generate(latents, groups)`: logits of all columns but the group's, `(n, sum of sizes)`; also the default
    serving signature.
    The same arguments give the same bytes on the same machine.

    Args:
        generator: model from `[z, group]` to logits.
        folder: where the SavedModel is written; must not exist.
        schema: `Schema` of the rows.
        shares: shares of the groups in the training rows, shape `(k,)`.
    """
    archive = keras.export.ExportArchive()  # finds the weights; told to track them it writes them twice
    for name, function, specs in _Endpoints(generator, schema, shares).all():
        archive.add_endpoint(name, function, specs)
    archive.write_out(str(folder), verbose=False)
    write_text(Path(folder) / SCHEMA, schema.to_json())


class _Endpoints:
    """The functions of `export_table`; the names of their arguments are those of the SavedModel."""

    def __init__(self, generator, schema, shares):
        self.generator, self.graph, self.shares = generator, traced(generator), shares
        self.places = schema.sensitive_places
        self.of_groups = schema.values_of_groups(
            np.arange(len(shares))
        )  # codes of the columns that make each group
        self.sizes = [size for i, size in enumerate(schema.sizes) if i not in self.places]

    def all(self):
        """Yields `(name, function, input signature)` of every endpoint; `generate` is the first."""
        latents = tf.TensorSpec((None, self._latent_size), tf.float32, name="latents")
        yield "generate", self.generate, [latents, GROUPS_SPEC]
        yield "sample", self.sample, [N_SPEC, SEED_SPEC]
        yield "sample_marginal", self.sample_marginal, [N_SPEC, SEED_SPEC]
        yield "sample_groups", self.sample_groups, [GROUPS_SPEC, SEED_SPEC]

    def generate(self, latents, groups):
        return {"logits": self.graph(latents, groups)}

    def sample(self, n, seed):
        k = len(self.shares)
        return self._sample_shares(n, seed, np.full(k, 1 / k))

    def sample_marginal(self, n, seed):
        return self._sample_shares(n, seed, self.shares)

    def sample_groups(self, groups, seed):
        latents = tf.random.stateless_normal(
            (tf.size(groups), self._latent_size), tf.stack([seed, Stream.SAMPLE_LATENTS])
        )
        logits = self.graph(latents, groups)
        columns = self._categories(logits, seed)
        for number, place in sorted(enumerate(self.places), key=lambda pair: pair[1]):
            columns.insert(place, tf.gather(tf.constant(self.of_groups[:, number]), groups))
        return {"codes": tf.stack(columns, axis=1), "groups": groups}

    @property
    def _latent_size(self):
        return self.generator.inputs[0].shape[-1]

    def _sample_shares(self, n, seed, shares):
        """Rows whose groups are drawn with given shares."""
        uniform = tf.random.stateless_uniform((n,), tf.stack([seed, Stream.SAMPLE_GROUPS]))
        ends = tf.constant(np.cumsum(shares)[:-1], tf.float32)
        return self.sample_groups(tf.searchsorted(ends, uniform, side="right"), seed)

    def _categories(self, logits, seed):
        """Draws a category of every column but the group's, by Gumbel's trick."""
        shape = (tf.shape(logits)[0], sum(self.sizes))
        uniforms = tf.random.stateless_uniform(shape, tf.stack([seed, Stream.SAMPLE_VALUES]), minval=1e-7)
        gumbel = -tf.math.log(-tf.math.log(uniforms))
        columns = tf.split(logits + gumbel, self.sizes, axis=1)
        return [tf.argmax(column, axis=1, output_type=tf.int32) for column in columns]

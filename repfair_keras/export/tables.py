"""A SavedModel that samples rows of a table without this package, and the JSON that makes a table of them."""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import write_text
from repfair_keras.core.random_streams import Stream
from repfair_keras.data.tables.schema import Schema
from repfair_keras.export.images import GROUPS_SPEC, METADATA, N_SPEC, SEED_SPEC, check_given

SCHEMA = "schema.json"
ENDPOINTS = {"uniform": "sample", "marginal": "sample_marginal"}  # of the groups' shares


def export_table(generator, folder, schema, shares):
    """Writes a generator of rows as a SavedModel with sampling endpoints, and `schema.json` beside it.

    Endpoints, each a dict of `codes`, int32, shape `(n, n_columns)`, the columns in the schema's order, and
    `groups`, int32, shape `(n,)`:
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
    place, latent_size = schema.place(schema.sensitive), generator.inputs[0].shape[-1]
    sizes = [size for i, size in enumerate(schema.sizes) if i != place]

    def drawn(groups, seed):
        n = tf.size(groups)
        latents = tf.random.stateless_normal((n, latent_size), tf.stack([seed, Stream.SAMPLE_LATENTS]))
        logits = generator([latents, groups], training=False)
        key = tf.stack([seed, Stream.SAMPLE_VALUES])
        uniforms = tf.random.stateless_uniform((n, sum(sizes)), key, minval=1e-7)
        chosen = tf.split(logits - tf.math.log(-tf.math.log(uniforms)), sizes, axis=1)  # Gumbel's trick
        columns = [tf.argmax(each, axis=1, output_type=tf.int32) for each in chosen]
        columns.insert(place, groups)
        return {"codes": tf.stack(columns, axis=1), "groups": groups}

    def by_share(n, seed, parts):
        uniform = tf.random.stateless_uniform((n,), tf.stack([seed, Stream.SAMPLE_GROUPS]))
        ends = tf.constant(np.cumsum(parts)[:-1], tf.float32)
        return drawn(tf.searchsorted(ends, uniform, side="right"), seed)

    k = len(shares)
    archive = keras.export.ExportArchive()
    archive.track(generator)
    latents_spec = tf.TensorSpec((None, latent_size), tf.float32, name="latents")
    archive.add_endpoint(
        "generate",
        lambda latents, groups: {"logits": generator([latents, groups])},
        [latents_spec, GROUPS_SPEC],
    )
    archive.add_endpoint("sample", lambda n, seed: by_share(n, seed, np.full(k, 1 / k)), [N_SPEC, SEED_SPEC])
    archive.add_endpoint("sample_marginal", lambda n, seed: by_share(n, seed, shares), [N_SPEC, SEED_SPEC])
    archive.add_endpoint("sample_groups", drawn, [GROUPS_SPEC, SEED_SPEC])
    archive.write_out(str(folder), verbose=False)
    write_text(Path(folder) / SCHEMA, schema.to_json())


class TableSampler:
    """An exported generator of rows, loaded.

    Args:
        folder: folder of the SavedModel.

    Raises:
        InputError: if there is no SavedModel of a table in it.
    """

    def __init__(self, folder):
        folder = Path(folder)
        if not (folder / SCHEMA).is_file() or not (folder / "saved_model.pb").is_file():
            raise InputError(
                f"{folder} is not a SavedModel of a table: there is no saved_model.pb, or no {SCHEMA}, in it."
            )
        try:
            self._loaded = tf.saved_model.load(str(folder))
            self.schema = Schema.from_json((folder / SCHEMA).read_text("utf-8"))
            metadata = folder / METADATA
            self.metadata = json.loads(metadata.read_text("utf-8")) if metadata.is_file() else {}
        except (OSError, ValueError, KeyError, TypeError, tf.errors.OpError) as error:
            raise InputError(
                f"the SavedModel in {folder} cannot be read: {error}. Export it again."
            ) from error

    def codes(self, n, seed, groups="uniform"):
        """Draws rows as codes.

        Args:
            n: number of rows.
            seed: seed of the noise.
            groups: `"uniform"`, `"marginal"`: as often as in the training rows; or one for each row, int,
                shape `(n,)`.

        Returns:
            int32, shape `(n, n_columns)`.

        Raises:
            InputError: for groups that are none of these, or that there are not.
        """
        seed = tf.constant(seed, tf.int32)
        if isinstance(groups, str):
            if groups not in ENDPOINTS:
                raise InputError(
                    f"groups is {groups!r}: expected {', '.join(map(repr, ENDPOINTS))}, or one for each row."
                )
            return getattr(self._loaded, ENDPOINTS[groups])(tf.constant(n, tf.int32), seed)["codes"].numpy()
        names = self.schema.column(self.schema.sensitive).names
        groups = check_given("groups", groups, names)
        if len(groups) != n:
            raise InputError(f"n is {n}, but there are {len(groups)} groups: expected one for each row.")
        return self._loaded.sample_groups(tf.constant(groups, tf.int32), seed)["codes"].numpy()

    def sample(self, n, seed, groups="uniform"):
        """Draws rows: arguments as for `codes`; returns a `pandas.DataFrame` like the original."""
        return self.schema.decode(self.codes(n, seed, groups), seed)

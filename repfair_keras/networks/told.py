"""How the networks of today are told label and group: beside the noise, and by projection."""

from keras import layers

from repfair_keras.networks import seeded

SIZE = 32  # of an embedding


def inputs(spec):
    """Returns the inputs of the conditions, by name, in the order of `networks.conditions`."""
    numbers = {"label": spec.n_classes, "group": spec.n_groups}
    return {name: (layers.Input((), dtype="int32", name=name), n) for name, n in numbers.items() if n}


def beside(z, conditions):
    """Joins an embedding of each condition to the noise."""
    embedded = [
        seeded.embedding(n, SIZE, 1.0, name=f"{name}_embedding")(given)
        for name, (given, n) in conditions.items()
    ]
    return layers.Concatenate(name="told")([z, *embedded]) if embedded else z


def projected(features, conditions):
    """The logit: one of the features alone, and for each condition their product with an embedding of it.

    Args:
        features: shape `(batch, d)`.
        conditions: as of `inputs`.

    Reference: Miyato and Koyama, "cGANs with Projection Discriminator" (2018), eq. 3.
    """
    d = features.shape[-1]
    terms = [seeded.dense(1, dtype="float32", name="logit_alone")(features)]
    for name, (given, n) in conditions.items():
        embedded = seeded.embedding(n, d, d**-0.5, dtype="float32", name=f"{name}_embedding")(given)
        terms.append(layers.Dot(axes=1, dtype="float32", name=f"{name}_projection")([features, embedded]))
    return layers.Add(dtype="float32", name="logit")(terms) if len(terms) > 1 else terms[0]

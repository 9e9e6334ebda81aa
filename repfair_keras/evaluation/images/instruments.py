"""What a sample is measured with: made once from real images, then the same for every sample."""

from dataclasses import dataclass, field
from pathlib import Path

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.evaluation.images.attribute_classifier import (
    AttributeClassifier,
    attribute_classifier,
    read_fields,
)
from repfair_keras.evaluation.images.feature_extractor import FeatureExtractor, train_extractor
from repfair_keras.evaluation.images.group_assignment import Rule, assign, fit_rules


@dataclass(frozen=True, eq=False)
class Attribute:
    """How images are assigned to the groups of one attribute.

    Args:
        data: `ImageDataset`, the real images with these groups.
        classifier: `AttributeClassifier` of the groups, made from `data`.
        rules: dict of rule name to `Rule`.
    """

    data: ImageDataset
    classifier: AttributeClassifier
    rules: dict[str, Rule] = field(default_factory=dict)

    def assign(self, images, confidence):
        """`Assignment` of images to the groups."""
        return assign(images, self.classifier, self.rules, confidence)


@dataclass(frozen=True, eq=False)
class Instruments:
    """All that a report needs besides the sample.

    Args:
        attribute: `Attribute` of the groups.
        extractor: `FeatureExtractor` of features, judge of labels.
        cross: `Attribute` of a second attribute for intersectional tables; `None` without.
    """

    attribute: Attribute
    extractor: FeatureExtractor
    cross: Attribute | None = None

    @property
    def reference(self):
        """`ImageDataset`: the real images that generated ones are compared with."""
        return self.attribute.data


def prepare_instruments(folder, reference, cross=None, source=None, verbose=0):
    """Loads the instruments saved in a folder, or takes them from another, or trains them; then saves them.

    Args:
        folder: `<run>/instruments`.
        reference: `ImageDataset` of `load_reference`.
        cross: `ImageDataset` of the same images, grouped by a second attribute; `None` without.
        source: folder of another run on the same data, or of its instruments, to be used instead; `None`:
            the folder's own.
        verbose: 0 silent, 1 progress bars, 2 a line each.

    Returns:
        `Instruments`.

    Raises:
        InputError: if there are instruments made from other data, or none in `source`.
    """
    folder = Path(folder)
    source = None if source is None else _existing(Path(source))

    def prepared(kind, name, train, data):
        return _prepared(kind, folder, source, name, data, train, verbose)

    def attribute(name, data):
        return Attribute(
            data, prepared(AttributeClassifier, name, attribute_classifier, data), fit_rules(data)
        )

    extractor = prepared(FeatureExtractor, "extractor", train_extractor, reference)
    second = None if cross is None else attribute(f"cross_{cross.fingerprint}", cross)
    return Instruments(attribute("attribute", reference), extractor, second)


def check_source(source, reference):
    """Raises `InputError` unless `source` holds instruments made from `reference` (`ImageDataset`)."""
    folder = _existing(Path(source)) / "extractor"
    _check_made_from(reference, read_fields(folder, "extractor", ("data",))["data"], folder)


def _existing(source):
    for folder in (source, source / "instruments"):
        if (folder / "extractor").is_dir():
            return folder
    raise InputError(
        f"{source} holds no instruments: expected the folder of a run that was evaluated, or its folder "
        "`instruments`."
    )


def _check_made_from(data, fingerprint, folder):
    if fingerprint != data.fingerprint:
        raise InputError(
            f"{folder} was made from other data (fingerprint {fingerprint}) than {data.name!r} grouped by "
            f"{data.grouping!r} is now ({data.fingerprint}). Leave --instruments out, give the same "
            "--grouping and --use_labels as it was made with, or the data it was made from with --data_dir."
        )


def _prepared(kind, folder, source, name, data, train, verbose):
    places = [place / name for place in (source, folder) if place is not None and (place / name).is_dir()]
    if not places and verbose:
        print(f"Training the {kind.__name__.lower()} for {data.grouping!r} on {len(data):,} real images")
    found = kind.load(places[0]) if places else train(data, verbose=verbose)
    if places:
        _check_made_from(data, found.data, places[0])
    if not places or places[0] != folder / name:
        found.save(folder / name)
    return found

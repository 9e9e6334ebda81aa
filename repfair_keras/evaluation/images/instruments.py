"""What a sample is measured with: made once from real images, then the same for every sample."""

import dataclasses
import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from repfair_keras.core.progress import shown
from repfair_keras.data.images.dataset import ImageDataset, to_float
from repfair_keras.evaluation.images.attribute_classifier import (
    AttributeClassifier,
    attribute_classifier,
)
from repfair_keras.evaluation.images.classifier_candidates import CANDIDATES
from repfair_keras.evaluation.images.feature_extractor import FeatureExtractor, train_extractor
from repfair_keras.evaluation.images.group_assignment import Rule, assign, decide, fit_rules
from repfair_keras.evaluation.images.instrument_files import check_made_from, existing
from repfair_keras.evaluation.images.representation import classifier_errors


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

    def assign(self, images, decision):
        """`Assignment` of images to the groups, where `decision`, a `Decision`, says which are clear."""
        return assign(images, self.classifier, self.rules, decision)

    def errors(self, decision):
        """What the classifier gets wrong on held-out real images, see `representation.classifier_errors`."""
        return classifier_errors(self, decision)

    def assign_tested(self, decision):
        """`Assignment` of the held-out real images on which the classifier's errors are counted."""
        test = self.classifier.held_out.test
        thresholds = decision.thresholds(self.classifier)
        images = to_float(self.data.pixels[test.rows]) if "corner" in self.rules else None
        return decide(test.chances, images, self.rules, thresholds)


@dataclass(frozen=True, eq=False)
class Instruments:
    """All that a report needs besides the sample.

    Args:
        attribute: `Attribute` of the groups.
        extractor: `FeatureExtractor`, judge of labels, and of quality where there are no other features.
        cross: `Attribute` of a second attribute for intersectional tables; `None` without.
        judges: further `Attribute`s of the groups, of other networks and seeds.
        features: where images are compared, one of `features`; `None`: in the extractor's.
    """

    attribute: Attribute
    extractor: FeatureExtractor
    cross: Attribute | None = None
    judges: tuple[Attribute, ...] = ()
    features: Any = None

    @property
    def reference(self):
        """`ImageDataset`: the real images that generated ones are compared with."""
        return self.attribute.data


def prepare_instruments(
    folder, reference, cross=None, source=None, verbose=0, steps=None, attribute=None, features=None
):
    """Loads the instruments saved in a folder, or takes them from another, or trains them; then saves them.

    Args:
        folder: `<run>/instruments`.
        reference: `ImageDataset` of `load_reference`.
        cross: `ImageDataset` of the same images, grouped by a second attribute; `None` without.
        source: folder of another run on the same data, or of its instruments, to be used instead; `None`:
            the folder's own.
        verbose: 0 silent, 1 progress bars, 2 a line each.
        steps: batches that each is trained on at most; `None`: enough for any data.
        attribute: `Attribute` in the place of one that is trained here, or what has its methods; `None`: trained here.
        features: `features` in the place of the extractor's.

    Returns:
        `Instruments`.

    Raises:
        InputError: if there are instruments made from other data, or none in `source`.
    """
    folder = Path(folder)
    source = None if source is None else existing(Path(source))

    def prepared(kind, name, train, data):
        return _prepared(kind, folder, source, name, data, partial(train, steps=steps), verbose)

    def trained(name, data):
        return Attribute(
            data, prepared(AttributeClassifier, name, attribute_classifier, data), fit_rules(data)
        )

    extractor = prepared(FeatureExtractor, "extractor", train_extractor, reference)
    second = None if cross is None else trained(f"cross_{cross.fingerprint}", cross)
    first = trained("attribute", reference) if attribute is None else attribute
    return Instruments(first, extractor, second, features=features)


def with_judges(instruments, folder, n, source=None, verbose=0, steps=None):
    """Returns the instruments with n - 1 further judges of the groups, loaded or trained as the others are.

    They take turns between the networks, beginning with the one that the first judge is not, and each has a
    seed and held-out images of its own.

    Args:
        instruments: `Instruments`.
        folder, source, verbose, steps: as of `prepare_instruments`.
        n: number of judges, the first one counted.
    """
    data, first = instruments.reference, instruments.attribute
    own = first.classifier.candidate
    others = sorted(CANDIDATES, key=lambda name: name == own)  # those of other networks first
    source, judges = None if source is None else existing(Path(source)), []
    for seed in range(1, n):
        network = (others[(seed - 1) % len(others)],)
        train = partial(attribute_classifier, seed=seed, steps=steps, candidates=network)
        name = f"judge_{seed}_{data.fingerprint}"
        classifier = _prepared(AttributeClassifier, Path(folder), source, name, data, train, verbose)
        judges.append(Attribute(data, classifier, first.rules))
    return dataclasses.replace(instruments, judges=tuple(judges))


def _prepared(kind, folder, source, name, data, train, verbose):
    places = [place / name for place in (source, folder) if place is not None and (place / name).is_dir()]
    if not places and verbose and not shown():
        called = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()
        print(f"Training the {called} for {data.grouping!r} on {len(data):,} real images")
    found = kind.load(places[0]) if places else train(data, verbose=verbose)
    if places:
        check_made_from(data, found.data, places[0])
    if not places or places[0] != folder / name:
        found.save(folder / name)
    return found

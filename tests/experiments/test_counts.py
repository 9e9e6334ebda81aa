"""Exact counts: how they are read, asked for, and reached by rejection."""

from types import SimpleNamespace

import numpy as np
import pytest

from repfair_keras.errors import InputError
from repfair_keras.experiments import counted
from repfair_keras.experiments.counts import Wanted, groups_and_labels, parse_counts
from repfair_keras.export import Drawn

GROUPS, CLASSES = ["black", "white"], ["0", "1", "2"]
METADATA = {"groups": GROUPS, "class_names": CLASSES}


def test_groups_and_classes():
    wanted = parse_counts("white=3, black/2=2,black=0", GROUPS, CLASSES)
    assert wanted == [Wanted(1, None, 3), Wanted(0, 2, 2)]
    groups, labels = groups_and_labels(wanted, 3)
    assert groups.tolist() == [1, 1, 1, 0, 0]
    assert labels.tolist() == [0, 1, 2, 2, 2]


def test_a_group_whose_name_has_a_slash():
    assert parse_counts("a/b=2", ["a/b", "c"]) == [Wanted(0, None, 2)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("grey=3", "unknown group 'grey'. Known: black, white"),
        ("white=-3", "'white' is '-3': expected an integer of at least 0"),
        ("white=2.5", "expected an integer"),
        ("white=", "expected an integer"),
        ("white", "has no `=`"),
        ("", "has no `=`"),
        ("white=0,black=0", "asks for no image"),
        ("white=1,white=2", "comes twice"),
        ("white/9=1", "unknown class '9'. Known: 0, 1, 2"),
    ],
)
def test_what_cannot_be_read(text, message):
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        parse_counts(text, GROUPS, CLASSES)


def test_a_class_where_there_are_none():
    with pytest.raises(InputError, match="knows no classes"):
        parse_counts("white/1=2", GROUPS)


class Coin:
    """A generator of images that are all -1 or all 1, a share of them 1; the first pixel tells the label."""

    def __init__(self, share, conditional=True):
        self.share, self.conditional, self.metadata = share, conditional, METADATA
        self.calls = []

    def draw(self, n, seed, labels=None, groups=None):
        self.calls.append(seed)
        white = np.random.default_rng(seed).random(n) < self.share
        images = np.where(white, 1.0, -1.0)[:, None, None, None] * np.ones((n, 4, 4, 1))
        return Drawn(images.astype(np.float32), labels, groups)


def judge(images, confusion=((100, 0), (0, 100))):
    return (images.mean(axis=(1, 2, 3)) > 0).astype(int)


def make_judge(confusion=((100, 0), (0, 100))):
    class Judge:
        classifier = SimpleNamespace(confusion=np.array(confusion))

        def __call__(self, images):
            return judge(images)

    return Judge()


def test_rejection_gives_exact_counts_and_says_what_it_cost():
    wanted = parse_counts("white=30,black/1=20", GROUPS, CLASSES)
    drawn, report = counted.draw_by_rejection(Coin(0.1), wanted, 0, make_judge())
    assert judge(drawn.images).tolist() == [1] * 30 + [0] * 20
    assert drawn.groups.tolist() == [1] * 30 + [0] * 20
    assert set(drawn.labels[30:]) == {1}
    assert set(drawn.labels[:30]) == {0, 1, 2}
    assert report["asked"] == {"black": 20, "white": 30}
    assert report["acceptance_rate"] == pytest.approx(50 / report["images_drawn"])
    assert sum(report["seen"].values()) == report["images_drawn"]
    assert report["seen"]["undecided"] == 0
    assert report["corrected_purity"] == {"black": pytest.approx(1), "white": pytest.approx(1)}


def test_same_seed_same_images_and_rounds_differ():
    wanted = [Wanted(1, None, 150)]
    one, other = (counted.draw_by_rejection(Coin(0.05), wanted, 3, make_judge())[0] for _ in range(2))
    assert one.images.tobytes() == other.images.tobytes()
    coin = Coin(0.05)
    counted.draw_by_rejection(coin, wanted, 3, make_judge())
    assert len(set(coin.calls)) == len(coin.calls) > 1


def test_purity_by_bayes():
    """A tenth is truly white; 80 % of white and 10 % of black images are seen as white."""
    confusion = np.array([[90, 10], [20, 80]])
    seen = np.array([900 * 90 + 100 * 20, 900 * 10 + 100 * 80, 0])  # in 1 / 100 images
    report = counted._accepted(GROUPS, seen, 50, confusion)
    assert report["corrected_purity"]["white"] == pytest.approx(80 / (80 + 90))
    assert report["corrected_purity"]["black"] == pytest.approx(810 / (810 + 20))


def test_a_group_that_never_occurs_is_given_up():
    coin = Coin(0.0)
    with pytest.raises(InputError, match=r"group 'white' occurs in 0 of 3,000 images.*group_cgan"):
        counted.draw_by_rejection(coin, [Wanted(0, None, 5), Wanted(1, None, 5)], 0, make_judge())
    assert len(coin.calls) == 3


def test_a_generator_that_knows_no_classes():
    drawn, _ = counted.draw_by_rejection(Coin(0.5, conditional=False), [Wanted(1, None, 7)], 0, make_judge())
    assert (len(drawn.images), drawn.labels) == (7, None)


def test_asked_for_directly():
    class Obedient(Coin):
        def draw(self, n, seed, labels=None, groups=None):
            images = (2.0 * groups - 1)[:, None, None, None] * np.ones((n, 4, 4, 1))
            return Drawn(images.astype(np.float32), labels, groups)

    wanted = parse_counts("white=6,black=2", GROUPS, CLASSES)
    drawn, report = counted.draw_asked(Obedient(0), wanted, 0, make_judge())
    assert np.bincount(drawn.groups).tolist() == [2, 6]
    assert report["by_group"]["white"]["seen"] == {"black": 0, "white": 6}
    assert report["by_group"]["white"]["purity"] == 1
    _, unseen = counted.draw_asked(Obedient(0), wanted, 0)
    assert unseen["seen"] is None
    assert "--instruments" in unseen["note"]

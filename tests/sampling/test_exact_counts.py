"""Exact counts: how they are read, asked for, and reached by rejection."""

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.export.images import Drawn
from repfair_keras.sampling import exact_counts as counted
from repfair_keras.sampling.parse_counts import Wanted, groups_and_labels, parse_counts

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
        ("white =1,white=2", "comes twice"),
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
    """A generator of images that are all -1 or all 1, a share of them 1, for each label; some are grey."""

    def __init__(self, share, conditional=True, grey=0.0):
        self.share, self.conditional, self.grey, self.metadata = share, conditional, grey, METADATA
        self.calls = []

    def draw(self, n, seed, labels=None, groups=None):
        self.calls.append(seed)
        rng = np.random.default_rng(seed)
        share = self.share if np.isscalar(self.share) else np.array(self.share)[labels]
        values = np.where(rng.random(n) < share, 1.0, -1.0)
        values[rng.random(n) < self.grey] = 0
        images = values[:, None, None, None] * np.ones((n, 4, 4, 1))
        return Drawn(images.astype(np.float32), labels, groups)


class Eye:
    """Sees the group of such images, grey ones as undecided."""

    def __init__(self, confusion=((100, 0, 0), (0, 100, 0))):
        self.confusion = None if confusion is None else np.array(confusion)

    def __call__(self, images):
        mean = images.mean(axis=(1, 2, 3))
        return np.where(mean == 0, -1, (mean > 0).astype(int))


def test_rejection_gives_exact_counts_and_says_what_it_cost():
    wanted = parse_counts("white=30,black/1=20", GROUPS, CLASSES)
    drawn, report = counted.draw_by_rejection(Coin(0.1, grey=0.2), wanted, 0, Eye())
    assert Eye()(drawn.images).tolist() == [1] * 30 + [0] * 20
    assert drawn.groups.tolist() == [1] * 30 + [0] * 20
    assert set(drawn.labels[30:]) == {1}
    assert set(drawn.labels[:30]) == {0, 1, 2}
    white, black = report["requests"]["white"], report["requests"]["black/1"]
    assert (white["asked"], black["asked"]) == (30, 20)
    assert report["acceptance_rate"] == 50 / report["images_drawn"]
    assert white["drawn"] + black["drawn"] == report["images_drawn"]
    assert sum(white["seen"].values()) == white["drawn"]
    assert white["seen"]["undecided"] > 0
    assert white["occurs"] == pytest.approx(0.08, abs=0.03)
    assert white["corrected_purity"] == pytest.approx(1)


def test_same_seed_same_images_and_rounds_differ():
    wanted = [Wanted(1, None, 150)]
    one, other = (counted.draw_by_rejection(Coin(0.05), wanted, 3, Eye())[0] for _ in range(2))
    assert one.images.tobytes() == other.images.tobytes()
    coin = Coin(0.05)
    counted.draw_by_rejection(coin, wanted, 3, Eye())
    assert len(set(coin.calls)) == len(coin.calls) > 1


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_purity_by_bayes(share):
    """80 % of white and 10 % of black images are seen as white."""
    eye = Eye([[90, 10, 0], [20, 80, 0]])
    right, wrong = 800 * share, 100 * (1 - share)
    counts = np.array([1000 - right - wrong, right + wrong, 0]).round().astype(int)
    report = counted._accepted(1, counts, eye, METADATA)
    assert report["corrected_purity"] == pytest.approx(right / (right + wrong), abs=1e-6)


def test_requests_do_not_share_images():
    """Class 0 is always white, class 1 never: what is seen for one says nothing of the other."""
    wanted = parse_counts("white/0=10,black/1=10", GROUPS, CLASSES)
    drawn, report = counted.draw_by_rejection(Coin([1.0, 0.0, 0.5]), wanted, 0, Eye())
    assert drawn.labels.tolist() == [0] * 10 + [1] * 10
    assert report["requests"]["white/0"]["occurs"] == report["requests"]["black/1"]["occurs"] == 1


def test_without_known_errors_purity_is_not_corrected():
    _, report = counted.draw_by_rejection(Coin(0.5), [Wanted(1, None, 5)], 0, Eye(None))
    assert report["requests"]["white"]["corrected_purity"] is None


def test_a_group_that_never_occurs_is_given_up():
    coin = Coin(0.0)
    with pytest.raises(InputError, match=r"'white' occurs in 0 of [0-9,]+ images.*group_cgan"):
        counted.draw_by_rejection(coin, [Wanted(0, None, 5), Wanted(1, None, 5)], 0, Eye())
    assert len(coin.calls) <= 11


@pytest.mark.parametrize("text", ["white=500,black=500,white/2=20", "white=1500,white/2=5", "white=40"])
@pytest.mark.parametrize("share", [0.05, 0.3])
def test_a_group_that_occurs_is_not(text, share):
    wanted = parse_counts(text, GROUPS, CLASSES)
    drawn, _ = counted.draw_by_rejection(Coin(share), wanted, 1, Eye())
    assert len(drawn.images) == sum(each.n for each in wanted)


def test_what_is_complete_is_not_given_up_however_rare_it_is():
    counts = np.array([99_998, 2, 0])
    counted._check_not_hopeless(Wanted(1, None, 2), counts, METADATA)
    with pytest.raises(InputError, match="'white' occurs in 2 of 100,000 images"):
        counted._check_not_hopeless(Wanted(1, None, 3), counts, METADATA)


def test_rare_groups_are_found():
    """Twice as often as what is given up: hardly ever refused."""
    for seed in range(10):
        drawn, _ = counted.draw_by_rejection(Coin(0.002), [Wanted(1, None, 5)], seed, Eye())
        assert len(drawn.images) == 5


def test_a_generator_that_knows_no_classes():
    drawn, _ = counted.draw_by_rejection(Coin(0.5, conditional=False), [Wanted(1, None, 7)], 0, Eye())
    assert (len(drawn.images), drawn.labels) == (7, None)


class Obedient(Coin):
    """Makes the group that it is asked for."""

    def draw(self, n, seed, labels=None, groups=None):
        images = (2.0 * groups - 1)[:, None, None, None] * np.ones((n, 4, 4, 1))
        return Drawn(images.astype(np.float32), labels, groups)


def test_asked_for_directly():
    wanted = parse_counts("white=6,black=2,white/2=3", GROUPS, CLASSES)
    drawn, report = counted.draw_asked(Obedient(0), wanted, 0, Eye())
    assert drawn.groups.tolist() == [1] * 6 + [0] * 2 + [1] * 3
    assert drawn.labels[-3:].tolist() == [2] * 3
    white = report["requests"]["white"]
    assert white["seen"] == {"black": 0, "white": 6, "undecided": 0}
    assert white["purity"] == white["corrected_purity"] == 1
    assert report["requests"]["white/2"]["asked"] == 3
    _, unseen = counted.draw_asked(Obedient(0), wanted, 0)
    assert unseen["requests"]["black"] == {"asked": 2}
    assert "--instruments" in unseen["note"]

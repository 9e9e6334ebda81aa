"""Exact numbers of images of each group by rejection: what is taken, what it costs, and what is given up."""

import io
import re
import time

import numpy as np
import pytest
from coin_generator import CLASSES, GROUPS, Coin, Eye

from repfair_keras.core.errors import InputError
from repfair_keras.sampling import progress
from repfair_keras.sampling.group_requests import GroupRequest, requests_from_counts
from repfair_keras.sampling.rejection import check_not_hopeless, generate_by_rejection, report_of_request


def test_rejection_gives_exact_counts_and_says_what_it_cost():
    requests = requests_from_counts("white=30,black/1=20", GROUPS, CLASSES)
    generated, report = generate_by_rejection(Coin(0.1, grey=0.2), requests, 0, Eye())
    assert Eye().decide(generated.images).tolist() == [1] * 30 + [0] * 20
    assert generated.groups.tolist() == [1] * 30 + [0] * 20
    assert set(generated.labels[30:]) == {1}
    assert set(generated.labels[:30]) == {0, 1, 2}
    white, black = report["requests"]["white"], report["requests"]["black/1"]
    assert (white["asked"], black["asked"]) == (30, 20)
    assert report["acceptance_rate"] == 50 / report["images_generated"]
    assert white["images_generated"] + black["images_generated"] == report["images_generated"]
    assert sum(white["seen"].values()) == white["images_generated"]
    assert white["seen"]["undecided"] > 0
    assert white["acceptance_rate"] == pytest.approx(0.08, abs=0.03)
    assert white["corrected_purity"] == pytest.approx(1)


def test_same_seed_same_images_and_rounds_differ():
    requests = [GroupRequest("white", 1, None, 150)]
    one, other = (generate_by_rejection(Coin(0.05), requests, 3, Eye())[0] for _ in range(2))
    assert one.images.tobytes() == other.images.tobytes()
    coin = Coin(0.05)
    generate_by_rejection(coin, requests, 3, Eye())
    assert len(set(coin.seeds)) == len(coin.seeds) > 1


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_purity_by_bayes(share):
    """80 % of white and 10 % of black images are seen as white."""
    eye = Eye([[90, 10, 0], [20, 80, 0]])
    right, wrong = 800 * share, 100 * (1 - share)
    counts = np.array([1000 - right - wrong, right + wrong, 0]).round().astype(int)
    report = report_of_request(1, counts, eye, GROUPS)
    assert report["corrected_purity"] == pytest.approx(right / (right + wrong), abs=1e-6)


def test_requests_do_not_share_images():
    """Class 0 is always white, class 1 never: what is seen for one says nothing of the other."""
    requests = requests_from_counts("white/0=10,black/1=10", GROUPS, CLASSES)
    generated, report = generate_by_rejection(Coin([1.0, 0.0, 0.5]), requests, 0, Eye())
    assert generated.labels.tolist() == [0] * 10 + [1] * 10
    assert (
        report["requests"]["white/0"]["acceptance_rate"]
        == report["requests"]["black/1"]["acceptance_rate"]
        == 1
    )


def test_without_known_errors_purity_is_not_corrected():
    _, report = generate_by_rejection(Coin(0.5), [GroupRequest("white", 1, None, 5)], 0, Eye(None))
    assert report["requests"]["white"]["corrected_purity"] is None


def test_a_group_that_never_occurs_is_given_up():
    coin = Coin(0.0)
    with pytest.raises(InputError, match=r"'white' occurs in 0 of [0-9,]+ images.*group_cgan"):
        generate_by_rejection(
            coin, [GroupRequest("black", 0, None, 5), GroupRequest("white", 1, None, 5)], 0, Eye()
        )
    assert len(coin.seeds) <= 11


@pytest.mark.parametrize("text", ["white=500,black=500,white/2=20", "white=1500,white/2=5", "white=40"])
@pytest.mark.parametrize("share", [0.05, 0.3])
def test_a_group_that_occurs_is_not(text, share):
    requests = requests_from_counts(text, GROUPS, CLASSES)
    generated, _ = generate_by_rejection(Coin(share), requests, 1, Eye())
    assert len(generated.images) == sum(request.n for request in requests)


def test_what_is_complete_is_not_given_up_however_rare_it_is():
    counts = np.array([99_998, 2, 0])
    check_not_hopeless(GroupRequest("white", 1, None, 2), counts)
    with pytest.raises(InputError, match="'white' occurs in 2 of 100,000 images"):
        check_not_hopeless(GroupRequest("white", 1, None, 3), counts)


def test_rare_groups_are_found():
    """Twice as often as what is given up: hardly ever refused."""
    for seed in range(10):
        generated, _ = generate_by_rejection(Coin(0.002), [GroupRequest("white", 1, None, 5)], seed, Eye())
        assert len(generated.images) == 5


def test_a_generator_that_knows_no_classes():
    generated, _ = generate_by_rejection(
        Coin(0.5, takes_labels=False), [GroupRequest("white", 1, None, 7)], 0, Eye()
    )
    assert (len(generated.images), generated.labels) == (7, None)


@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_the_plan_is_said_before_the_work_and_holds(rate):
    """The words come after one round of 1,000 images; the work ends within the interval that they name."""
    coin, stream = Coin(rate), io.StringIO()
    spoken = []
    stream.write = lambda text: spoken.append((len(coin.seeds), text))
    requests = [GroupRequest("white", 1, None, 3000)]
    _, report = generate_by_rejection(coin, requests, 0, Eye(), stream)
    rounds, plan = spoken[0]
    assert rounds == 1
    assert "white: seen in" in plan
    low, high = (int(text.replace(",", "")) for text in re.findall(r"from ([\d,]+) to ([\d,]+)", plan)[0])
    assert low <= report["images_generated"] - 1000 <= high + 1000  # in whole rounds
    assert spoken[-2][1].startswith("3,000 of 3,000 images accepted")


def test_nothing_is_said_where_the_pilot_is_enough():
    stream = io.StringIO()
    generate_by_rejection(Coin(0.5), [GroupRequest("white", 1, None, 20)], 0, Eye(), stream)
    assert stream.getvalue() == ""


def test_a_terminal_has_a_bar_and_a_file_a_line_now_and_then(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    requests = [GroupRequest("white", 1, None, 2000)]
    terminal, file = Terminal(), io.StringIO()
    generate_by_rejection(Coin(0.3), requests, 0, Eye(), terminal)
    assert "2000/2000" in terminal.getvalue()
    generate_by_rejection(Coin(0.3), requests, 0, Eye(), file)
    assert len(file.getvalue().splitlines()) == 4, "three of the plan, and the last one: it took no 10 s"
    monkeypatch.setattr(progress, "SECONDS", 0.0)
    file = io.StringIO()
    generate_by_rejection(Coin(0.3), requests, 0, Eye(), file)
    assert len(file.getvalue().splitlines()) > 8


def test_seconds_are_those_of_the_pilot_without_those_of_the_first_call(monkeypatch):
    """1,000 images take 2 s on a clock that stands still but for them; the first call takes 50 s more."""
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    class Slow(Coin):
        def generate(self, n, *arguments):
            clock[0] += 0.002 * n + (50 if clock[0] == 0 else 0)
            return super().generate(n, *arguments)

    stream = io.StringIO()
    generate_by_rejection(Slow(0.5), [GroupRequest("white", 1, None, 5000)], 0, Eye(), stream)
    assert "Pilot: 1,000 images in 2 s" in stream.getvalue()
    images, seconds = re.findall(r"Expected: about ([\d,]+) more images, (\d+) s", stream.getvalue())[0]
    assert int(seconds) == pytest.approx(0.002 * int(images.replace(",", "")), rel=0.1)

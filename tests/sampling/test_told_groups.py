"""Exact numbers of images of each group from a generator that is told the group."""

from coin_generator import CLASSES, GROUPS, Eye, Obedient

from repfair_keras.sampling.group_requests import requests_from_counts
from repfair_keras.sampling.told_groups import generate_told


def test_told_directly():
    requests = requests_from_counts("white=6,black=2,white/2=3", GROUPS, CLASSES)
    generated, report = generate_told(Obedient(0), requests, 0, Eye())
    assert generated.groups.tolist() == [1] * 6 + [0] * 2 + [1] * 3
    assert generated.labels[-3:].tolist() == [2] * 3
    white = report["requests"]["white"]
    assert white["seen"] == {"black": 0, "white": 6, "undecided": 0}
    assert white["purity"] == white["corrected_purity"] == 1
    assert report["requests"]["white/2"]["asked"] == 3
    _, unseen = generate_told(Obedient(0), requests, 0)
    assert unseen["requests"]["black"] == {"asked": 2}
    assert "--instruments" in unseen["note"]

"""What pages say of other data than the paper's."""

from toy_records import toy_records

from repfair_keras.papers.page_text import stand_in, stand_in_note


def test_only_other_data_is_a_stand_in():
    records = toy_records(dataset=["mnist", "mnist_5k"])
    assert stand_in(records[:1], "mnist") == stand_in_note(records[:1], "mnist") == ""
    assert stand_in_note(records, "mnist") == "stand-in: mnist_5k in place of the paper's mnist"

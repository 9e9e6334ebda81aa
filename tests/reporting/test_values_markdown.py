"""Names and rules in the part of a table's report that is on values, as a reader sees them."""

from markdown_it import MarkdownIt
from toy_tables import record, values

from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.reporting.markdown.table_report import to_markdown
from repfair_keras.reporting.markdown.table_values import values as blocks_of
from repfair_keras.reporting.markdown.text import code


def shown(**changes):
    """The part as a renderer shows it: text in order, with code as it is."""
    report = report_from_dict({**record("cart", 0)["report"], "values": values() | changes})
    tokens = MarkdownIt("commonmark").enable("table").parse("\n\n".join(blocks_of(report)))
    return [child for token in tokens for child in token.children or ()]


def test_a_rule_and_a_column_are_shown_as_they_are_called():
    seen = {"a|b_*": {"unseen": 0, "outside": 0.1, "missing": 0, "examples": []}}
    leaked = {"tick`s": [{"n": 3, "between": [0, 9]}]}
    spans = [
        token.content
        for token in shown(never_seen=seen, sentinels_leaked=leaked)
        if token.type == "code_inline"
    ]
    assert spans == ["a <= b", "b <= c", "tick`s", "a|b_*"]


def test_a_group_that_is_an_intersection_is_escaped_once():
    made = values()
    for part in (made["copying"], made["membership"]):
        part["groups"] = {"Female & Black": part["groups"]["rare"]}
    texts = [token.content for token in shown(copying=made["copying"], membership=made["membership"])]
    assert "Female & Black" in texts and not [text for text in texts if "\\" in text]


def test_code_ends_where_it_should():
    for name in ("plain", "`", "``a`", "a b", "<=&"):
        (token,) = MarkdownIt("commonmark").parseInline(code(name))[0].children
        assert (token.type, token.content) == ("code_inline", name)


def test_the_names_of_the_columns_and_of_the_positive_value_may_hold_backticks():
    names = {"sensitive": "a`b", "target": "``c", "positive": "`d`"}
    tokens = MarkdownIt("commonmark").parse(
        to_markdown(report_from_dict({**record("cart", 0)["report"], **names}))
    )
    spans = [
        child.content for token in tokens for child in token.children or () if child.type == "code_inline"
    ]
    assert [span for span in spans if "`" in span] == ["a`b", "``c", "`d`", "`d`"]

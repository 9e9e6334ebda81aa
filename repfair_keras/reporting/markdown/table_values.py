"""The part of a table's report that is on values as they are written, as Markdown and as lines for the console."""

from repfair_keras.reporting.markdown.text import code, escape, number, percent, table

LEARNT = {
    "auroc": "AUROC",
    "accuracy": "accuracy",
    "demographic_parity_ratio": "DP ratio",
    "equalized_odds_ratio": "EO ratio",
}
SHOWN = 10  # columns of which something is told


def values(report):
    """Returns the blocks of Markdown; none of a table in bins."""
    found = report.values
    if found is None:
        return []
    return [
        "## Values as they are written",
        table(["gradient boosting, trained on", *LEARNT.values()], list(_learnt(found))),
        "Tested on real rows, of which it sees every column but the target as it is; 95 % interval over test rows. "
        "Ratios: smallest over largest group, 1 is equal (fairlearn's definitions).",
        table(
            ["likeness to real test rows", "synthetic", "real training rows"],
            [[name, number(part["score"]), number(part["real"])] for name, part in _likeness(found)],
        ),
        "Means of KSComplement and TVComplement over columns (shapes), of CorrelationSimilarity and "
        "ContingencySimilarity over pairs (trends); 1 is alike.",
        *_validity(found),
        "### Whose rows can be told",
        table(
            ["group", "closer to training", "copies", "copies, real rows", "membership AUROC"],
            list(_privacy(found)),
        ),
        "Closer to a training row than to a held-out one, of equal halves of both: 50 % is best. Copies equal a "
        "training row in every column. Membership: how well an attacker tells training rows from others by their "
        "distance to synthetic ones, 0.5 is best. A group of few rows leaks first.",
    ]


def value_lines(report):
    """Yields the main numbers as text."""
    found = report.values
    if found is None:
        return
    for side, learnt in found.utility.items():
        shown = ", ".join(f"{label} {_shown(learnt[name])}" for name, label in LEARNT.items())
        yield f"values as they are, gradient boosting trained on {side}: {shown}"
    yield "likeness of values: " + ", ".join(
        f"{name} {number(part['score'], 3)} (real rows {number(part['real'], 3)})"
        for name, part in _likeness(found)
    )
    broken = {rule: part["synthetic"] for rule, part in found.rules.items() if part["synthetic"]}
    if found.rules:
        yield f"rules between columns: {len(found.rules)}, broken: {len(broken)}"
    closer = found.copying["closer_to_training"]
    yield f"closer to a training row than to a held-out one: {_percent(closer)}; 50 % is best"


def _learnt(found):
    for side, learnt in found.utility.items():
        yield [side, *(_shown(learnt[name]) for name in LEARNT)]


def _shown(value):
    return "-" if value is None else f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})"


def _percent(value):
    return "-" if value is None else f"{percent(value[0])} ({percent(value[1])} to {percent(value[2])})"


def _likeness(found):
    return (("shapes", found.shapes), ("trends", found.trends))


def _validity(found):
    """What synthetic rows have that real ones cannot: rules broken, sentinels leaked, values never seen."""
    lines = [
        f"- {code(rule)}: broken by {percent(part['synthetic'])} (real test rows {percent(part['test'])})"
        for rule, part in found.rules.items()
    ]
    for name, gaps in found.sentinels_leaked.items():
        lines += [
            f"- {code(name)}: {gap['n']:,} rows between {gap['between'][0]} and {gap['between'][1]}, where no real "
            "one is"
            for gap in gaps
        ]
    for name, part in list(found.never_seen.items())[:SHOWN]:
        if part["unseen"]:
            examples = ", ".join(escape(str(value)) for value in part["examples"])
            lines.append(
                f"- {code(name)}: {part['unseen']:,} values that no real training row has: {examples}"
            )
        elif part["outside"]:
            lines.append(
                f"- {code(name)}: {percent(part['outside'])} outside the range of real training rows"
            )
        if part["missing"]:
            lines.append(
                f"- {code(name)}: {part['missing']:,} rows without a value, which every real row has"
            )
    if not lines:
        return ["No rule between columns was found, and no value is one that no real training row has."]
    return ["Rules between columns, sentinels and values never seen:", "\n".join(lines)]


def _privacy(found):
    yield _row("all", found.copying, found.membership)
    for group, part in found.copying["groups"].items():
        yield _row(group, part, found.membership["groups"].get(group))


def _row(name, copies, attack):
    distance = (attack or {}).get("distance")
    return [
        str(name),
        _percent(copies["closer_to_training"]),
        _percent(copies["copies"]),
        _percent(copies["copies_held_out"]),
        _shown(distance["auroc"]) if distance else (attack or {}).get("note") or "-",
    ]

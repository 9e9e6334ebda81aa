"""The part of a report that says what codes tell of the group."""

from repfair_keras.evaluation.markdown.text import number, percent, table


def codes(report):
    """Returns blocks of Markdown; none for a generator without codes."""
    if not report.get("codes"):
        return []
    leak, ratio = report["codes"]["leakage"], report["codes"]["deviation_ratio"]
    sizes = ", ".join(map(str, report["codes"].get("n_test", ())))  # early runs do not have it
    rows = [
        [name.replace("_", " "), number(each["accuracy"]), number(each["auroc"])]
        for name, each in leak.items()
        if name != "majority"
    ]
    told_sizes = f" ({sizes} of the groups)" if sizes else ""
    told = report["codes"].get("downstream")
    return [
        table(["group from a code, by", "accuracy", "AUROC"], rows),
        f"On held-out rows{told_sizes}; always naming the most frequent group is right for "
        f"{percent(leak['majority'])}; an AUROC of 0.5: nothing can be told. Standard deviations of "
        f"synthetic codes over real ones: {', '.join(number(r, 3) for r in ratio)}.",
        *([_target(told)] if told else []),
    ]


def _target(found):
    """What a classifier of real codes reaches: the price of fair codes, whatever generator draws them."""
    shown = {"accuracy": "accuracy", "demographic_parity": "DP", "ftu": "FTU"}
    values = ", ".join(f"{label} {number(found[name][0], 3)}" for name, label in shown.items() if found[name])
    return f"A logistic regression of the target from real codes and group has on held-out rows: {values}."

"""The part of a report that says what codes tell of the group."""

from repfair_keras.evaluation.markdown.text import number, percent, table


def codes(report):
    """Returns blocks of Markdown; none for a generator without codes."""
    if not report.get("codes"):
        return []
    leak, ratio = report["codes"]["leakage"], report["codes"]["deviation_ratio"]
    rows = [
        [name.replace("_", " "), number(each["accuracy"]), number(each["auroc"])]
        for name, each in leak.items()
        if name != "majority"
    ]
    return [
        table(["group from a code, by", "accuracy", "AUROC"], rows),
        f"On held-out rows; always naming the most frequent group is right for {percent(leak['majority'])}; "
        "an AUROC of 0.5: nothing can be told. Standard deviations of synthetic codes over real ones: "
        f"{', '.join(number(r, 3) for r in ratio)}.",
    ]

"""The part of a report that says what codes tell of the group."""

from repfair_keras.reporting.markdown.text import number, percent, table


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
    return [
        table(["group from a code, by", "accuracy", "AUROC"], rows),
        f"On held-out rows{told_sizes}; always naming the most frequent group is right for "
        f"{percent(leak['majority'])}; an AUROC of 0.5: nothing can be told. Standard deviations of "
        f"synthetic codes over real ones: {', '.join(number(r, 3) for r in ratio)}.",
        *_target(report["codes"]),
    ]


def _target(codes):
    """What classifiers of real codes reach: the price of fair codes, whatever generator draws them."""
    metrics = {"accuracy": "accuracy", "demographic_parity": "DP", "ftu": "FTU"}
    for key, seen in {"blind": "real codes alone", "downstream": "real codes and group"}.items():
        found = codes.get(key)
        if found:
            shown = (f"{label} {number(found[name][0], 3)}" for name, label in metrics.items() if found[name])
            yield f"A logistic regression of the target from {seen} has on held-out rows: {', '.join(shown)}."

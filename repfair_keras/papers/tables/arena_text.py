"""What the page of the arena says: the areas below the fronts, a table for each data set, and where ours are behind."""

from repfair_keras.papers.page_text import paragraphs
from repfair_keras.papers.tables.arena_data import TABLES
from repfair_keras.papers.tables.arena_protocol import CATBOOST, CLASSIFIER_NAMES, GRADIENT_BOOSTING
from repfair_keras.papers.tables.arena_rows import OURS, PUBLISHED
from repfair_keras.papers.tables.cells import is_old
from repfair_keras.papers.tables.engines import ENGINES
from repfair_keras.papers.tables.pareto import hypervolume, reached
from repfair_keras.papers.tables.published_rows import published
from repfair_keras.reporting.markdown.text import NONE, escape, percent, table

METRICS = {"auroc": "AUROC", "dpr": "DPR", "eor": "EOR"}
PROTOCOL_TEXT = (
    "A classifier learns from synthetic rows, sensitive columns among its features, and is asked about real rows that "
    "no engine has seen. DPR, the demographic parity ratio, is the smallest share of positive predictions in a group "
    "over the largest; EOR, the equalised odds ratio, the smaller of the same ratios of true and of false positive "
    "rates; 1 is equal. Half of the rows are for training, a quarter is not used here, a quarter is for the test; all "
    "methods make as many rows as there are training rows. Shape and trend say how alike columns and pairs of columns "
    "are to those of test rows (as sdmetrics defines them); copies are synthetic rows that equal a training row."
)
CAVEATS = (
    "**Read them with care.** Published seeds are three samplings of one trained model, with settings that were "
    "searched for; each of ours is a training of its own, with the engine's defaults, and batches of at most half of "
    "the rows. So published intervals are too narrow for a comparison of methods. SMOTE and Fair-SMOTE make rows "
    "between pairs of real ones, and Fair-SMOTE keeps most real rows. A group without test rows of both classes has "
    "no EOR here; in the published results its rate counts as 0. A method that sells likeness for equality shows it "
    "in shape and trend: look there too."
)
AREA_TEXT = (
    "Area of all that some method reaches or exceeds, above an AUROC of .5 and a DPR of 0; .5 would be a perfect and "
    "equal classifier. Real rows and independent columns are yardsticks, no methods. Where rows "
    "differ, the two are not put together."
)


def arena_text(rows: list[dict], shown: list[dict]) -> str:
    """Returns the page's Markdown.

    Args:
        rows: all rows of the CSV.
        shown: those of the classifier that each table shows.
    """
    tables = list(dict.fromkeys(row["table"] for row in shown))
    return paragraphs(
        [
            PROTOCOL_TEXT,
            CAVEATS,
            "### Areas below the fronts",
            AREA_TEXT,
            _areas(shown),
            *(
                part
                for name in tables
                for part in _of_table(name, _of(rows, table=name), _of(shown, table=name))
            ),
        ]
    )


def areas(shown: list[dict]) -> list[dict]:
    """Returns a dict for each table and sensitive column: `table`, `sensitive`, and the areas below the fronts.

    `published`, `ours` and `both` are `None` where there is no method with both metrics, and `both` where rows differ.
    """
    found = []
    for name, sensitive in dict.fromkeys((row["table"], row["sensitive"]) for row in shown):
        rows = [
            row
            for row in _of(shown, table=name, sensitive=sensitive)
            if row["method"] and None not in (row["auroc"], row["dpr"])
        ]
        published_ones, ours = (
            [(row["auroc"], row["dpr"]) for row in _of(rows, origin=origin)] for origin in (PUBLISHED, OURS)
        )
        together = ours and published_ones and all(row["comparable"] for row in rows)
        found.append(
            {
                "table": name,
                "sensitive": sensitive,
                "published": hypervolume(published_ones) if published_ones else None,
                "ours": hypervolume(ours) if ours else None,
                "both": hypervolume(published_ones + ours) if together else None,
            }
        )
    return found


def not_reached(shown: list[dict], name: str, sensitive: str) -> list[str] | None:
    """Returns the published methods that are better in AUROC or DPR than each of ours; `None` without any of ours."""
    rows = [
        row
        for row in _of(shown, table=name, sensitive=sensitive)
        if row["method"] and None not in (row["auroc"], row["dpr"])
    ]
    ours = [(row["auroc"], row["dpr"]) for row in _of(rows, origin=OURS)]
    if not ours:
        return None
    theirs = _of(rows, origin=PUBLISHED)
    return [row["name"] for row in theirs if not reached((row["auroc"], row["dpr"]), ours)]


def deviations(rows: list[dict], name: str, sensitive: str, classifier: str) -> dict[str, float]:
    """Returns by how much our line of real rows is off the published one, in each metric that both have."""
    real = {
        row["origin"]: row
        for row in _of(rows, table=name, sensitive=sensitive, name=ENGINES["real"].title)
        if row["origin"] == PUBLISHED or row["classifier"] == classifier
    }
    if len(real) < 2:
        return {}
    pairs = {metric: [real[origin][metric] for origin in (OURS, PUBLISHED)] for metric in METRICS}
    return {metric: ours - theirs for metric, (ours, theirs) in pairs.items() if None not in (ours, theirs)}


def _areas(shown):
    lines = [
        [
            TABLES[one["table"]].title,
            one["sensitive"],
            *(_number(one[key]) for key in ("published", "ours", "both")),
        ]
        for one in areas(shown)
    ]
    return table(["table", "by", "published", "ours", "with ours"], lines)


def _of_table(name, rows, shown):
    """Heading, what differs, the table, and what is behind."""
    spec = TABLES[name]
    ours = _of(rows, origin=OURS)
    yield f"### {spec.title}"
    yield " ".join(filter(None, [_rows_text(spec, ours), spec.differs]))
    yield _real_text(shown, rows, name)
    yield _table(spec, shown)
    yield _behind(shown, name, spec)


def _rows_text(spec, ours):
    target = f"Predicted is `{spec.target}`, positive is `{spec.positive}`."
    if not ours:
        return f"{target} None of our cells has been recorded."
    n = ours[0]["rows"]
    if spec.n_published is None:
        many = f"{n:,} rows; nothing is published"
    else:
        many = f"{n:,} rows{', as published' if n == spec.n_published else f'; published are {spec.n_published:,}'}"
    return f"{target} {many}. Of real test rows {percent(ours[0]['copies_held_out'])} equal a training row."


def _real_text(shown, rows, name):
    """How far the line of real rows is from the published one, by both classifiers; by which one ours are shown."""
    sensitive = TABLES[name].sensitive[0]
    parts = []
    for classifier in (CATBOOST, GRADIENT_BOOSTING):
        found = deviations(rows, name, sensitive, classifier)
        if found:
            listed = ", ".join(
                f"{METRICS[metric]} {round(value, 3) + 0.0:+.3f}" for metric, value in found.items()
            )
            parts.append(f"with {CLASSIFIER_NAMES[classifier]} {listed}")
    classifiers = {row["classifier"] for row in shown if row["origin"] == OURS}
    return " ".join(
        [
            *(
                [f"Our line of real rows less the published one, by {sensitive}: {'; '.join(parts)}."]
                if parts
                else []
            ),
            *(f"Below, ours are by {CLASSIFIER_NAMES[classifier]}." for classifier in classifiers),
        ]
    )


def _table(spec, shown):
    """A line per method, real rows first, the others by AUROC."""
    methods = {}
    for row in shown:
        methods.setdefault((row["origin"], row["name"]), {})[row["sensitive"]] = row
    header = ["method", "origin", "AUROC"]
    header += [f"{METRICS[metric]} by {name}" for name in spec.sensitive for metric in ("dpr", "eor")]
    header += ["shape", "trend", "copies", "seconds", "seeds"]
    ordered = sorted(methods.items(), key=lambda item: _place(next(iter(item[1].values()))))
    return table(header, [_line(spec, key, by_column) for key, by_column in ordered])


def _line(spec, key, by_column):
    one = next(iter(by_column.values()))
    cells = [key[1], key[0], _spread(one, "auroc")]
    cells += [
        _spread(by_column.get(name, {}), metric) for name in spec.sensitive for metric in ("dpr", "eor")
    ]
    seconds = NONE if one["seconds"] is None else f"{one['seconds']:.0f}"
    return [
        *cells,
        *(_number(one[name]) for name in ("shape", "trend", "copies")),
        seconds,
        str(one["seeds"]),
    ]


def _place(row):
    return row["method"], -(row["auroc"] or 0.0), row["origin"], row["name"]


def _behind(shown, name, spec):
    """Which published methods none of ours reaches."""
    if spec.n_published is None or not all(row["comparable"] for row in shown):
        return ""
    found = {sensitive: not_reached(shown, name, sensitive) for sensitive in spec.sensitive}
    if None in found.values():
        return "There is no method of ours to compare." if _of(shown, origin=OURS) else ""
    return " ".join(
        f"By {sensitive}, none of ours is as good in both AUROC and DPR as {_listed(missed)}."
        if missed
        else f"By {sensitive}, for each published method one of ours is as good in both AUROC and DPR, or better."
        for sensitive, missed in found.items()
    )


def _listed(names):
    names = list(map(escape, names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _spread(row, metric):
    """A mean with half of its interval."""
    value, low, high = (row.get(f"{metric}{end}") for end in ("", "_low", "_high"))
    if value is None or low is None:
        return _number(value)
    return f"{value:.3f} ± {max(value - low, high - value):.3f}"


def _number(value):
    return NONE if value is None else f"{value:.3f}"


def sources(command: str, records: list[dict], missing: list) -> list[str]:
    """Returns lines of Markdown that say where the numbers come from.

    Args:
        command: that makes cells.
        records: records of cells.
        missing: cells without a record.
    """
    source = published()["source"]
    lines = [
        f"Published: {escape(source['paper'])}; files of one result per seed in {source['repository']} at "
        f"`{source['commit'][:7]}`."
    ]
    if records:
        commands = sorted({record["command"] for record in records})
        commits = sorted({_short(record["commit"]) for record in records})
        seeds = sorted({record["seed"] for record in records})
        lines.append(
            f"Ours: {_cells(len(records))}, each a table, an engine, a sampling and a seed; made by "
            f"{', '.join(f'`{one}`' for one in commands)}; seeds {', '.join(map(str, seeds))}; commits "
            f"{', '.join(commits)}."
        )
    if old := [record for record in records if is_old(record)]:
        are = "cell is" if len(old) == 1 else "cells are"
        lines.append(
            f"{len(old)} {are} of an earlier version of the code. `{command}` makes such cells anew."
        )
    if missing:
        tables = sorted({TABLES[cell.table].title for cell in missing})
        lines.append(
            f"Without a record: {len(missing)} cells, of {', '.join(tables)}. `{command}` makes them."
        )
    return lines


def _cells(n):
    return "1 cell" if n == 1 else f"{n:,} cells"


def _short(commit):
    """Seven digits of a commit, `+` if the code was changed."""
    return "unknown" if commit is None else commit[:7] + ("+" if commit.endswith("+") else "")


def _of(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]

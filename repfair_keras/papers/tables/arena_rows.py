"""The lines of the arena's CSV: means over seeds of what was published, and of our records."""

from repfair_keras.metrics.intervals import Interval, mean_interval
from repfair_keras.papers.tables.arena_data import TABLES
from repfair_keras.papers.tables.arena_protocol import CATBOOST, CLASSIFIERS
from repfair_keras.papers.tables.engines import AS_IN_THE_DATA, ENGINES, SAMPLING_NAMES
from repfair_keras.papers.tables.published_rows import REAL, interval_of, published

PUBLISHED, OURS = "published", "ours"
SCORES = ("shape", "trend", "copies", "copies_held_out")
NOTHING = Interval(None, None, None, 0)


def arena_rows(records: list[dict]) -> list[dict]:
    """Returns a row for each table, origin, method, classifier and sensitive column.

    Args:
        records: records of cells, as `cells.load_cells` reads them.

    Returns:
        list of flat dicts: `table`, `origin` (`"published"` or `"ours"`), `name`, `engine`, `sampling`, `method`
        (whether it is one, and no yardstick), `classifier`, `sensitive`, `seeds`, `rows` (of the whole table),
        `comparable` (whether these are as many as are published); of `auroc`, `dpr` and `eor` mean and ends of the
        95 % t interval over seeds; `shape`, `trend`, `copies`, `copies_held_out` (of test rows) and `seconds`, means.
        A mean is `None` if a seed has no value.
    """
    tables = [name for name in TABLES if name in published()["rows"] or _of(records, table=name)]
    return [row for table in tables for row in (*_published(table), *_ours(table, _of(records, table=table)))]


def shown_classifier(rows: list[dict]) -> str:
    """Returns the classifier that a table of the page shows: CatBoost where all of our rows have it."""
    ours = [row for row in rows if row["origin"] == OURS]
    seeds = {
        classifier: sum(row["seeds"] for row in ours if row["classifier"] == classifier)
        for classifier in CLASSIFIERS
    }
    return max(reversed(CLASSIFIERS), key=seeds.get)


def _published(table):
    content = published()
    n = len(content["source"]["seeds"])
    for name, found in content["rows"].get(table, {}).items():
        for sensitive in found["dpr"]:
            pairs = {
                "auroc": found["auroc"],
                "dpr": found["dpr"][sensitive],
                "eor": found["eor"][sensitive],
            }
            yield {
                "table": table,
                "origin": PUBLISHED,
                "name": name,
                "engine": None,
                "sampling": None,
                "method": name not in REAL,
                "classifier": CATBOOST,
                "sensitive": sensitive,
                "seeds": n,
                "rows": TABLES[table].n_published,
                "comparable": True,
                **_spread({metric: interval_of(pair, n) for metric, pair in pairs.items()}),
                **{metric: found.get(metric, [None])[0] for metric in ("shape", "trend")},
                "copies": None,
                "copies_held_out": None,
                "seconds": None,
            }


def _ours(table, records):
    for engine, sampling in dict.fromkeys((record["engine"], record["sampling"]) for record in records):
        of_engine = _of(records, engine=engine, sampling=sampling)
        for classifier in CLASSIFIERS:
            asked = [record for record in of_engine if classifier in record["measured"]["classifiers"]]
            if asked:
                yield from _means(table, engine, sampling, classifier, asked)


def _means(table, engine, sampling, classifier, records):
    spec = TABLES[table]
    measured = [record["measured"] for record in records]
    found = [one["classifiers"][classifier] for one in measured]
    rows = records[0]["data"]["rows"]
    for sensitive in spec.sensitive:
        values = {
            "auroc": [one["auroc"] for one in found],
            "dpr": [one["dpr"].get(sensitive) for one in found],
            "eor": [one["eor"].get(sensitive) for one in found],
        }
        yield {
            "table": table,
            "origin": OURS,
            "name": name_of(engine, sampling),
            "engine": engine,
            "sampling": sampling,
            "method": engine not in ENGINES or ENGINES[engine].is_method,
            "classifier": classifier,
            "sensitive": sensitive,
            "seeds": len(records),
            "rows": rows,
            "comparable": rows == spec.n_published,
            **_spread({metric: _interval(of_seeds) for metric, of_seeds in values.items()}),
            **{name: _interval([one[name] for one in measured]).mean for name in SCORES},
            "seconds": _interval([record["seconds"] for record in records], high=None).mean,
        }


def name_of(engine: str, sampling: str) -> str:
    """Returns an engine with its sampling, as tables and figures name it.

    Examples:
        >>> name_of("real", "independent"), name_of("real", "as_in_the_data")
        ('real rows, S independent', 'real rows')
    """
    title = ENGINES[engine].title if engine in ENGINES else engine
    return title if sampling == AS_IN_THE_DATA else f"{title}, S {SAMPLING_NAMES.get(sampling, sampling)}"


def _interval(values, high=1.0):
    """Mean and interval over seeds; nothing if a seed has no value."""
    if None in values:
        return NOTHING
    return mean_interval(values, low=0.0, **({} if high is None else {"high": high}))


def _spread(intervals):
    """Mean and ends of each interval, as columns."""
    return {
        f"{metric}{end}": value
        for metric, interval in intervals.items()
        for end, value in zip(("", "_low", "_high"), interval[:3], strict=True)
    }


def _of(records, **wanted):
    return [record for record in records if all(record[name] == value for name, value in wanted.items())]

"""The page of a figure: verdict, picture, claim, numbers, and where every number comes from."""

from repfair_keras.figures.names import method_name
from repfair_keras.papers.figure import ILLUSTRATION, Measured, PaperFigure
from repfair_keras.papers.page_text import paragraphs
from repfair_keras.papers.tables.cell_figure import CellFigure
from repfair_keras.reporting.markdown.text import escape
from repfair_keras.runs.numbers import NUMBERS
from repfair_keras.sweeps.records import describe

MOST_NAMED = 8
EXPLORATORY = """## Parts of the claim, exploratory

By a rule that was written for other runs, and that decides nothing here:"""
SMOKE_WARNING = "**These are tiny runs that test the code. They say nothing.**"


def stem_of(name: str) -> str:
    """Returns the file name of a figure, without its ending.

    Examples:
        >>> stem_of("4"), stem_of("ablations")
        ('figure_4', 'ablations')
    """
    return f"figure_{name}" if name.isdigit() else name


def page(
    name: str,
    figure: PaperFigure,
    measured: Measured,
    records: list[dict],
    missing: list,
    has_picture: bool,
    smoke: bool,
    dataset: str | None = None,
) -> str:
    """Returns the page as Markdown.

    Args:
        name: name of the figure.
        figure: the figure.
        measured: what was measured for it.
        records: records that it was measured from.
        missing: configurations without a record.
        has_picture: whether there is a picture.
        smoke: whether the runs are tiny ones that say nothing.
        dataset: data set that was named in the place of the sweep's.
    """
    parts = [
        f"# {figure.title}",
        SMOKE_WARNING if smoke else "",
        f"**Verdict: {measured.verdict}.** {measured.why}",
        _picture(figure.title, stem_of(name), has_picture),
        _listed(measured),
        f"## The paper\n\n{figure.claim}",
        f"## Measured\n\n{measured.text}",
        _folded("Rule", measured.rule),
        f"## Where it comes from\n\n{sources(name, figure, records, missing, dataset)}",
    ]
    return paragraphs(parts) + "\n"


def _picture(title, stem, has_picture):
    if not has_picture:
        return "There is nothing to draw yet."
    return f"![{title}]({stem}.png)\n\nAs [PDF]({stem}.pdf); numbers as [CSV]({stem}.csv)."


def _folded(title, text):
    """A paragraph that is shown when it is asked for; empty without text."""
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>" if text else ""


def _listed(measured):
    """The parts of the claim as a list, those that it stands on in bold."""
    lines = "\n".join(f"- {state}: {text}" for text, state in measured.parts)
    heading = EXPLORATORY if measured.verdict == ILLUSTRATION else "## Verdict in parts"
    return f"{heading}\n\n{lines}" if measured.parts else ""


def sources(
    name: str, figure: PaperFigure, records: list[dict], missing: list, dataset: str | None = None
) -> str:
    """Returns the commands, data, seeds and commits behind a figure as a list in Markdown."""
    named = f" --dataset {dataset}" if dataset else ""
    lines = [f"Drawn by `python -m repfair_keras.reproduce {name}{named}`."]
    if isinstance(figure, CellFigure):
        lines += figure.sources(name, records, missing)
    elif figure.sweep is None:
        lines.append(
            "It is worked out: no run and no data." if figure.needs_nothing else "It needs the data alone."
        )
    else:
        lines += [*_trained_by(records, figure.registration is None), *_missing_runs(missing)]
    return "\n".join(f"- {line}" for line in lines)


def _trained_by(records, averages):
    """The commands, data, settings and commits of the runs; where it is asked for, of which generator images are."""
    if not records:
        return []
    lines = [f"Trained by `{command}`." for command in _distinct(record["command"] for record in records)]
    by_source = {record["data"]["source"]: record for record in records}
    seeds = _distinct(record["config"]["seed"] for record in records)
    presets = ", ".join(f"`{name}`" for name in _distinct(record["config"]["preset"] for record in records))
    commits = ", ".join(_distinct(_short(record["commit"]) for record in records))
    return [
        *lines,
        *(f"Data: {escape(source)}" for source in by_source),
        f"{len(records)} runs; seeds {', '.join(map(str, seeds))}; preset {presets}, {lengths(records)}.",
        f"Commits {commits}; version of the numbers {records[0]['numbers']}{_extractors(records)}.",
        *(_averages(records) if averages else ()),
        *_of_before(records[0]["numbers"]),
    ]


def _averages(records):
    """Of which generator the images are, where runs keep an average of its weights beside it."""
    decays = _distinct(record["config"].get("ema") or 0.0 for record in records)
    if decays != [0.0]:
        yield (
            f"Images are those of the exported generator, an average of its weights over training (EMA, decay "
            f"{', '.join(f'{decay:g}' for decay in decays)}), where the page does not say otherwise."
        )


def _of_before(version):
    if version != NUMBERS:
        yield (
            f"These runs are older than the present version of the numbers, {NUMBERS}; what has moved since is in the "
            "CHANGELOG. `--run` makes them anew."
        )


def _missing_runs(missing):
    if not missing:
        return []
    names = "; ".join(describe(config) for config in missing[:MOST_NAMED])
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    return [f"Not recorded yet: {names}{more}. `--run` trains them."]


def lengths(records: list[dict]) -> str:
    """Returns how long runs were trained, as text; of each method, where they differ."""
    methods_of = {}
    for config in (record["config"] for record in records):
        methods_of.setdefault(_length(config), set()).add(method_name(config["method"]))
    if len(methods_of) == 1:
        return next(iter(methods_of))
    return ", ".join(
        f"{length} ({', '.join(sorted(methods))})" for length, methods in sorted(methods_of.items())
    )


def _length(config):
    length = f"{config['steps']:,} steps" if config["steps"] else f"{config['epochs']} epochs"
    if config.get("vae_steps"):
        return f"{length} after {config['vae_steps']:,} steps of the encoder"
    if config.get("vae_epochs"):
        return f"{length} after {config['vae_epochs']} epochs of the encoder"
    return length


def _extractors(records):
    """The feature extractors that images were measured in; tables have none."""
    qualities = [record["report"]["quality"] for record in records]
    hashes = _distinct(quality["extractor"]["hash"] for quality in qualities if "extractor" in quality)
    return f"; extractors {', '.join(hashes)}" if hashes else ""


def _short(commit):
    """Seven digits of a commit, `+` if the code was changed."""
    return "unknown" if commit is None else commit[:7] + ("+" if commit.endswith("+") else "")


def _distinct(values):
    """The different values, sorted."""
    return sorted(set(values))

"""The page of a figure: verdict, picture, claim, numbers, and where every number comes from."""

from repfair_keras.figures.names import method_name
from repfair_keras.papers.naming import stem_of
from repfair_keras.reporting.markdown.text import escape
from repfair_keras.sweeps.records import describe

MOST_NAMED = 8


def page(name, figure, measured, records, missing, drawn, smoke, dataset=None):
    """Returns the page as Markdown.

    Args:
        name: name of the figure.
        figure: `PaperFigure`.
        measured: `Measured`.
        records: records it was drawn from.
        missing: configurations without a record.
        drawn: whether there is a picture.
        smoke: whether the runs are tiny ones that say nothing.
        dataset: data set that was named in the place of the sweep's.
    """
    stem = stem_of(name)
    picture = f"![{figure.title}]({stem}.png)" if drawn else "There is nothing to draw yet."
    parts = [
        f"# {figure.title}",
        "**These are tiny runs that test the code. They say nothing.**" if smoke else "",
        f"**Verdict: {measured.verdict}.** {measured.why}",
        f"{picture}\n\nAs [PDF]({stem}.pdf); numbers as [CSV]({stem}.csv)." if drawn else picture,
        _listed(measured.parts),
        f"## The paper\n\n{figure.claim}",
        f"## Measured\n\n{measured.text}",
        f"## Rule\n\n{measured.rule}" if measured.rule else "",
        f"## Where it comes from\n\n{sources(name, figure, records, missing, dataset)}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _listed(parts):
    """The parts of the claim as a list, those that it stands on in bold."""
    lines = "\n".join(f"- {state}: {text}" for text, state in parts)
    return f"## Verdict in parts\n\n{lines}" if parts else ""


def sources(name, figure, records, missing, dataset=None):
    """Returns the commands, data, seeds and commits behind a figure as a list in Markdown."""
    named = f" --dataset {dataset}" if dataset else ""
    lines = [f"Drawn by `python -m repfair_keras.reproduce {name}{named}`."]
    if figure.sweep is None:
        return "\n".join(f"- {line}" for line in [*lines, "It needs the data alone."])
    for command in _each(record["command"] for record in records):
        lines.append(f"Trained by `{command}`.")
    for record in {record["data"]["source"]: record for record in records}.values():
        lines.append(f"Data: {escape(record['data']['source'])}")
    if records:
        seeds = _each(record["config"]["seed"] for record in records)
        presets = ", ".join(f"`{name}`" for name in _each(record["config"]["preset"] for record in records))
        lines += [
            f"{len(records)} runs; seeds {', '.join(map(str, seeds))}; preset {presets}, {lengths(records)}.",
            f"Commits {', '.join(_each(_short(record['commit']) for record in records))}; "
            f"version of the numbers {records[0]['numbers']}{_extractors(records)}.",
        ]
    if missing:
        told = "; ".join(describe(config) for config in missing[:MOST_NAMED])
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        lines.append(f"Not recorded yet: {told}{more}. `--run` trains them.")
    return "\n".join(f"- {line}" for line in lines)


def lengths(records):
    """How long runs were trained, as text; of each method, where they differ."""
    found = {}
    for config in (record["config"] for record in records):
        length = f"{config['steps']:,} steps" if config["steps"] else f"{config['epochs']} epochs"
        if config.get("vae_steps"):
            length += f" after {config['vae_steps']:,} steps of the encoder"
        elif config.get("vae_epochs"):
            length += f" after {config['vae_epochs']} epochs of the encoder"
        found.setdefault(length, set()).add(method_name(config["method"]))
    if len(found) == 1:
        return next(iter(found))
    return ", ".join(f"{length} ({', '.join(sorted(methods))})" for length, methods in sorted(found.items()))


def _extractors(records):
    """The extractors that images were measured in; tables have none."""
    quality = [record["report"]["quality"] for record in records]
    hashes = _each(each["extractor"]["hash"] for each in quality if "extractor" in each)
    return f"; extractors {', '.join(hashes)}" if hashes else ""


def _short(commit):
    """Seven digits of a commit, `+` if the code was changed."""
    return "unknown" if commit is None else commit[:7] + ("+" if commit.endswith("+") else "")


def _each(values):
    """The different values, in order."""
    return sorted(set(values))

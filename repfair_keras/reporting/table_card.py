"""A model card of a generator of rows."""

import yaml

from repfair_keras import __version__
from repfair_keras.reporting.markdown.classifiers import downstream_table
from repfair_keras.reporting.markdown.text import escape

TELLS_TARGET = ("cart", "tab_ddpm")  # methods whose generators are told the target


OF_LATENTS = """```python
from repfair_keras.sampling.sample import sample_rows

frame = sample_rows("generator", n=1000, seed=0).frame  # groups uniform; or shares="marginal"
```

Without this package: `tf.saved_model.load("generator").sample(n, seed)["codes"]` has the category id of each
column, which `schema.json` turns into values: of a column with `values` their place in it, of one with
`knots` the bin, of which any number between its first and last knot is one. Where `missing` is true the last
number, one more than these, stands for a missing value."""

OF_ROWS = """```python
from repfair_keras.sampling.sample import sample_rows

frame = sample_rows("generator", n=1000, seed=0).frame  # as in the data
{choices}```

Without this package: `model = tf.saved_model.load("generator")`, then `model.sample(n, seed)["codes"]` has the category
id of each column, which `schema.json` turns into values: of a column with `values` their place in it, of one with
`knots` the bin, of which each knot is a value that was observed. Where `missing` is true the last number stands for a
missing value. `rules` say which columns are made of others, and `keys` which number the rows."""

TOLD = (
    'rows = sample_rows("generator", n=1000, independent="{names}", shares="uniform")  # fair by sampling\n'
)


def _sampling(data, config):
    """How rows are sampled: of latents, or of rows as they are asked for."""
    if data.train_frame is None or config.method.encoding != "faithful":
        return OF_LATENTS
    told = config.method.name in TELLS_TARGET
    return OF_ROWS.format(choices=TOLD.format(names=data.schema.sensitive) if told else "")


def model_card(report, config, data):
    """Returns the card's text.

    Args:
        report: the run's `TableReport`.
        config: resolved `Config`.
        data: `TableDataset` that the generator was trained on.

    Reference: Mitchell et al. 2019, Model Cards for Model Reporting.
    """
    header = {
        "library_name": "tensorflow",
        "tags": ["repfair-keras", "tabular", "fairness", config.method.name],
    }
    columns = "\n".join(f"- {escape(line)}" for line in data.schema.describe())
    return f"""---
{yaml.safe_dump(header, sort_keys=False)}---

# {config.method.name} on {config.data.dataset}

A generator of rows trained with `{config.method.name}` (preset `{config.training.preset}`, seed
{config.training.seed}) by repfair-keras {__version__}. {data.source}

## Sampling

{_sampling(data, config)}

## Columns

{columns}

## Classifiers that were trained on its rows

{downstream_table(report)}
"""

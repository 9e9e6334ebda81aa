"""A model card: Markdown with the metadata header that model hubs read."""

import yaml

from repfair_keras import __version__
from repfair_keras.metrics.catalog import metric_info
from repfair_keras.reporting.markdown.text import escape, interval, number, percent, table

QUALITY_OF_GROUPS = ("fid", "coverage")


def model_card(report, config, data):
    """Returns the card's text.

    Args:
        report: the run's `ImageReport`.
        config: resolved `Config`.
        data: `ImageDataset` that the generator was trained on.

    Reference: Mitchell et al. 2019, Model Cards for Model Reporting.
    """
    header = {
        "library_name": "tensorflow",
        "pipeline_tag": "unconditional-image-generation",
        "tags": ["repfair-keras", "gan", "fairness", config.method.name],
        **(
            {"datasets": [config.data.dataset]}
            if config.data.dataset in ("mnist", "fashion_mnist", "svhn", "cifar10")
            else {}
        ),
    }
    kind = "conditional GAN (class label)" if data.n_classes else "GAN"
    arguments = "labels=[3, 3, 7], seed=0" if data.n_classes else "n=16, seed=0"
    endpoint = "sample_labels" if data.n_classes else "sample"
    if report.asked:
        told_class = data.n_classes and config.method.makes_images
        kind = f"generator conditioned on the group{' and the class' if told_class else ''}"
        endpoint, arguments = "sample_groups", "groups=[0, 0, 1], seed=0"
    return f"""---
{yaml.safe_dump(header, sort_keys=False)}---

# {config.method.name} on {config.data.dataset}

A {kind} trained with `{config.method.name}` (preset `{config.training.preset}`, {_length(config)}, seed
{config.training.seed}) by repfair-keras {__version__}.

## Sampling

```python
import tensorflow as tf

generator = tf.saved_model.load("generator")
images = generator.{endpoint}({arguments})["images"]  # float32 in [-1, 1], {list(data.image_shape)} each
```

Neither this package nor the data is needed. The same arguments give the same bytes on the same machine.
{_asked(report)}
## Data

{data.source} Groups by `{data.grouping}`: {_shares(data.group_names, data.shares)}.

## Representation of the groups

{report.n:,} samples, seed {report.sample_seed}. Their groups were assigned by a classifier that is
right for {percent(report.classifier.accuracy)} of held-out real images.
{percent(report.undecided)} are undecided: their group is not clear, and they count for the likeliest.

{_table(report)}

## Limits

- The shares hold for this generator and this classifier; another seed of training gives other shares.
- The classifier is accurate on real images; that it is so on generated ones is an assumption.
- Balanced shares say nothing about the quality or variety of the images within a group.
- Not meant for decisions about people.
"""


def _asked(report):
    """What a generator that is told groups makes of each."""
    if not report.asked:
        return ""
    rows = zip(report.groups, report.asked.purity, strict=True)
    groups = [
        f"{index} is {escape(name)} ({percent(purity)} of its images show it)"
        for index, (name, purity) in enumerate(rows)
    ]
    return f"Groups by number: {', '.join(groups)}; of those whose group is clear.\n"


def _table(report):
    if report.proportions is None:
        return report.note or "No sample's group was clear."
    source = report.corrected if report.shares_are_corrected else report
    which = "corrected for that classifier's errors" if report.shares_are_corrected else "not corrected"
    quality = report.quality.by_group
    rows = []
    for group, (name, share) in enumerate(report.shares.items()):
        numbers = [quality[metric].values[group] if quality else None for metric in QUALITY_OF_GROUPS]
        ends = interval((share.low, share.high))
        rows.append([name, percent(share.value), ends, *(number(value, 3) for value in numbers)])
    level = f"{100 * report.level:.0f} %"
    header = ["group", "share", f"{level} interval", *(metric_info(name).label for name in QUALITY_OF_GROUPS)]
    floor = metric_info("noise_floor").shown(report.noise_floor)
    lines = [
        f"Shares {which}, with {level} intervals, and quality per group:",
        "",
        table(header, rows),
        "",
        f"Gap {percent(source.gap)}, FD to the target {metric_info('fd').shown(source.fd)}, "
        f"KL {metric_info('kl').shown(source.kl)}; the KL of counts of a generator on target stays below {floor} in "
        "95 % of such samples.",
        _quality(report.quality),
    ]
    agreement = report.label_agreement
    if agreement:
        lines.append(
            f"A classifier of labels, right for {percent(agreement.judge_accuracy)} of real images, sees "
            f"the label asked for in {percent(agreement.overall)}."
        )
    return "\n".join(lines)


def _quality(quality):
    if quality.overall is None:
        return "Quality was not measured: too few samples."
    numbers = [
        f"{metric_info(metric).label} {number(quality.overall[metric], 3)} "
        f"(real images: {number(quality.real[metric], 3)})"
        for metric in QUALITY_OF_GROUPS
    ]
    return f"All images: {', '.join(numbers)}, in the features of {escape(quality.extractor.called)}" + (
        ", trained on this data: not the FID of ImageNet features." if quality.extractor.trained_here else "."
    )


def _length(config):
    return f"{config.training.epochs} epochs" if config.training.epochs else f"{config.training.steps} steps"


def _shares(names, shares):
    return ", ".join(f"{escape(name)} {percent(share)}" for name, share in zip(names, shares, strict=True))

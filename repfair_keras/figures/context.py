"""What figures of a report are drawn from, and what each of them needs of it."""

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class FigureContext:
    """What is known of a run or a sample; `None` is what is not.

    Args:
        report: `ImageReport` or `TableReport`.
        log: rows of `log.csv`, a list of dicts of floats.
        dataset: `ImageDataset` that the generator was trained on.
        group_names: one name per group.
        max_grad_norm: the bound C; `None` if nothing was clipped.
        projected: dict of arrays, real and synthetic latents in two dimensions, see
            `evaluation.latent_report.project`.
        nearest_pairs: `Pairs` of generated images and the training images nearest to them.
    """

    report: Any = None
    log: list[dict[str, float]] | None = None
    dataset: Any = None
    group_names: tuple[str, ...] | None = None
    max_grad_norm: float | None = None
    projected: dict | None = None
    nearest_pairs: Any = None

    @property
    def modality(self):
        """`"images"` or `"tables"`, as the report says."""
        return getattr(self.report, "modality", "images")


@dataclass(frozen=True)
class Figure:
    """A figure, and what it is drawn from; what is registered.

    Args:
        plot: function that returns a `matplotlib.figure.Figure`, or `None` where there is nothing to show.
            Its arguments are named as the fields of `FigureContext`.
        needs: fields without which it is left out.
        uses: fields that it shows where they are known; `plot` has a default for each.
        modalities: of what reports it is: `"images"`, `"tables"`.

    Raises:
        TypeError: if a name is no field of the context, or no argument of `plot`, or an argument without a
            default is not among the needs: a misspelt name would make the figure vanish.

    Examples:
        >>> Figure(lambda raport: None, needs=("raport",))
        Traceback (most recent call last):
            ...
        TypeError: <lambda>: no 'raport' in a FigureContext, expected one of report, log, dataset, ...
    """

    plot: Callable
    needs: tuple[str, ...]
    uses: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ("images", "tables")

    def __post_init__(self):
        name, parameters = self.plot.__name__, inspect.signature(self.plot).parameters
        known = [field.name for field in dataclasses.fields(FigureContext)]
        for field in (*self.needs, *self.uses):
            if field not in known:
                raise TypeError(
                    f"{name}: no {field!r} in a FigureContext, expected one of {', '.join(known)}"
                )
            if field not in parameters:
                raise TypeError(f"{name} has no argument {field!r}, but says that it needs or uses it")
        required = {key for key, argument in parameters.items() if argument.default is argument.empty}
        if required != set(self.needs):
            raise TypeError(f"{name} has the arguments {sorted(required)}, but needs={sorted(self.needs)}")

    def draw(self, context):
        """Returns the figure of a `FigureContext`; `None` where what it needs is not known."""
        arguments = {name: getattr(context, name) for name in (*self.needs, *self.uses)}
        unknown = any(arguments[name] is None for name in self.needs)
        if unknown or context.modality not in self.modalities:
            return None
        return self.plot(**arguments)

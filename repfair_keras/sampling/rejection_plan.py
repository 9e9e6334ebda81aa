"""How much work rejection will be, estimated from its first round: the pilot."""

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

LEVEL = 0.95  # of the intervals


class RequestEstimate(NamedTuple):
    """How often one request was met in the pilot, and how many more images that makes.

    Args:
        name: of the request.
        missing: images still wanted.
        seen, generated: images of the group in the pilot, and all that were generated for the request.
        low, high: ends of the 95 % interval of the acceptance rate (Clopper and Pearson), in [0, 1].
    """

    name: str
    missing: int
    seen: int
    generated: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """Acceptance rate: the share of the generated images that show the group."""
        return self.seen / self.generated if self.generated else 0.0

    def images(self, rate: float) -> float:
        """Images to generate until none is missing, on average, at an acceptance rate."""
        return self.missing / rate if rate else math.inf


class RejectionPlan(NamedTuple):
    """What is left to do after the pilot.

    Args:
        requests: tuple of `RequestEstimate`, of those that are not complete.
        pilot: number of images of the pilot.
        seconds: seconds that it took.
    """

    requests: tuple[RequestEstimate, ...]
    pilot: int
    seconds: float

    @property
    def images(self) -> float:
        """Expected number of images to generate; infinite where a request was not met once."""
        return sum(request.images(request.rate) for request in self.requests)

    @property
    def interval(self) -> tuple[float, float]:
        """Numbers of images at the upper and the lower ends of the acceptance rates."""
        return tuple(sum(r.images(getattr(r, end)) for r in self.requests) for end in ("high", "low"))

    def to_text(self) -> str:
        """Returns the plan as lines of text."""
        head = f"Pilot: {self.pilot:,} images in {duration(self.seconds)}, seen by the attribute classifier."
        return "\n".join([head, *map(_line, self.requests), self._total()])

    def _total(self):
        low, high = self.interval
        per_image = self.seconds / self.pilot
        if math.isinf(self.images):
            return f"Expected: at least {_about(low)} more images, {duration(low * per_image)}."
        most = f"{_about(high)}, {duration(high * per_image)}"
        return (
            f"Expected: about {_about(self.images)} more images, {duration(self.images * per_image)} "
            f"(from {_about(low)} to {most})."
        )


def make_plan(requests, seen: np.ndarray, pilot: int, seconds: float) -> RejectionPlan:
    """Estimates what rejection will need.

    Args:
        requests: list of `GroupRequest`.
        seen: int, shape `(len(requests), k + 1)`: what the classifier sees in the pilot's images of each
            request, by group; the last column is undecided.
        pilot: number of images of the pilot.
        seconds: seconds that it took.

    Returns:
        `RejectionPlan`.
    """
    estimates = []
    for request, counts in zip(requests, seen.tolist(), strict=True):
        met, generated = counts[request.group], sum(counts)
        missing, ends = request.n - met, _ends(met, generated)
        if missing > 0:
            estimates.append(RequestEstimate(request.name, missing, met, generated, *ends))
    return RejectionPlan(tuple(estimates), pilot, seconds)


def _ends(met, generated):
    if not generated:  # more requests than images in the pilot
        return 0.0, 1.0
    return tuple(map(float, stats.binomtest(met, generated).proportion_ci(LEVEL, "exact")))


def _line(request):
    rate = f"{_percent(request.rate)} (95 % interval {_percent(request.low)} to {_percent(request.high)})"
    seen = f"{request.name}: seen in {request.seen:,} of {request.generated:,} images, {rate}"
    if request.seen:
        need = f"about {_about(request.images(request.rate))} images"
    else:
        need = f"at least {_about(request.images(request.high))} images, if it is made at all"
    return f"  {seen}; {request.missing:,} more need {need}."


def _percent(share):
    return f"{100 * share:.3g} %"


def _about(number):
    """A number with two digits that count."""
    digits = max(0, math.floor(math.log10(number)) - 1) if number >= 1 else 0
    return f"{round(number, -digits):,.0f}"


def duration(seconds: float) -> str:
    """Returns a time as a person says it: `"40 s"`, `"12 min"`, `"3.5 h"`."""
    if seconds < 100:
        return f"{max(seconds, 0.1):.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"

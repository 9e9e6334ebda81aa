"""What two players play for: the loss, its penalties and weights, and how the discriminator steps."""

from dataclasses import asdict, dataclass

from repfair_keras.losses.adversarial import LOSSES

HALVES, JOINT = "halves", "joint"


@dataclass(frozen=True)
class Objective:
    """The objective of an `AdversarialModel`.

    Args:
        loss: a key of `losses.adversarial.LOSSES`.
        update: `"halves"`, a step on the real half of the discriminator's loss, then one on the generated half, as
            Algorithm 1 of RepFair-GAN has it; or `"joint"`, one step on both.
        r1, r2: gamma of the penalties gamma/2 E||grad D(x)||^2 at real and at generated images; each belongs to its
            half.
        real_weight, fake_weight: factors of the halves.
        d_steps: steps of the discriminator, each on a batch of its own, for one of the generator.
        augment: kinds of `networks.diff_augment` through which the discriminator sees images.
        seed: seed of the augmentation.

    Examples:
        >>> Objective(loss="relativistic", update="joint", r1=1.0, r2=1.0).terms.pairs
        True
    """

    loss: str = "non_saturating"
    update: str = HALVES
    r1: float = 0.0
    r2: float = 0.0
    real_weight: float = 1.0
    fake_weight: float = 1.0
    d_steps: int = 1
    augment: tuple[str, ...] = ()
    seed: int = 0

    @property
    def terms(self):
        """The `AdversarialLoss`."""
        return LOSSES[self.loss]

    @property
    def joint(self):
        """Whether the discriminator makes one step on both halves."""
        return self.update == JOINT

    def to_config(self):
        """Returns it as JSON has it."""
        return {**asdict(self), "augment": list(self.augment)}

    @classmethod
    def of(cls, given):
        """Returns the objective that `to_config` wrote, or the default one for `None`."""
        if given is None or isinstance(given, cls):
            return given or cls()
        return cls(**{**given, "augment": tuple(given.get("augment", ()))})

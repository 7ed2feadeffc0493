"""What `narrcheck eval ablate` leaves out, one thing after another, to measure what each is worth."""

from dataclasses import dataclass

from narrcheck.parts import PARTS, Part


@dataclass(frozen=True, slots=True)
class Ablation:
    """A run with something left out. `key` names the sentence of the catalogue that says what.

    `parts` are left out with `narrcheck.parts.without`. Where `model` is set, the settings leave out the model
    (`model.use` off): such a run says something only beside one with a model.
    """

    name: str
    key: str
    parts: frozenset[Part] = frozenset()
    model: bool = False


def _of(part: Part) -> Ablation:
    return Ablation(part, f"ablation.{part}", frozenset([part]))


ABLATIONS: tuple[Ablation, ...] = (
    _of("synonyms"),
    _of("rarity"),
    _of("constraints"),
    _of("agreement"),
    _of("exclusivity"),
    _of("sums"),
    _of("borders"),
    Ablation("all", "ablation.all", PARTS),
    Ablation("model", "ablation.model", model=True),
)
"""In the order in which they are reported; "all" leaves out every part at once, which shows what overlaps."""

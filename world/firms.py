"""Firms with a seat of their own, as a scenario names them, and what their seat may order.

A seat is one firm that is big in its market. A *firm* uses a material in a zone; a *refiner* owns
plants. Firms that evade are fictional and say so, so a seat that stands for real plants may be
told anything but to evade.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRM, REFINER = "firm", "refiner"
FICTIONAL = "(fictional)"
MAGNETS = "magnet"  # the stage whose product can be redesigned; ore and oxides cannot
ACCEPT, QUIT, EVADE = 0, 1, 2  # licence terms of the coercer for feed

# levers that make sense only on one side of the target's border, with the reason as half a sentence
IN_TARGET = {"grey_appetite": "only buyers in {target} are offered grey goods"}
ABROAD = {
    "target_customers": "its own zone is {target}",
    "heed_threat": "the clause binds firms outside {target}",
    "licence_terms": "terms bind refiners outside {target}",
}


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm that somebody may play; ``share`` is of its market's industrial demand."""

    id: str
    kind: str  # firm | refiner
    title: str
    zone: str
    material: str = ""  # what a firm uses
    share: float = 0.0
    plant: str = ""  # name of a refiner's plant, or of the company whose plants are all its own
    stage: str = ""  # of a refiner's plants
    evader: bool = False  # a refiner whose plants are fictional

    @property
    def fictional(self) -> bool:
        return FICTIONAL in self.title

    def lacks(self, lever: str, target: str) -> str | None:
        """Why a lever of its kind is of no use to it, as half a sentence, or None."""
        if lever in IN_TARGET and self.zone != target:
            return IN_TARGET[lever].format(target=target)
        if lever in ABROAD and self.zone == target:
            return ABROAD[lever].format(target=target)
        if lever == "saving_usd_m" and self.stage not in ("", MAGNETS):
            return "what it refines cannot be redesigned"
        return None

    def refuses(self, lever: str, value: float) -> str | None:
        """Why a value in range cannot be ordered of it, as one sentence, or None."""
        if lever == "licence_terms" and value == EVADE and not self.evader:
            return (
                f"licence_terms of {self.id} cannot be {EVADE} (evade): it stands for real plants, "
                "and in this game only fictional ones evade."
            )
        if lever == "grey_appetite" and value > 1 and not self.fictional:
            return (
                f"grey_appetite of {self.id} cannot be above 1: its seat is not fictional, and in "
                "this game only fictional firms look for grey goods."
            )
        return None

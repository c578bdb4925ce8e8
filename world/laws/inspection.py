"""Detection of diversion, punishment and what firms believe (ODD 7.9; Becker 1968)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def detection_probability(
    effort: Array,
    anomaly: Array,
    trace: Array,
    help_: Array,
    visibility: Array,
    base: float,
    per_anomaly: float,
    per_trace: float,
) -> Array:
    """Probability that a diverting trader is caught in a week; 0 without effort.

    `anomaly` is the log rise of visible exports to the hub, `trace` the traceability of the
    material, `help_` the hub's own policing, `visibility` how much a trader is looked at.
    """
    intensity = base + per_anomaly * np.maximum(0.0, anomaly) + per_trace * trace
    return 1.0 - np.exp(-effort * intensity * visibility * (1.0 + help_))


def believe(
    belief: Array, rate: Array, salience: Array, seen: Flags, prior: float, up: float, down: Array
) -> Array:
    """Belief moves fast towards a higher observed rate of detection and slowly (`down`) back.

    Where nothing is `seen`, since nobody diverts, it fades to what was believed at first.
    """
    observed = np.minimum(1.0, salience * rate)
    target = np.where(seen, observed, np.minimum(belief, prior))
    weight = np.where(target > belief, up, down)
    return np.asarray(belief + weight * (target - belief))


def announce_risk(belief: Array, credibility: Array, strength: Array, announced: float) -> Array:
    """A public threat lifts belief to what is announced, as far as it is believed."""
    return np.maximum(belief, credibility * strength * announced)


def perceived_hazard(belief: Array, visibility: Array) -> Array:
    """Weekly risk that a trader sees that is looked at so much, from the belief of its hub."""
    return np.asarray(1.0 - (1.0 - belief) ** visibility)

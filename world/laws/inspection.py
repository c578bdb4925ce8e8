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
    relative_size: Array,
    base: float,
    per_anomaly: float,
    per_trace: float,
) -> Array:
    """Probability that a diverting trader is caught in a week; 0 without effort.

    `anomaly` is the log rise of visible exports to the hub, `trace` the traceability of the
    material, `help_` the hub's own policing, `relative_size` capacity over the hub's mean.
    """
    intensity = base + per_anomaly * np.maximum(0.0, anomaly) + per_trace * trace
    return 1.0 - np.exp(-effort * intensity * np.sqrt(relative_size) * (1.0 + help_))


def believe(
    belief: Array, rate: Array, salience: Array, seen: Flags, up: float, down: float
) -> Array:
    """Belief moves fast towards a higher observed rate of detection and slowly back."""
    target = np.minimum(1.0, salience * rate)
    weight = np.where(target > belief, up, down)
    return np.where(seen, belief + weight * (target - belief), belief)


def announce_risk(belief: Array, credibility: Array, strength: Array, announced: float) -> Array:
    """A public threat lifts belief to what is announced, as far as it is believed."""
    return np.maximum(belief, credibility * strength * announced)


def perceived_hazard(belief: Array, relative_size: Array) -> Array:
    """Weekly risk that a trader of a size sees, from the belief of its hub."""
    return 1.0 - (1.0 - belief) ** np.sqrt(relative_size)

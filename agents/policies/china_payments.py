"""Aims at what its leakiest hub has more to lose: payments through its banks, or its supplies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.players import Turn, register
from agents.policies.china_calibrated import ChinaCalibrated
from agents.policies.coercer import leak
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("china_payments")

Array = NDArray[np.float64]


class Stakes(NamedTuple):
    """What the hub that leaks most has at stake, (R,) shares."""

    payments: Array
    supply: Array


class ChinaPayments(ChinaCalibrated):
    name = "china_payments"
    source = (
        "two kinds of secondary sanction: the order of 22 December 2023 on foreign banks against "
        "announcement no. 1 of 6 January 2026 on whoever passes goods on (Farrell and Newman 2019)"
    )
    traits = (
        "coercer", "chooses between payments and supplies", "goes by published exposures",
        "follows leaks to the hubs",
    )  # fmt: skip

    def weigh(self, view: StateView, weights: Mapping[str, float]) -> Mapping[str, Any]:
        """Who aims at banks announces the clause and polices goods no harder than that."""
        pays = wanted(view, weights) | (view.own("payment_measures") > 0)
        least = min(TERMS.grip, weights["highest_grip"])
        return {**weights, "highest_grip": np.where(pays, least, weights["highest_grip"])}

    def habits(self, turn: Turn, view: StateView, weights: Mapping[str, float]) -> None:
        """Payment measures while a ban leaks and payments outweigh supplies; they wear out."""
        super().habits(turn, view, weights)
        held, (payments, supply) = view.own("payment_measures"), stakes(view)
        turn.set("payment_measures", TERMS.force, wanted(view, weights) & (held < TERMS.force),
                 "the leakiest hub has {:.0%} of its payments at stake and {:.0%} of its supplies",
                 payments, supply)  # fmt: skip
        turn.set("payment_measures", 0, (held > 0) & (payments <= supply),
                 "payments reach only {:.0%} now, supplies {:.0%}", payments, supply)  # fmt: skip
        turn.set("payment_measures", 0, (held > 0) & ~banned(view), "no ban stands")


def banned(view: StateView) -> NDArray[np.bool_]:
    return np.asarray(np.asarray(view.ban_on(view.target)) > 0)


def wanted(view: StateView, weights: Mapping[str, Any]) -> NDArray[np.bool_]:
    """True where a ban leaks and the leakiest hub fears more for its payments."""
    payments, supply = stakes(view)
    leaks = leak(view) > weights["patience"]
    return np.asarray(banned(view) & leaks & (payments > TERMS.outweigh * supply))


def stakes(view: StateView) -> Stakes:
    """Published exposures of the hub that leaks most; nothing where there is no hub abroad."""
    hubs = [hub for hub in view.hubs if hub != view.coercer]
    if not hubs:
        nothing = np.zeros(np.shape(view.provocation))
        return Stakes(nothing, nothing)
    worst = np.argmax([view.anomaly[hub] for hub in hubs], axis=0)

    def of(table: Mapping[str, Array]) -> Array:
        values = np.array([table[hub] for hub in hubs])
        return np.asarray(np.take_along_axis(values, worst[None], axis=0)[0])

    return Stakes(of(view.payment_exposure), of(view.supply_exposure))


register(ChinaPayments())

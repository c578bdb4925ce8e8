"""What is worked out beside a page without a press, once its run has come whole: why the target
lost what it lost, and the band of other lucks; not for a page that nobody sees, and for the runs of
the first pages only. Another zone's causes come when it is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runs.web.band import FEWEST, MOST
from runs.web.beside import beside
from runs.web.start import Defaults

if TYPE_CHECKING:
    from runs.web.payload import View
    from runs.web.scene import Look


def go_on(view: View) -> None:
    """Takes what was heard, and asks for what a run that is told to its end still lacks."""
    told = view.telling is not None and view.telling.weeks >= view.desk.week
    if not (told and view.may_ask):
        return
    why, band = view.heard.get("why"), view.heard.get("band")
    ahead = view.front and not Defaults.lean and beside.has_place_ahead(view.desk.start)
    if why is None and ahead:
        view.ask_beside("why", {"zone": view.scene.target}, patient=True)
    elif why is not None and why["state"] == "done":
        view.whys[why["asked"]["zone"]] = why["found"]
    if band is None and ahead:
        view.ask_beside("band", {"lucks": FEWEST}, patient=True)
    elif band is not None and band["state"] == "done" and band["found"] is not view.lucks:
        view.lucks = band["found"]
        if view.front and view.lucks["bands"] and view.lucks["lucks"] < MOST:  # a wider one
            view.ask_beside("band", {"lucks": MOST}, patient=True)


def ask_why(view: View, zone: str) -> None:
    """A person has chosen a zone, and waits for its causes if they are not known."""
    view.why_zone = zone
    why = view.heard.get("why", {})
    under_way = why.get("state") == "working" and why["asked"]["zone"] == zone
    if zone not in view.whys and not under_way:
        view.ask_beside("why", {"zone": zone})


def why_of(view: View) -> dict[str, Any]:
    """The causes of the zone that is shown, or ``{zone, state, done, of}`` while there are none;
    ``waiting`` where nobody plays them."""
    zone = view.why_zone or view.scene.target
    if zone in view.whys:
        return {"zone": zone, **view.whys[zone]}
    why = view.heard.get("why")
    if why is None or why["asked"]["zone"] != zone:
        return {"zone": zone, "state": "waiting"}
    return {"zone": zone, **{name: why[name] for name in ("state", "done", "of", "say")
                             if name in why}}  # fmt: skip


def band_of(view: View, look: Look) -> dict[str, Any] | None:
    """The band of the market that is looked at; None while there is none."""
    bands = view.lucks["bands"] if view.lucks else {}
    found = bands.get(f"{look.material} {look.zone}")
    if found is None or view.lucks is None:
        return None
    return {"lucks": view.lucks["lucks"], "material": look.material, "zone": look.zone, **found}

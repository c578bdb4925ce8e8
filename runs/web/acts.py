"""What a person does on the watch page: look elsewhere, start again, sit down, give orders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from runs.web.journal import say
from runs.web.payload import View
from runs.web.scene import Look
from runs.web.seat import answer, spoken
from runs.web.start import known_scenarios, no_scenario, read_seed, read_speed


def choose(view: View, wish: dict[str, str]) -> None:
    """A choice of what to look at; unknown values change nothing."""
    what, value = wish["what"], str(wish["value"])
    if what == "speed":
        if view.desk.start.guest:
            return
        view.desk.set_speed(read_speed(value, view.desk.speed))
    elif what == "tab":
        view.tab = "sources" if value == "sources" else "watch"
    elif what == "narrow":
        view.look = replace(view.look, narrow=value == "true")
    elif what == "actor":
        view.actor = value
    elif view.desk.scene is not None:
        if what == "week":
            week = min(int(value), view.desk.week - 1) if value.isdigit() else None
            view.look = replace(view.look, week=week)
        elif what == "material" and value in {good.id for good in view.scene.goods}:
            view.look = replace(view.look, material=value)
        elif what == "zone" and value in {place.code for place in view.scene.places}:
            view.look = replace(view.look, zone=value)


def restart(view: View, wish: dict[str, str]) -> None:
    """From week 0, with a scenario that this server offers; anything else changes nothing."""
    scenario = str(wish["scenario"])
    seed, problem = read_seed(str(wish["seed"]))
    if scenario not in known_scenarios():
        problem = no_scenario(scenario)
    view.notice = problem
    if not problem:
        start = replace(view.desk.start, scenario=scenario, seed=seed)
        # What is looked at stays, where the new scenario has it.
        start = replace(start, material=view.look.material, zone=view.look.zone, autoplay=True)
        view.forget()
        view.desk.reset(start)


def take(view: View, actor: str) -> None:
    if view.desk.start.guest:
        return
    view.forget_orders()
    view.desk.take_seat(str(actor or ""))
    if view.desk.seat and view.desk.scene is not None:
        view.look = replace(view.look, zone=view.desk.seat, week=None)


def draft(view: View, wish: dict[str, Any]) -> None:
    """A wish for a lever: kept for the end of the quarter, answered at once."""
    lever, value = str(wish["lever"]), wish["value"]
    view.problem = ""
    view.drafts.pop(lever, None)
    view.notes.pop(lever, None)
    if value is None:
        return
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        said = f"{spoken(lever, view.scene)} needs a number, {str(value)[:20]!r} is none."
        view.notes[lever] = {"refusal": said}
        return
    with view.desk.lock:
        reply = answer(view.desk.game, view.desk.seat, lever, number)
        reply = {kind: say(text, view.scene) for kind, text in reply.items()}
    view.notes[lever] = reply
    if "refusal" not in reply:
        view.drafts[lever] = number


def end_quarter(view: View) -> None:
    """Hand in the orders; a refusal keeps the quarter open and stands at its field."""
    desk = view.desk
    refused = [lever for lever, reply in view.notes.items() if "refusal" in reply]
    with desk.lock:
        if not desk.waiting:
            return
        if not refused:
            for lever, value in view.drafts.items():
                refusal = desk.game.submit(actor=desk.seat, lever=lever, value=value)
                if refusal is not None:
                    refused.append(lever)
                    view.notes[lever] = {"refusal": say(refusal.reason, view.scene)}
    if refused:
        names = ", ".join(spoken(lever, view.scene) for lever in refused)
        view.problem = f"Not accepted: {names}. Change it or undo it."
        return
    view.forget_orders()
    desk.end_quarter()


def retry(view: View) -> None:
    """After a fault: a stopped run starts again, a view that cannot be drawn goes back home."""
    if view.desk.error:
        view.desk.reset(view.desk.start)
    view.fault = ""
    view.look = Look("", "", narrow=view.look.narrow)
    view.actor, view.tab = "", "watch"

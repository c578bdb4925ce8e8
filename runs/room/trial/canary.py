"""Words that only one seat may read, and a search for them everywhere else.

    python -m runs.room.trial.canary

Two seats and control write canaries into everything private there is. Every frame of every other
seat and of the wall is kept over two turns and searched, and so are their views, the pages with
their files and catalogues, answers to wrong requests, the export without names, and what the
server prints. After the reveal the same seats may read orders and deals, still no message and no
name.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from runs.pages.routes import PAGES, STATIC
from runs.pages.words import LANGUAGES
from runs.room.trial.client import Bot, Door, Server, new_id, new_room, tell
from runs.room.trial.hall import Hall
from runs.room.trial.wire import Wire

MARK = "canary7f3a"
SPIES = ("CHN", "USA", "EUU", "AUS", "VNM", "KOR_BATTERY", "JPN_MAGNETS", "VNM_REFINER")


class Scan:
    """What was searched, and where a canary was found."""

    def __init__(self) -> None:
        self.searched: dict[str, int] = {}
        self.found: list[str] = []

    def look(self, kind: str, place: str, text: str, *words: str) -> None:
        self.searched[kind] = self.searched.get(kind, 0) + 1
        for word in words or (MARK,):
            if word and word in text:
                at = text.index(word)
                self.found.append(f"{kind} {place}: {text[max(0, at - 60) : at + 60]!r}")


async def scan(server: Server, said: Path) -> dict[str, Any]:
    """How many texts of each kind were searched, and what was found: nothing, if all is well."""
    made = await new_room(server.address, users=300, turn_seconds=None, auto_close=False, turns=2)
    code, search = made["code"], Scan()
    control = Door(server.address, code, made["facilitator_token"])
    spies = [Bot(server.address, code, f"Spy {n}") for n in range(len(SPIES))]
    wall = Bot(server.address, code, "wall")
    wall.token = made["projector_token"]
    for spy, seat in zip(spies, SPIES, strict=True):
        await spy.join(seat)
    for bot in (*spies, wall):
        bot.keep_frames = True
        bot.go_live()
    japan, korea = await _plant(server, code, control)
    for turn in (1, 2):
        await control.act("close_turn")
        await japan.until_ended(turn)
        await _plant_more(japan, korea, control, turn)
    await asyncio.sleep(1.0)
    for bot in (*spies, wall):
        for _, frame in bot.frames:
            search.look("frame", bot.name, json.dumps(frame, ensure_ascii=False))
        _, view = await bot.call("GET", "/view")
        search.look("view", bot.name, json.dumps(view, ensure_ascii=False))
        await bot.leave()
    planted = [
        json.dumps((await one.call("GET", "/view"))[1]).count(MARK) for one in (japan, korea)
    ]
    await _wrong(search, spies[0], japan)
    await _pages(search, server)
    tokens = (made["facilitator_token"], made["projector_token"], japan.token, korea.token)
    await _export(search, control, tokens)
    await control.act("reveal")
    _, review = await spies[0].call("GET", "/review")
    text = json.dumps(review, ensure_ascii=False)
    search.look("review", "after the reveal", text, f"{MARK} message", f"{MARK} name", *tokens)
    search.look("log", said.name, said.read_text(encoding="utf-8", errors="replace"), MARK, *tokens)
    return {"planted": planted, "searched": search.searched, "found": search.found}


class Insider(Bot):
    """A seat with something to hide."""

    async def until_ended(self, turn: int) -> None:
        for _ in range(600):
            _, view = await self.call("GET", "/view")
            if view["phase"] == "ended" or view["turn"] > turn:
                return
            await asyncio.sleep(0.1)
        raise TimeoutError("the turn was not played")

    async def must(self, path: str, verb: str = "POST", **body: Any) -> Any:
        status, answer = await self.call(verb, path, {"id": new_id(), **body})
        if status != 200:
            raise RuntimeError(f"{path} was refused: {answer}")
        return answer


async def _plant(server: Server, code: str, control: Door) -> tuple[Insider, Insider]:
    """Canaries in names, intents, deals, messages, notes, moves, injects, and what control says."""
    japan = Insider(server.address, code, f"{MARK} name Sato")
    korea = Insider(server.address, code, f"{MARK} name Kim")
    await japan.join("JPN")
    await korea.join("KOR")
    await control.act("start")
    await japan.must("/orders", "PUT", turn=1, lever="stance", value=0.4, why=f"{MARK} why")
    stock = {"kind": "stock", "material": "tungsten", "tonnes_per_turn": 3}
    deal = await japan.must("/deals", to="KOR", secret=True, gives=[stock], text=f"{MARK} deal")
    await korea.must(f"/deals/{deal['deal']}/sign")
    await japan.must("/messages", to="KOR", text=f"{MARK} message")
    await korea.must("/messages", to="control", text=f"{MARK} message to control")
    for kind in ("flag", "strategy", "intended", "happened", "surprised"):
        await japan.must("/notes", kind=kind, text=f"{MARK} note")
    move = await japan.must(
        "/moves", claim=f"{MARK} claim", pro=[f"{MARK} pro"], con=[f"{MARK} con"]
    )
    news = {"kind": "news", "target": "JPN", "actor": "JPN", "text": f"{MARK} inject"}
    acts: dict[str, dict[str, Any]] = {
        "inject": {"to": "JPN", "event": news},
        "message": {"to": "JPN", "text": f"{MARK} message of control"},
        "override": {"seat": "KOR", "lever": "stance", "value": 0, "why": f"{MARK} why"},
        "note": {"text": f"{MARK} note of an umpire"}, "look": {"seat": "JPN"},
        "adjudicate": {
            "move": move["move"], "probability": 1, "why": f"{MARK} ruling", "to": ["JPN"],
            "effect": {"kind": "money", "seat": "JPN", "to": "KOR", "usd_m": 1},
        },
    }  # fmt: skip
    for action, fields in acts.items():
        status, answer = await control.act(action, **fields)
        if status != 200:
            raise RuntimeError(f"{action} was refused: {answer}")
    return japan, korea


async def _plant_more(japan: Insider, korea: Insider, control: Door, turn: int) -> None:
    await japan.must("/notes", kind="expected", text=f"{MARK} expected", turn=turn)
    await korea.must("/messages", to="JPN", text=f"{MARK} message again")


async def _wrong(search: Scan, spy: Bot, japan: Bot) -> None:
    """Answers to what a spy may not ask."""
    asks: list[tuple[str, str, Any]] = [
        ("GET", "/view?seat=JPN", None), ("GET", "/review", None), ("GET", "/export", None),
        ("GET", "/story", None),
        ("POST", "/deals/1/sign", {"id": new_id()}), ("GET", "/wall", None),
        ("GET", "/lesson", None),
        ("PUT", "/orders", {"id": new_id(), "turn": 1, "lever": "stance", "value": 99}),
        ("POST", "/join", {"id": new_id(), "name": japan.name[:-1]}),
    ]  # fmt: skip
    for verb, path, body in asks:
        status, answer = await spy.call(verb, path, body)
        search.look("answer", f"{verb} {path} {status}", json.dumps(answer, ensure_ascii=False))


async def _pages(search: Scan, server: Server) -> None:
    wire = Wire(server.address)
    files = [path.relative_to(STATIC) for path in STATIC.rglob("*") if path.is_file()]
    paths = [f"/{page}" for page in PAGES] + [f"/pages/{file.as_posix()}" for file in files]
    paths += [f"/pages/words/{language}.json" for language in LANGUAGES]
    for path in (*paths, "/pages/scene/japan-2026.json", "/api/openapi.json", "/healthz"):
        body = (await wire.ask("GET", path)).body.decode("utf-8", "replace")
        search.look("page", path, body)
    wire.close()


async def _export(search: Scan, control: Door, tokens: tuple[str, ...]) -> None:
    """An export holds what was written, without names of people and without tokens."""
    import pandas as pd

    for form in ("csv", "parquet"):
        where = f"/api/rooms/{control.code}/export?format={form}"
        wire = Wire(control.address, patience=60.0)
        body = (await wire.ask("GET", where, control.token)).body
        wire.close()
        with zipfile.ZipFile(io.BytesIO(body)) as files:
            for name in files.namelist():
                raw = files.read(name)
                text = raw.decode("utf-8", "replace")
                if name.endswith(".parquet"):
                    text = pd.read_parquet(io.BytesIO(raw)).to_csv()
                search.look("export", name, text, f"{MARK} name", *tokens)


def main() -> None:
    argparse.ArgumentParser(description="Searches for private words everywhere else.").parse_args()
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "printed.txt"
        with Hall(Path(folder) / "rooms.db", said=said) as server:
            found = asyncio.run(scan(server, said))
    tell(found, not found["found"] and min(found["planted"]) > 0)


if __name__ == "__main__":
    main()

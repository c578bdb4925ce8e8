"""The room's door: JSON over HTTP and a websocket, to be mounted at `/api`.

    service = Service(Store(path))
    routes = [Route("/healthz", health(service)), Mount("/api", build_api(service))]

A token is sent as `Authorization: Bearer`, on the websocket as the first message. Whatever a client
sends is answered with 4xx and `{"error": one sentence, "field": ...}`; 503 says that the server
itself cannot save or play.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Header, Path, Query, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.websockets import WebSocketDisconnect

from runs.room import commands as forms
from runs.room.address import join_address, qr_svg
from runs.room.commands import Refused
from runs.room.guard import Guard, bearer
from runs.room.host import Host
from runs.room.live import MOVED, Line
from runs.room.log import NotSaved
from runs.room.refusals import refuse
from runs.room.roster import seat_name
from runs.room.saved import saved_rooms
from runs.room.say import Say
from runs.room.service import Service
from runs.room.tokens import FACILITATOR, KINDS, SEAT, Pass
from runs.room.what_if import add_what_if

log = logging.getLogger(__name__)

HELLO_SECONDS = 10.0
MOST_WORDS = 2000  # signs of a message on the websocket
Code = Annotated[str, Path(max_length=20, description="the room's code, as on the wall")]
Entered = tuple[Host, Pass]
Answer = dict[str, Any]


def build_api(service: Service) -> Guard:
    """The whole interface behind its guard: an ASGI application."""
    api = FastAPI(
        title="Entrepot: the room", version="1", docs_url=None, redoc_url=None,
        description=__doc__ or "", redirect_slashes=False,
        responses={status: {"description": text} for status, text in ERRORS.items()},
    )  # fmt: skip
    _errors(api)
    _rooms(api, service)
    _seats(api, service)
    _control(api, service)
    _live(api, service)
    add_what_if(api, service)
    return Guard(api, lambda token: service.holder(token) is not None or service.is_host(token))


ERRORS = {
    401: "no token, or one that is not known", 403: "a token that may not do this",
    404: "no such thing", 409: "too late, or not now", 413: "too long",
    422: "refused, with a sentence", 429: "too fast", 503: "the server cannot save or play",
}  # fmt: skip


def _errors(api: FastAPI) -> None:
    def say(
        status: int, text: str, field: str | None = None, told: Say | None = None
    ) -> JSONResponse:
        return JSONResponse(Refused(text, field, status, told).body, status)

    @api.exception_handler(Refused)
    async def refused(request: Request, problem: Refused) -> Response:
        return JSONResponse(problem.body, problem.status)

    @api.exception_handler(NotSaved)
    async def not_saved(request: Request, problem: NotSaved) -> Response:
        return say(503, str(problem), None, Say(problem.key))

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, problem: RequestValidationError) -> Response:
        first = problem.errors()[0]
        place = [str(part) for part in first["loc"] if part not in ("body", "query", "path")]
        field = ".".join(place)[:80] or None
        reason = str(first["msg"]).removeprefix("Value error, ")
        told = Say("refuse.form", {"name": field or "–"})
        return say(422, f"{field or 'The request'}: {reason}.", field, told)

    @api.exception_handler(HTTPException)
    async def plain(request: Request, problem: HTTPException) -> Response:
        return say(problem.status_code, f"{problem.detail}.")

    @api.exception_handler(Exception)
    async def ours(request: Request, problem: Exception) -> Response:
        log.exception("a request met a fault")  # in our log, never in an answer
        told = Say("refuse.could_not")
        return say(422, told.english, None, told)


def entered(service: Service, *kinds: str) -> Any:
    """A dependency: the room and the holder of the request's token."""

    async def enter(
        code: Code, request: Request,
        authorization: Annotated[str | None, Header(description="Bearer TOKEN")] = None,
        entrepot_device: Annotated[str | None, Header(max_length=80)] = None,
    ) -> Entered:  # fmt: skip
        token = bearer(request.scope)
        if not token:
            raise refuse("token_needed", None, 401)
        host, holder = await service.enter(token, code, *kinds)
        if entrepot_device and host.lines.was_moved(holder, entrepot_device):
            raise refuse("moved", None, 409)
        return host, holder

    return Depends(enter)


# --- rooms --------------------------------------------------------------------------------------


def _rooms(api: FastAPI, service: Service) -> None:
    anyone = entered(service, *KINDS)

    @api.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> Response:
        wrong = await service.healthy()
        return PlainTextResponse(wrong or "ok\n", 503 if wrong else 200)

    @api.post("/rooms")
    async def create(form: forms.NewRoom, request: Request) -> Answer:
        """A new room; needs the host's token."""
        if not service.is_host(bearer(request.scope)):
            raise refuse("host_token", None, 401)
        return await service.create(form)

    @api.get("/rooms")
    async def rooms(request: Request) -> Answer:
        """All rooms of the log with their tokens; needs the host's token."""
        if not service.is_host(bearer(request.scope)):
            raise refuse("host_token", None, 401)
        return {"rooms": await asyncio.to_thread(saved_rooms, service)}

    @api.get("/rooms/{code}")
    async def lobby(code: Code, request: Request) -> Answer:
        """What somebody sees before joining: seats by role with places left."""
        host = await service.host(code)
        chairs = host.room.chairs.values()
        size = host.room.options.get("team_size")
        people = [p.seat for p in host.room.people.values() if not p.gone]
        return {
            "room": host.room.code, "scenario": host.room.scenario, "title": host.plan.title,
            "join": join_address(service.base or str(request.base_url.replace(path="")), host.code),
            "language": host.room.language,
            "phase": host.room.phase,
            "seats": [
                {"seat": c.seat, "title": f"seat.{c.seat}", "kind": c.kind,
                 "name": seat_name(host.plan, c.seat),
                 "people": people.count(c.seat),
                 "left": None if size is None else max(0, size - people.count(c.seat))}
                for c in chairs if c.open
            ],
        }  # fmt: skip

    @api.get("/rooms/{code}/qr.svg")
    async def qr(code: Code, request: Request) -> Response:
        """The join address as a QR code."""
        host = await service.host(code)
        where = join_address(service.base or str(request.base_url.replace(path="")), host.code)
        return Response(qr_svg(where), media_type="image/svg+xml")

    @api.post("/rooms/{code}/join")
    async def join(code: Code, form: forms.Join, request: Request) -> Answer:
        return await service.join(code, form, request.client.host if request.client else "")

    @api.get("/rooms/{code}/view")
    async def view(
        here: Entered = anyone, seat: Annotated[str | None, Query(max_length=80)] = None
    ) -> Response:
        """The whole payload of a token; a facilitator may look at a seat's."""
        host, holder = here
        if seat is not None:
            return _json(await host.seat_payload(holder, seat))
        return _json(await host.payload(holder))

    @api.get("/rooms/{code}/review")
    async def review(here: Entered = anyone) -> Answer:
        return await service.review(*here)

    @api.post("/rooms/{code}/branch")
    async def branch(form: forms.BranchForm, here: Entered = anyone) -> Answer:
        """What if, from a week of the played game; the record stays as it is."""
        return await service.branch(*here, form.model_dump(exclude={"id"}))


def _json(text: str) -> Response:
    return Response(text, media_type="application/json", headers={"cache-control": "no-store"})


# --- a seat's calls -----------------------------------------------------------------------------


def _seats(api: FastAPI, service: Service) -> None:
    seat = entered(service, SEAT)

    async def say(here: Entered, kind: str, form: forms.Said, turn: int = 0) -> Answer:
        data = form.model_dump(exclude={"id"})
        return await service.say(*here, kind, form.id, data, turn)

    @api.put("/rooms/{code}/orders")
    async def order(form: forms.OrderForm, here: Entered = seat) -> Answer:
        """Saves one order of the open turn; null takes it back."""
        return await say(here, "order", form, form.turn)

    @api.post("/rooms/{code}/submit")
    async def submit(form: forms.TurnForm, here: Entered = seat) -> Answer:
        return await say(here, "submit", form, form.turn)

    @api.post("/rooms/{code}/reopen")
    async def reopen(form: forms.TurnForm, here: Entered = seat) -> Answer:
        return await say(here, "reopen", form, form.turn)

    @api.post("/rooms/{code}/deals")
    async def offer(form: forms.DealForm, here: Entered = seat) -> Answer:
        return await say(here, "offer", form)

    @api.post("/rooms/{code}/deals/{n}/{act}")
    async def deal(
        n: Annotated[int, Path(ge=1, le=10**6)], act: Literal["sign", "withdraw"],
        form: forms.Said, here: Entered = seat,
    ) -> Answer:  # fmt: skip
        return await service.say(*here, act, form.id, {"deal": n})

    @api.post("/rooms/{code}/messages")
    async def message(form: forms.MessageForm, here: Entered = seat) -> Answer:
        return await say(here, "say", form)

    @api.post("/rooms/{code}/forecasts")
    async def forecast(form: forms.ForecastForm, here: Entered = seat) -> Answer:
        return await say(here, "forecast", form, form.turn)

    @api.post("/rooms/{code}/weights")
    async def weights(form: forms.WeightsForm, here: Entered = seat) -> Answer:
        """Commits the weights of the three gauges before the first turn is played."""
        return await say(here, "weights", form)

    @api.post("/rooms/{code}/notes")
    async def note(form: forms.NoteForm, here: Entered = seat) -> Answer:
        """A flag for the review, an expectation, an answer of the hot wash."""
        return await say(here, "note", form)

    @api.post("/rooms/{code}/moves")
    async def move(form: forms.MoveForm, here: Entered = seat) -> Answer:
        """A move outside the levers, for control to judge."""
        return await say(here, "move", form)

    @api.get("/rooms/{code}/estimate")
    async def estimate(
        lever: Annotated[str, Query(max_length=80)],
        value: Annotated[float, Query(allow_inf_nan=False)],
        here: Entered = seat,
    ) -> Answer:
        return await service.estimate(*here, lever, value)


# --- control ------------------------------------------------------------------------------------


def _control(api: FastAPI, service: Service) -> None:
    facilitator = entered(service, FACILITATOR)

    @api.post("/rooms/{code}/control")
    async def control(form: forms.ControlForm, here: Entered = facilitator) -> Answer:
        data = form.model_dump(exclude={"id"})
        return await service.say(*here, "control", form.id, data)

    @api.get("/rooms/{code}/wall")
    async def wall(here: Entered = facilitator) -> Answer:
        """The token of the projector's page, which shows public data and can do nothing."""
        return {"token": service.wall_token(here[0].code)}

    @api.get("/rooms/{code}/export")
    async def export(
        here: Entered = facilitator,
        format: Literal["parquet", "csv"] = "csv",
        names: Literal["yes", "no"] = "no",
    ) -> Response:
        """One zip with everything that happened."""
        host, holder = here
        if "record" not in host.room.facilitators.get(holder.who, {}).get("rights", ()):
            raise refuse("export_right", None, 403)
        body = await service.export(host, format, names == "yes")
        headers = {"content-disposition": f'attachment; filename="room-{host.code}.zip"'}
        return Response(body, media_type="application/zip", headers=headers)


# --- the websocket ------------------------------------------------------------------------------


def _live(api: FastAPI, service: Service) -> None:
    @api.websocket("/rooms/{code}/live")
    async def live(socket: WebSocket, code: str) -> None:
        """First message: `{"token": ..., "device": ..., "take": false}`; then whole payloads."""
        await socket.accept()
        try:
            hello = await _hello(socket)
            host, holder = await service.enter(str(hello.get("token", "")), code[:20], *KINDS)
        except (Refused, ValueError, KeyError, AttributeError, TimeoutError) as problem:
            if not isinstance(problem, Refused):
                problem = Refused("The first message is a token.")
            await _goodbye(socket, json.dumps(problem.body), 4003)
            return
        except WebSocketDisconnect:
            return
        line = Line(socket, holder, str(hello.get("device") or "")[:80])
        if not await host.connect(line, hello.get("take") is True):
            await _goodbye(socket, MOVED, 4001)
            return
        sending = asyncio.create_task(line.run(host.beat))
        try:
            await _listen(socket, host, line)
        finally:
            host.disconnect(line)
            sending.cancel()


async def _hello(socket: WebSocket) -> dict[str, Any]:
    text = await asyncio.wait_for(_words(socket), HELLO_SECONDS)
    hello = json.loads(text)
    if not isinstance(hello, dict):
        raise ValueError("not an object")
    return hello


async def _words(socket: WebSocket) -> str:
    """A message as text; bytes and long ones end the connection."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1000)
    text = message.get("text")
    if text is None or len(text) > MOST_WORDS:
        raise ValueError("not a short text")
    return str(text)


async def _listen(socket: WebSocket, host: Host, line: Line) -> None:
    """Whatever a client says is heard as "again": it gets the whole payload, not too often."""
    with suppress(WebSocketDisconnect, ValueError, RuntimeError):
        while True:
            await _words(socket)
            await host.resend(line)
            await asyncio.sleep(0.2)
    with suppress(Exception):
        await socket.close(1003)


async def _goodbye(socket: WebSocket, text: str, code: int) -> None:
    with suppress(Exception):
        await socket.send_text(text)
        await socket.close(code)


def health(service: Service) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for `/healthz`: 200 when the log is writable and the model answers."""

    async def answer(request: Request) -> Response:
        wrong = await service.healthy()
        return PlainTextResponse(f"{wrong}\n" if wrong else "ok\n", 503 if wrong else 200)

    return answer

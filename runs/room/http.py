"""The room's door: JSON over HTTP and a websocket, to be mounted at `/api`.

    service = Service(Store(path))
    routes = [Route("/healthz", health(service)), Mount("/api", build_api(service))]

A token is sent as `Authorization: Bearer`, on the websocket as the first message. Whatever a client
sends is answered with 4xx and `{"error": one sentence, "field": ...}`; 503 says that the server
itself cannot save or play.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Header, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from runs.room import commands as forms
from runs.room.address import in_network, join_address, qr_svg, reached_at
from runs.room.commands import Refused
from runs.room.entries import entry_say
from runs.room.ghosts import ghost_of
from runs.room.guard import Guard, bearer
from runs.room.host import Host
from runs.room.lesson import lesson_of
from runs.room.log import NotSaved
from runs.room.refusals import refuse
from runs.room.roster import seat_name
from runs.room.saved import saved_rooms
from runs.room.say import Say
from runs.room.server.gate import caller_of
from runs.room.server.health import Health
from runs.room.server.passes import set_cookie
from runs.room.server.waiting import while_here
from runs.room.service import Service
from runs.room.sockets import add_live
from runs.room.tokens import FACILITATOR, KINDS, SEAT, Pass
from runs.room.what_if import add_what_if

log = logging.getLogger(__name__)

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
    _server(api, service)
    _lobby(api, service)
    _looking(api, service)
    _playing(api, service)
    _talking(api, service)
    _control(api, service)
    add_live(api, service)
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
        place = [part for part in first["loc"] if part not in ("body", "query", "path")]
        alternatives = ("constrained-", "function-")  # of a type
        if place and str(place[-1]).startswith(alternatives):
            del place[-1]
        field = ".".join(map(str, place))[:80] or None
        takes = entry_say(request.scope.get("endpoint"), place, first["type"])
        if takes is not None:
            return say(422, takes.english, field, takes)
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


# --- who runs the server ------------------------------------------------------------------------


def _server(api: FastAPI, service: Service) -> None:
    @api.get("/healthz", response_class=PlainTextResponse)
    async def healthz(request: Request) -> Response:
        return await health(service)(request)

    @api.post("/rooms")
    async def create(form: forms.NewRoom, request: Request) -> Answer:
        """A new room; needs the host's token."""
        service.need_host(bearer(request.scope))
        return await service.create(form)

    @api.get("/rooms")
    async def rooms(request: Request) -> Answer:
        """All rooms of the log with their tokens; needs the host's token."""
        service.need_host(bearer(request.scope))
        return {"rooms": await asyncio.to_thread(saved_rooms, service)}

    @api.post("/host-pass", status_code=204)
    async def host_pass(request: Request) -> Response:
        """A cookie for the host's browser behind a proxy; needs the host's token."""
        service.need_host(bearer(request.scope))
        prefix, secure = caller_of(request.scope).site.prefix, request.url.scheme == "https"
        cookie = set_cookie(service.host_token, prefix, secure)
        return Response(status_code=204, headers={"set-cookie": cookie})


# --- a room -------------------------------------------------------------------------------------


def _lobby(api: FastAPI, service: Service) -> None:
    def address(host: Host, request: Request) -> str:
        return join_address(service.base or _asked_at(request), host.code)

    @api.get("/rooms/{code}")
    async def lobby(code: Code, request: Request) -> Answer:
        """What somebody sees before joining: seats by role with places left."""
        host = await service.host(code)
        chairs = host.room.chairs.values()
        size = host.room.options.get("team_size")
        people = [p.seat for p in host.room.people.values() if not p.gone]
        return {
            "room": host.room.code, "scenario": host.room.scenario, "title": host.plan.title,
            "join": address(host, request),
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
    async def qr(
        code: Code, request: Request, network: Annotated[int, Query(ge=0, le=99)] = 0
    ) -> Response:
        """The join address as a QR code; on the machine of the server, by which of its networks,
        as `/pages/addresses.json` lists them from 1."""
        host = await service.host(code)
        link, caller = address(host, request), caller_of(request.scope)
        if network and caller.trusted and not caller.site.public:
            link = await asyncio.to_thread(in_network, link, network)
        return Response(qr_svg(link), media_type="image/svg+xml")

    @api.post("/rooms/{code}/join")
    async def join(code: Code, form: forms.Join, request: Request) -> Answer:
        return await service.join(code, form, request.client.host if request.client else "")


def _asked_at(request: Request) -> str:
    """The address by which we were asked, whose name the gate has looked at."""
    return f"{request.url.scheme}://{request.url.netloc}{caller_of(request.scope).site.prefix}"


def _looking(api: FastAPI, service: Service) -> None:
    anyone = entered(service, *KINDS)

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

    @api.get("/rooms/{code}/story")
    async def story(here: Entered = anyone) -> Answer:
        """The review's story, to be asked again while its branches are played."""
        return await service.story(*here)

    @api.post("/rooms/{code}/branch")
    async def branch(form: forms.BranchForm, request: Request, here: Entered = anyone) -> Answer:
        """What if, from a week of the played game; the record stays as it is."""
        asked = form.model_dump(exclude={"id"})
        return await while_here(request, service.branch(*here, asked))


def _json(text: str) -> Response:
    return Response(text, media_type="application/json", headers={"cache-control": "no-store"})


# --- a seat's calls -----------------------------------------------------------------------------

Teller = Callable[..., Awaitable[Answer]]


def _teller(service: Service) -> Teller:
    """What hands on a form of a seat: (who is here, kind, form, turn)."""

    async def say(here: Entered, kind: str, form: forms.Said, turn: int = 0) -> Answer:
        data = form.model_dump(exclude={"id"})
        return await service.say(*here, kind, form.id, data, turn)

    return say


def _playing(api: FastAPI, service: Service) -> None:
    seat, say = entered(service, SEAT), _teller(service)

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

    @api.get("/rooms/{code}/estimate")
    async def estimate(
        lever: Annotated[str, Query(max_length=80)],
        value: Annotated[float, Query(allow_inf_nan=False)],
        request: Request, here: Entered = seat,
    ) -> Answer:  # fmt: skip
        return await while_here(request, service.estimate(*here, lever, value))


    @api.get("/rooms/{code}/ghost")
    async def ghost(
        lever: Annotated[str, Query(max_length=80)],
        value: Annotated[float, Query(allow_inf_nan=False)],
        request: Request, here: Entered = seat, ahead: bool = False,
    ) -> Answer:  # fmt: skip
        """What an order would bring by the end of the quarter, by what the seat may know;
        ``ahead``: nobody has moved it yet, so whoever has comes first."""
        host, who = here[0], here[1].who
        found = ghost_of(host, host.room.seat_of(who), lever, value, ahead, who)
        return await while_here(request, found)


def _talking(api: FastAPI, service: Service) -> None:
    seat, say = entered(service, SEAT), _teller(service)

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


# --- control ------------------------------------------------------------------------------------


def _control(api: FastAPI, service: Service) -> None:
    facilitator = entered(service, FACILITATOR)

    @api.post("/rooms/{code}/control")
    async def control(form: forms.ControlForm, here: Entered = facilitator) -> Answer:
        data = form.model_dump(exclude={"id"})
        return await service.say(*here, "control", form.id, data)

    @api.get("/rooms/{code}/helpers")
    async def helpers(request: Request, here: Entered = facilitator) -> Answer:
        """Further facilitators with their links; for those who may appoint them."""
        public = caller_of(request.scope).site.public
        base = public or reached_at(_asked_at(request), service.base)
        return {"helpers": service.helpers(*here, base)}

    @api.get("/rooms/{code}/lesson")
    async def lesson(
        here: Entered = facilitator, language: Literal["", "en", "ko", "ja", "zh-Hans"] = ""
    ) -> Answer:
        """The plan of the lesson with what to say in each step; for facilitators alone."""
        return await asyncio.to_thread(lesson_of, here[0].room, language)

    @api.get("/rooms/{code}/wall")
    async def wall(here: Entered = facilitator) -> Answer:
        """The token of the projector's page, which shows public data and can do nothing."""
        return {"token": service.wall_token(here[0].code)}

    @api.get("/rooms/{code}/export")
    async def export(
        request: Request,
        here: Entered = facilitator,
        format: Literal["parquet", "csv"] = "csv",
        names: Literal["yes", "no"] = "no",
    ) -> Response:
        """One zip with everything that happened."""
        host, holder = here
        if "record" not in host.room.facilitators.get(holder.who, {}).get("rights", ()):
            raise refuse("export_right", None, 403)
        body = await while_here(request, service.export(host, format, names == "yes"))
        headers = {"content-disposition": f'attachment; filename="room-{host.code}.zip"'}
        return Response(body, media_type="application/zip", headers=headers)


def health(service: Service) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for `/healthz`: 200 when the log is writable and the model answers. What is wrong
    is told to this machine alone; others hear that something is."""
    found = Health(service.healthy)

    async def answer(request: Request) -> Response:
        if caller_of(request.scope).trusted:
            wrong = await service.healthy()
            return PlainTextResponse(f"{wrong or 'ok'}\n", 503 if wrong else 200)
        fine = await found.fine()
        return PlainTextResponse("ok\n" if fine else "not ok\n", 200 if fine else 503)

    return answer

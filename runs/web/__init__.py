"""The app in the browser: one Starlette process with the watch page and the room.

Needs the extra `web`; importing this package alone brings neither Starlette nor Solara.
"""

from __future__ import annotations

import importlib.util
import json
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runs.room.server.site import Site
    from runs.room.service import Service

HOST, PORT = "127.0.0.1", 8765
_NEEDED = ("solara", "solara_assets", "uvicorn", "fastapi", "segno", "babel", "jinja2")
_EVERYWHERE = ("0.0.0.0", "::")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class WebUnavailable(ValueError):
    """The page cannot be served; the text is one sentence that says what to do."""


def serve(
    host: str = HOST,
    port: int = PORT,
    open_browser: bool = True,
    scenario: str = "japan-2026",
    store: str | Path | None = None,
    as_json: bool = False,
    record: str | Path | None = None,
    public_url: str = "",
    proxy: str = "",
    share_watch: bool = False,
    lean: bool = False,
    runs: str | Path | None = None,
) -> None:
    """Serve watch page and room until interrupted; `scenario` is what a page shows that names none.

    ``store`` is the log of rooms, by default the one in the user's data folder; ``record`` a run's
    folder or a room's export, which is then shown instead of a scenario. ``public_url`` is the
    address by which others come, ``proxy`` the reverse proxy whose word on them is taken;
    ``share_watch`` lets other machines look at the watch page, ``lean`` works out causes only when
    they are asked for; ``runs`` is the folder whose runs this machine's browser can compare. Raises
    WebUnavailable when the extra `web` is not installed, the port is taken or an address cannot be
    used, StoreError when the log cannot be used, RecordError when there is nothing to show.
    """
    _need_extra()
    from runs.room.address import base_address
    from runs.room.server.site import SiteUnusable, make_site
    from runs.web.app import build_app, listen, run_server
    from runs.web.record import find_record
    from runs.web.start import Defaults

    try:
        site = make_site(public_url, proxy, share_watch, host)
    except SiteUnusable as problem:
        raise WebUnavailable(str(problem)) from None
    Defaults.runs = None if runs is None else Path(runs)
    if record is not None:
        Defaults.record = find_record(record)
        scenario = Defaults.record[0]
    Defaults.lean = lean
    listeners = [listen(host, port)]
    port = listeners[0].getsockname()[1]  # a free one where 0 was asked for
    if host not in _EVERYWHERE and host not in LOOPBACK:
        listeners.append(listen(HOST, port))  # what is for this machine alone is asked for there
    service = _service(store)
    service.base = site.public or base_address(host, port)
    here = HOST if host not in LOOPBACK or host == "localhost" else host
    home = f"http://{f'[{here}]' if ':' in here else here}:{port}{site.prefix}"
    _tell(f"{home}/", host, service, site, as_json)
    if open_browser and not site.proxies:  # behind one the link with the token is the way in
        threading.Thread(target=_open_when_up, args=(f"{home}/",), daemon=True).start()
    run_server(build_app(scenario, service, site=site), *listeners)


def _need_extra() -> None:
    """Raises WebUnavailable where a library of the extra `web` is not there."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise WebUnavailable(
            f"The page needs {', '.join(missing)}, which the extra `web` brings: "
            "pip install 'entrepot[web]'."
        )


def _service(store: str | Path | None) -> Service:
    """The rooms of a log; raises StoreError."""
    from runs.room.log import Store, StoreError
    from runs.room.service import Service
    from runs.room.setup import default_store

    path = default_store() if store is None else Path(store)
    try:
        return Service(Store(path))
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}.") from None


def _tell(address: str, host: str, service: Service, site: Site, as_json: bool) -> None:
    """Where everything is, for who started it; the facilitator's link is for nobody else, and is
    for this machine unless a proxy stands before it."""
    open_to_all = bool(site.public) or host not in LOOPBACK
    home = site.public if site.proxies else address.rstrip("/")
    facilitator = f"{home}/host#{service.host_token}"
    join = f"{service.base}/join"
    shared = f"{service.base}/?watch" if site.shared else ""
    if as_json:
        told = {"address": address, "facilitator": facilitator, "join": join,
                "store": str(service.store.path)}  # fmt: skip
        print(json.dumps({**told, "watch": shared} if shared else told), flush=True)
        return
    at = f"{site.public}/ through the proxy" if site.proxies else address
    print(f"Entrepot is at {at} (stop with Ctrl-C)", flush=True)
    if service.store.dropped:
        print(service.store.dropped.text, flush=True)
    if open_to_all:
        from runs.room.address import qr_terminal
        from runs.terminal import can_show

        code = qr_terminal(join)  # of blocks that not every terminal has; the link does alone
        shown = f"\n{code}" if can_show(code) else ""
        print(f"People on the same network join at {join}{shown}", flush=True)
        if shared:
            print(f"They may look at the watch page at {shared}", flush=True)
        where = "" if site.proxies else " and on this computer alone"
        print(f"Facilitator's link, for nobody else{where}: {facilitator}", flush=True)
    else:
        print(f"Facilitator's link: {facilitator} (--host 0.0.0.0 lets phones in)", flush=True)


def _open_when_up(address: str, patience_s: float = 20.0) -> None:
    """Open the browser once the page answers, so that nobody sees a connection error."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}healthz", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            webbrowser.open(address)
            return

"""The page in the browser: one Starlette process, Solara mounted in it.

Needs the extra `web`; importing this package alone brings neither Starlette nor Solara.
"""

from __future__ import annotations

import importlib.util
import threading
import time
import urllib.error
import urllib.request
import webbrowser

HOST, PORT = "127.0.0.1", 8765
_NEEDED = ("solara", "solara_assets", "uvicorn")


class WebUnavailable(RuntimeError):
    """The page cannot be served; the text is one sentence that says what to do."""


def serve(
    host: str = HOST,
    port: int = PORT,
    open_browser: bool = True,
    scenario: str = "japan-2026",
) -> None:
    """Serve the page until interrupted; `scenario` is what a page shows that names none.

    Raises WebUnavailable when the extra `web` is not installed or the port is taken.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise WebUnavailable(
            f"The page needs {', '.join(missing)}, which the extra `web` brings: "
            "pip install 'entrepot[web]'."
        )
    from runs.web.app import build_app, listen, run_server

    listener = listen(host, port)
    port = listener.getsockname()[1]  # a free one where 0 was asked for
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/"
    print(f"Entrepot is at {address} (stop with Ctrl-C)", flush=True)
    if open_browser:
        threading.Thread(target=_open_when_up, args=(address,), daemon=True).start()
    run_server(build_app(scenario), listener)


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

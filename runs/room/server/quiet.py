"""What strangers send to the port does not fill the terminal of whoever runs the server.

The web server writes a line for every request that is no HTTP, and a traceback for every websocket
text that is no UTF-8. Both are dealt with by then (400, or the connection was closed) and neither
is a fault of the server; but anybody on the Wi-Fi could bury real warnings under them.
"""

from __future__ import annotations

import logging

SERVER_LOG = "uvicorn.error"
OF_STRANGERS = ("Invalid HTTP request received", "Invalid UTF-8 sequence received")


def of_the_server(record: logging.LogRecord) -> bool:
    """Whether a line is about the server, and not about what somebody sent to it."""
    return not record.getMessage().startswith(OF_STRANGERS)


def be_quiet() -> None:
    """Keeps such lines out of the log of the web server; to be called before it starts."""
    logging.getLogger(SERVER_LOG).addFilter(of_the_server)

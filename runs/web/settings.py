"""Solara's settings, which it reads from the environment when it is first imported.

A classroom is often without internet, or worse behind a Wi-Fi that swallows packets: nothing may
be asked for outside this machine.
"""

from __future__ import annotations

import os

# A loopback port that nobody listens on: what is not shipped with the page fails at once
# instead of stalling it.
DEAD_END = "http://127.0.0.1:9/"

_SETTINGS = {
    "SOLARA_APP": "runs.web.page",
    "SOLARA_MODE": "production",
    "SOLARA_ASSETS_CDN": DEAD_END,
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_TELEMETRY_SERVER_USER_ID": "nobody",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "Entrepot",
    "SOLARA_THEME_VARIANT": "light",
    # Old scripts of a page must not meet a new server.
    "SOLARA_THEME_FORCE_REFRESH": "True",
    # A page that was closed without saying so holds a whole game in memory; one whose network
    # fails for a moment wants it back.
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
    "SOLARA_SESSION_HTTP_ONLY": "True",
}


def apply_settings() -> None:
    """Put the settings into the environment; to be called before Solara is imported."""
    os.environ.update(_SETTINGS)

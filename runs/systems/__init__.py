"""The systems the game is about, S01 to S24: what moves each, what it moves, and how much.

``systems.toml`` says it row by row, ``effects.csv`` holds the measured figures, and
``entrepot systems`` prints both. A test holds the rows against the code.
"""

from runs.systems.table import System as System
from runs.systems.table import systems as systems

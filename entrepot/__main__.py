"""`python -m entrepot` is the console script."""

from __future__ import annotations

import sys

from entrepot import main

if __name__ == "__main__":
    sys.exit(main())

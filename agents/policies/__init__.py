"""One page a policy: name, source, traits and the rules by which it decides.

To add one, copy a page into this folder, change its name and its rules, and keep the `register`
below them: every page here is read. A page in plain Python is registered as
`register(PerLuck(MyPolicy()))`. The figures of the shipped pages are rows of
`world/data/policy_terms.csv` with unit, range and source, read as `TERMS.name`; a page of your own
may hold its figures as you like.
"""

import importlib
import pkgutil

for page in sorted(found.name for found in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{page}")

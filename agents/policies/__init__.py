"""One page a policy: name, source, traits and the rules by which it decides.

To add one, copy a page, change it and `register` it; a page in plain Python is registered as
`register(PerLuck(MyPolicy()))`. The figures of the shipped pages are rows of
`world/data/policy_terms.csv` with unit, range and source, read as `TERMS.name`; a page of your own
may hold its figures as you like.
"""

import agents.policies.australia_miner
import agents.policies.australia_partner
import agents.policies.china_calibrated
import agents.policies.china_cautious
import agents.policies.china_maximal
import agents.policies.eu_autonomy
import agents.policies.eu_rules
import agents.policies.hub_guardian
import agents.policies.hub_open
import agents.policies.japan_diversifier
import agents.policies.japan_stockpiler
import agents.policies.korea_ally
import agents.policies.korea_neutral
import agents.policies.usa_dealmaker
import agents.policies.usa_sponsor  # noqa: F401

"""Two runs, a run and an ensemble, a sweep, an episode and its record: what differs, in words."""

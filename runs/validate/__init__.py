"""How well the model reproduces what was published: targets, measures, scores.

    from runs.validate.measure import measure
    from runs.validate.targets import read_targets
    verdict = measure(read_targets(), seeds=3)
    verdict.score, verdict.kinds

A seed is luck and population together, so every run is a world of its own and runs are not
batched; a job is a scenario and a seed.
"""

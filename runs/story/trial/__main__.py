"""The command: so many runs, each sentence worked out again."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from runs import Game
from runs.story import Story, run_of
from runs.story.trial.claims import Tally, trial
from runs.story.trial.seen import Seen
from runs.terminal import whole
from world.scenario import shipped

FIRST_SEED, MOST_WEEKS = 1001, 156
SHOWN = 40  # of what is wrong


def plays(runs: int, first_seed: int) -> Iterator[tuple[str, int]]:
    """Scenarios in turn, each with the next seed."""
    for n, name in enumerate(islice(cycle(shipped()), runs)):
        yield name, first_seed + n


def play(name: str, seed: int, users: int, weeks: int, player: str = "") -> Game:
    """A game with an order from outside now and then, so that turns have something to tell."""
    game = Game(name, seed=seed, users=users)
    if player in game.plan.actors:
        game.submit(actor=player, lever="hub_policing", value=0.9, week=min(20, game.horizon - 1))
    return game.run(weeks=min(weeks, game.horizon))


def looked_at(game: Game, player: str, every: int, folder: Path | None = None) -> Tally:
    return trial(Story(run_of(game, player)), Seen.of(game, folder, player), every)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m runs.story.trial", description=__doc__)
    parser.add_argument("--runs", type=whole(1), default=20)
    parser.add_argument("--users", type=whole(1), default=1_000)
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="of the first run")
    parser.add_argument("--weeks", type=whole(1), default=MOST_WEEKS, help="of a run, at most")
    parser.add_argument("--every", type=whole(1), default=1, help="look at a week in so many")
    args = parser.parse_args(argv)
    sentences, wrong, kinds = 0, [], Counter[str]()
    for name, seed in plays(args.runs, args.seed):
        player = "KOR" if seed % 2 else ""
        with tempfile.TemporaryDirectory() as folder:
            game = play(name, seed, args.users, args.weeks, player)
            tally = looked_at(game, player, args.every, Path(folder) / "run")
        print(f"{name}, seed {seed}: {tally.sentences} sentences, {len(tally.wrong)} wrong",
              flush=True)  # fmt: skip
        sentences += tally.sentences
        wrong += tally.wrong
        kinds.update(tally.kinds)
    for one in wrong[:SHOWN]:
        print(f"  {one}")
    print(", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))
    print(f"{args.runs} runs: {sentences} sentences worked out again, {len(wrong)} wrong.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

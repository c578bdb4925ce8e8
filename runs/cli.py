"""The console script ``entrepot``.

Errors are one sentence on stderr: exit code 2 for input that cannot be used, 1 for a check that
failed, 130 after Ctrl-C, 70 for a fault of ours (ENTREPOT_DEBUG=1 shows its traceback). With
``--json`` stdout holds JSON and nothing else. What a command needs is imported when it runs, so
that ``entrepot levers`` starts at once.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from runs.terminal import (
    BAD_INPUT,
    BROKEN,
    DEBUG,
    FEWEST_USERS,
    MOST_USERS,
    STOPPED,
    Parser,
    Progress,
    add_allowance,
    add_world,
    assignment,
    changes_of,
    finish_output,
    leave,
    one_line,
    say_json,
    settle_streams,
    tell_other_model,
    tell_verdict,
    visible,
    whole,
)
from world.reading import shortened

if TYPE_CHECKING:
    from runs.game import Game

LAST_PORT = 65_535
# by name, since importing the classes would bring what they stand in
INPUT_FAULTS = frozenset(
    {"ScenarioError", "TableError", "DataError", "RecordError", "OrdersError", "SeatError",
     "BenchError", "StoreError", "WebUnavailable", "PrintError", "SweepError", "MissingRow",
     "TargetError", "CalibrationError", "CompareError"}
)  # fmt: skip


# --- commands -------------------------------------------------------------------------------


def scenarios(args: argparse.Namespace) -> int:
    from world.scenario import list_scenarios

    known = list_scenarios()
    if args.json:
        rows = [
            {
                "id": s.id, "version": s.version, "title": s.title, "summary": s.summary,
                "start": s.start.isoformat(), "weeks": s.weeks, "variants": s.variants,
            }
            for s in known
        ]  # fmt: skip
        return say_json(rows)
    width = max(len(s.id) for s in known)
    for s in known:
        print(f"{s.id:<{width}}  {s.summary}")
    return 0


def levers(args: argparse.Namespace) -> int:
    from world.levers import guess, lever_rows
    from world.scenario import ScenarioError, load_scenario

    plan = load_scenario(args.scenario)
    if args.actor is not None and args.actor not in plan.actors:
        raise ScenarioError(
            f"{args.actor!r} is no actor of {plan.id}: {guess(args.actor, plan.actors)}"
        )
    if args.json:
        return say_json(lever_rows(plan, args.actor))
    rows = lever_rows(plan, args.actor, every_index=False)
    if args.actor is None:  # every state has the same levers
        one = next(zone for zone in plan.zones if zone != plan.coercer)
        rows = [
            {**row, "actor": "state" if row["actor"] == one else row["actor"]}
            for row in rows
            if row["actor"] in (plan.coercer, one, *plan.firms)
        ]
    width = max(len(str(row["lever"])) for row in rows)
    actors = max(5, *(len(str(row["actor"])) for row in rows))
    for row in rows:
        span = f"{row['low']:g} to {row['high']:g} {row['unit']}, default {row['default']:g}"
        print(f"{row['actor']:<{actors}} {row['lever']:<{width}}  {span}")
        print(f"{'':<{actors}} {'':<{width}}  {row['meaning']}; cost: {row['cost']}")
    return 0


def phases(args: argparse.Namespace) -> int:
    from world.week import PHASES

    if args.json:
        return say_json(
            [{"name": p.name, "does": p.does, "submodels": p.submodels} for p in PHASES]
        )
    for number, phase in enumerate(PHASES, start=1):
        print(f"{number:>2} {phase.name:<10} {phase.does} (ODD {phase.submodels})")
    return 0


def policies(args: argparse.Namespace) -> int:
    from agents.players import policies as known

    rows = [
        {"name": name, "traits": list(policy.traits), "source": policy.source}
        for name, policy in known().items()
    ]
    if args.json:
        return say_json(rows)
    for row in rows:
        print(f"{row['name']:<20} {'; '.join(row['traits'])}\n{'':<21}{row['source']}")
    return 0


def run(args: argparse.Namespace) -> int:
    from runs.orders_file import give, read_orders
    from runs.recorder import claim
    from world.scenario import load_scenario

    plan = load_scenario(args.scenario, changes_of(args))
    orders = [] if args.orders is None else read_orders(args.orders, plan)
    if args.out is not None:
        claim(args.out)  # before the work, not after it
    from runs.game import Game

    game = Game(plan, seed=args.seed, seats=dict(args.seat), panel=args.panel)
    give(game, orders, args.orders)
    progress = Progress(plan.weeks, plan.id)
    stopped = False
    try:
        game.run(watch=progress)
    except KeyboardInterrupt:
        stopped = True
    progress.close()
    folder = None
    if args.out is not None and game.week:
        folder = str(game.save(args.out))
    report_run(args, game, folder, stopped)
    return STOPPED if stopped else 0


def report_run(args: argparse.Namespace, game: Game, folder: str | None, stopped: bool) -> None:
    figures = game.summary()
    if stopped:
        kept = f", which are kept in {folder}" if folder else ""
        print(f"stopped after {game.week} of {game.horizon} weeks{kept}.", file=sys.stderr)
    if args.json:
        digest = game.recorder.digest()
        say_json({"out": folder, "weeks": game.week, "digest": digest, "summary": figures})
        return
    plan = game.plan
    luck = f"seed {game.luck}, {plan.users} users"
    print(f"{visible(plan.title)}: {game.week} weeks from {plan.start}, {luck}")
    for name, value in figures.items():
        if isinstance(value, float):
            print(f"  {name:<28} {value:.6g}")
    if folder:
        print(f"record in {folder}")


def replay(args: argparse.Namespace) -> int:
    if args.room is not None:
        from runs.room.cli import replay_room

        return replay_room(args)
    from runs.recorder import RecordError
    from runs.replay import replay as play_again
    from runs.run_folder import read_run

    if os.path.isfile(args.folder):
        raise RecordError(
            f"{args.folder} is a file and no run's folder; of a log of rooms, say which to play "
            "again with --room (entrepot rooms lists them)."
        )
    about, _ = read_run(args.folder)
    progress = Progress(int(about.get("weeks", 0)), "replay")
    verdict = play_again(args.folder, progress)
    progress.close()
    if not verdict.played:
        return tell_other_model(args, args.folder, verdict.text, verdict.weeks)
    return tell_verdict(args, args.folder, verdict.same, verdict.text, weeks=verdict.weeks)


def bench(args: argparse.Namespace) -> int:
    from runs.bench import measure, tell
    from world.scenario import load_scenario

    load_scenario(args.scenario)  # what is wrong with it is said before anything is timed
    rows = []
    for row in measure(args.firms, args.scenario, args.weeks):
        rows.append(row)
        if not args.json:
            print(tell(row), flush=True)
    return say_json(rows) if args.json else 0


# --- the door -------------------------------------------------------------------------------


def complain(args: argparse.Namespace, text: str) -> int:
    print(f"entrepot {args.command}: {one_line(text)}", file=sys.stderr)
    return BAD_INPUT


def numbers(text: str) -> list[int]:
    """Comma-separated numbers of users."""
    return [whole(FEWEST_USERS, MOST_USERS)(part.strip()) for part in text.split(",")]


def make_parser() -> Parser:
    from runs.calibrate.command import add_calibrate
    from runs.compare.command import add_compare
    from runs.printing.cli import add_print
    from runs.report.command import add_report
    from runs.room.cli import add_commands
    from runs.sources.command import add_sources
    from runs.sweep_cli import add_sweep
    from runs.systems.command import add_systems
    from runs.validate.command import add_validate
    from runs.web.cli import add_play

    parser = Parser(
        prog="entrepot",
        description="An open game of critical minerals: export bans, grey routes, price floors.",
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=Parser
    )

    def command(name: str, does: Callable[..., int], text: str, example: str) -> Parser:
        sub = commands.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.",
            epilog=f"example: {example}",
        )  # fmt: skip
        sub.set_defaults(does=does)
        sub.add_argument("--json", action="store_true", help="machine-readable output on stdout")
        return sub

    command("scenarios", scenarios, "list the scenarios with one line each", "entrepot scenarios")
    sub = command("levers", levers, "list what each actor can move", "entrepot levers --actor KOR")
    sub.add_argument("scenario", nargs="?", default="japan-2026", help="scenario id or file")
    sub.add_argument("--actor", metavar="CODE", help="one actor only, such as KOR")
    command("phases", phases, "list the phases of a week in their order", "entrepot phases")
    command("policies", policies, "list the policies that can play a seat", "entrepot policies")
    run_parser(command)
    add_sweep(command)
    add_validate(command)
    add_calibrate(command)
    add_systems(command)
    add_sources(command)
    sub = command(
        "replay", replay, "play a recorded run again and compare every value",
        "entrepot replay out/run7",
    )  # fmt: skip
    sub.add_argument("folder", help="a folder that `entrepot run --out` wrote, or a log of rooms")
    sub.add_argument("--room", metavar="CODE", help="the room of a log to play again")
    add_compare(command)
    add_report(command)
    add_commands(command)
    add_print(command)
    add_play(command, whole(0, LAST_PORT))
    sub = command(
        "bench", bench, "measure the speed of the engines", "entrepot bench --firms 300,10000"
    )
    sub.add_argument("scenario", nargs="?", default="japan-2026", help="scenario id or file")
    sub.add_argument(
        "--firms", type=numbers, default=[300, 10_000, 100_000], metavar="N,N,...",
        help="numbers of industrial users",
    )  # fmt: skip
    sub.add_argument("--weeks", type=whole(1), default=52, help="weeks to time")
    return parser


def run_parser(command: Callable[..., Parser]) -> None:
    sub = command(
        "run", run, "play a scenario to its end and keep the record",
        "entrepot run japan-2026 --seed 7 --set USA.floor_usd_per_kg.ndpr_oxide=110 --out out/run7",
    )  # fmt: skip
    add_world(sub, seed="luck", users="the scenario's")
    add_allowance(sub)
    sub.add_argument(
        "--seat", type=assignment, action="append", default=[], metavar="ACTOR=POLICY",
        help="who plays a seat (entrepot policies); may be repeated",
    )  # fmt: skip
    sub.add_argument("--orders", metavar="FILE", help="CSV with week,actor,lever,value")
    sub.add_argument("--out", metavar="FOLDER", help="where the record goes")
    sub.add_argument("--panel", action="store_true", help="keep every actor's row each week")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code."""
    settle_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if any("\0" in word or not is_text(word) for word in words):
            make_parser().error("an argument holds what no name and no number has, such as a NUL")
        args = make_parser().parse_args(words)
    except SystemExit as stop:
        return finish_output() or int(stop.code or 0)
    try:
        return outcome(args)
    except KeyboardInterrupt:
        print(f"entrepot {args.command}: stopped.", file=sys.stderr)
        return STOPPED


def is_text(word: str) -> bool:
    """True for an argument that can be written down; Linux hands on any bytes."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def outcome(args: argparse.Namespace) -> int:
    """Runs the command that was asked for; every fault becomes one sentence and an exit code."""
    try:
        code = int(args.does(args))
        return finish_output() or code
    except BrokenPipeError:  # somebody closed the pipe, as `head` does
        return finish_output()
    except OSError as error:  # a disk that is full, a name that is too long
        where = "" if error.filename is None else f"{shortened(str(error.filename))}: "
        return complain(args, f"{where}{error.strerror or error}.")
    except MemoryError:
        return complain(args, "the memory of this machine is too small for it; take fewer users.")
    except Exception as error:
        if isinstance(error, ValueError) and type(error).__name__ in INPUT_FAULTS:
            return complain(args, str(error))
        return own_fault(args, error)


def own_fault(args: argparse.Namespace, error: Exception) -> int:
    """Says that Entrepot itself is at fault; the traceback only for who asks for it."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    complain(
        args,
        f"this is a fault of Entrepot ({type(error).__name__}: {shortened(str(error))}); please "
        f"report it with the command. {DEBUG}=1 shows where it lies.",
    )
    return BROKEN


if __name__ == "__main__":
    leave(main())

"""The command `entrepot report`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.terminal import Progress, say_json

if TYPE_CHECKING:
    from runs.compare.shown import Shown, ShownSweep
    from runs.compare.words import Tongue
    from runs.play import Play


def add_report(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds `report`."""
    from runs.compare.command import add_language

    sub = command(
        "report", report, "tell a run, an ensemble, a sweep or a room in one file",
        "entrepot report out/run7 --html out/report.html",
    )  # fmt: skip
    sub.add_argument(
        "what", nargs="?",
        help="folder of a run, an ensemble or a sweep; with --room the log (default: the usual)",
    )  # fmt: skip
    sub.add_argument("--html", metavar="FILE", required=True, help="where the page goes")
    sub.add_argument("--room", metavar="CODE", help="the room of a log")
    sub.add_argument("--quick", action="store_true", help="leave out causes")
    add_language(sub)


def report(args: argparse.Namespace) -> int:
    from runs.compare.command import page_file
    from runs.compare.shown import CompareError

    if args.what is None and args.room is None:
        raise CompareError("name the folder of a run, an ensemble or a sweep, or a --room.")
    page = page_file(args.html, [args.what] if args.what else [])
    assert page is not None
    text = of_room(args) if args.room is not None else of_folder(args)
    page.write_text(text, encoding="utf-8")
    if args.json:
        return say_json({"html": args.html, "bytes": len(text.encode())})
    print(f"report in {args.html}")
    return 0


def of_folder(args: argparse.Namespace) -> str:
    from runs.compare.comparison import compare
    from runs.compare.shown import ShownSweep, shown
    from runs.compare.words import tongue
    from runs.report.run import again as made_again

    one, to = shown(args.what), tongue(args.lang)
    if isinstance(one, ShownSweep):
        found = compare(one, language=args.lang)
        return found.html(after=made_again(again(one, args.what), to))
    from runs.report.run import page

    game, without = None, to.t("report.every_luck")
    if one.kind == "run":
        game, without = played_again(args, one, to)
    quick = game is None or args.quick
    return page(one, again(one, args.what), None if quick else game, without, to, story_of(game))


def story_of(game: Play | None) -> Any:
    """What a game tells; None where there is none to ask."""
    from runs.story import Story, run_of

    return None if game is None else Story(run_of(game))


def played_again(args: argparse.Namespace, one: Shown, to: Tongue) -> tuple[Play | None, str]:
    """The game of a record for its story and causes, or why there is none."""
    from runs.replay import play_again
    from runs.run_folder import OtherModel, check_model

    try:
        check_model(one.said)
    except OtherModel:
        return None, to.t("report.other_model")
    progress = Progress(one.weeks, "report")
    try:
        game = play_again(args.what, progress)[0]
    finally:
        progress.close()
    if game.recorder.digest() != one.said["digest"]:
        return None, to.t("report.otherwise")
    return game, to.t("report.quick")


def of_room(args: argparse.Namespace) -> str:
    from runs.compare.shown import Shown, shown
    from runs.compare.words import tongue
    from runs.report.run import page
    from runs.room.desk import played_room
    from runs.room.setup import default_store

    log, to = Path(args.what) if args.what else default_store(), tongue(args.lang)
    game = played_room(log, args.room)
    one = shown(game)
    assert isinstance(one, Shown)
    named = Shown("run", to.t("report.room", code=args.room), one.said, one.tables)
    made = [f"entrepot replay {log} --room {args.room}", f"entrepot export {args.room} --out DIR"]
    made.append(stamp(one.said))
    quick = to.t("report.quick")
    return page(named, made, None if args.quick else game, quick, to, story_of(game))


def again(one: Shown | ShownSweep, folder: str) -> list[str]:
    """How to make the same: the command, then what it must come to."""
    from runs.compare.shown import ShownSweep

    said = one.said
    name = "sweep" if isinstance(one, ShownSweep) else one.kind
    scenario = said["scenario"]
    words = ["entrepot", name, str(scenario), "--seed", str(said["seed"])]
    if name != "run":
        words += ["--runs", str(said["runs"])]
    else:
        words += ["--weeks", str(said["weeks"])]
    for key, value in dict(said["overrides"]).items():
        if key in ("users", "weeks"):
            words += [] if f"--{key}" in words else [f"--{key}", str(value)]
        else:
            words += ["--set", f"{key}={value:g}" if isinstance(value, float) else f"{key}={value}"]
    if isinstance(one, ShownSweep):
        for target, values in one.vary.items():
            words += ["--vary", f"{target}={','.join(map(_plain, values))}"]
    lines = [" ".join([*words, "--out", "FOLDER"])]
    if name == "run":
        lines.append(f"entrepot replay {folder}")
    return [*lines, stamp(said)]


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def stamp(said: Any) -> str:
    """Digest and versions, for whoever wants to know that it is the same."""
    parts = [
        (words, said.get(key))
        for key, words in (
            ("digest", "digest"), ("scenario_digest", "scenario"), ("package_version", "entrepot"),
            ("model", "model"), ("numpy_version", "NumPy"),
        )
    ]  # fmt: skip
    return ", ".join(f"{words} {value}" for words, value in parts if value is not None)

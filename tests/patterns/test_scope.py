"""System S02: what a ban covers by its text, what firms take it to cover, and goods groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runs import Game
from runs.compare.shown import shown
from runs.compare.words import tongue
from runs.pages.words import catalogue
from runs.report.run import goods as goods_of
from runs.story import Story, run_of, write
from world.scenario import load_scenario, resolve

BAN, TEXT = 4, 0.5
AMBIGUOUS = (BAN, "CHN", "rung.JPN", 6.0)
MONTHS = slice(BAN + 2, BAN + 12)  # first of the ban
ALL_GOODS = (BAN, "CHN", "rung.JPN", 9.0)


def play(*acts: tuple[int, str, str, float], weeks: int = 40, duty: float = 0.0) -> Game:
    raw = dict(load_scenario("no-controls").source)
    acts_of = [dict(zip(("week", "actor", "lever", "value"), act, strict=True)) for act in acts]
    raw |= {"materials": ["dy_oxide", "gallium"], "history": acts_of, "weeks": weeks,
            "chart": {"material": "gallium", "zone": "JPN"},
            "levers": {"CHN": {"licence_duty": {"gallium": duty, "dy_oxide": duty}}}}  # fmt: skip
    game = Game(resolve(raw, {"users": 150}), seed=1)
    game.run()
    return game


def said(value: float, week: int = BAN) -> tuple[int, str, str, float]:
    return (week, "CHN", "scope_notice.JPN", value)


def law(game: Game, column: str, zone: str = "JPN") -> Any:
    frame = game.frames["law"]
    rows = (frame["zone"] == zone) & (frame["material"] == "gallium")
    return frame.loc[rows, column].to_numpy()


def sent(game: Game, weeks: slice = MONTHS) -> float:
    """Tonnes of gallium that left China for Japan with papers."""
    frame = game.frames["flows"]
    rows = (frame["material"] == "gallium") & (frame["to_zone"] == "JPN")
    rows &= (frame["channel"] == "china") & frame["week"].between(weeks.start, weeks.stop - 1)
    return float(frame.loc[rows, "recorded_t"].sum())


@pytest.fixture(scope="module")
def told() -> dict[str, Game]:
    return {"nothing": play(AMBIGUOUS), "little": play(AMBIGUOUS, said(0.05)),
            "all": play(AMBIGUOUS, said(1.0))}  # fmt: skip


def test_s02_firms_withhold_by_what_they_believe(told: dict[str, Game]) -> None:
    """The same text: who says that it covers everything stops more than the law does, who says
    that it covers next to nothing lets trade back."""
    flow = {name: sent(game) for name, game in told.items()}
    print(flow)
    assert flow["all"] < 0.8 * flow["nothing"]
    assert flow["little"] > 1.03 * flow["nothing"]
    for game in told.values():
        assert (law(game, "ban_breadth")[BAN:] == TEXT).all()


def test_s02_without_a_notice_the_text_is_what_firms_believe(told: dict[str, Game]) -> None:
    """To the bit, in every market; a notice on one zone is none on another."""
    for name, zones in (("nothing", ("JPN", "KOR")), ("all", ("KOR",))):
        for zone in zones:
            breadth = law(told[name], "ban_breadth", zone)
            assert (law(told[name], "scope_belief", zone) == breadth).all()
    assert (law(told["nothing"], "ban_breadth")[BAN:] > 0).all()


def test_s02_customs_teach_what_the_text_says(told: dict[str, Game]) -> None:
    """Both errors shrink week by week, fear more slowly: who does not try does not learn."""
    gap = {name: np.abs(law(told[name], "scope_belief")[BAN + 1 :] - TEXT)
           for name in ("little", "all")}  # fmt: skip
    for part in gap.values():
        assert part[0] > 0.2
        assert (np.diff(part) < 0).all()
    left = {name: part[20] / part[0] for name, part in gap.items()}
    assert left["little"] < left["all"]


def test_s02_refused_licences_keep_a_broad_reading_alive() -> None:
    """Where the trade that the text leaves free is refused its licences, firms do not unlearn."""
    granted = play(AMBIGUOUS, (BAN, "CHN", "licence_approval.JPN", 1.0), said(1.0), duty=1.0)
    refused = play(AMBIGUOUS, (BAN, "CHN", "licence_approval.JPN", 0.1), said(1.0), duty=1.0)
    assert law(refused, "scope_belief")[-1] > 1.2 * law(granted, "scope_belief")[-1]


def test_s02_an_easing_is_believed_when_it_is_seen() -> None:
    """After a broad reading a narrower text changes little at first; without one, all at once.
    A ban that is lifted leaves nothing to read."""
    eased = (20, "CHN", "ban_breadth.JPN", 0.2)
    feared, plain = play(AMBIGUOUS, said(1.0), eased), play(AMBIGUOUS, eased)
    assert law(plain, "scope_belief")[22] == pytest.approx(0.2)
    assert law(feared, "scope_belief")[22] > 0.5
    assert sent(feared, slice(22, 34)) < 0.75 * sent(plain, slice(22, 34))
    lifted = play(AMBIGUOUS, said(1.0), (20, "CHN", "rung.JPN", 0.0))
    assert (law(lifted, "scope_belief")[21:] == 0).all()


def test_s02_a_ban_on_all_goods_is_told_by_group() -> None:
    """What comes and what is held add up to a week's imports, of Japan alone; the loss follows
    and is in the loss of the zone; chips weigh most."""
    game = play(ALL_GOODS)
    frame = game.frames["goods"]
    usual = {group: usd / 52 for group, zone, usd in game.world.setting.goods_groups
             if zone == "JPN"}  # fmt: skip
    own = frame[frame["to_zone"] == "JPN"]
    assert set(own["group"]) == set(usual) == {
        "electronics", "computers", "precision machines", "chemicals"}
    late = own[own["week"] == 39].set_index("group")
    for group, usd in usual.items():
        row = late.loc[group]
        assert row["imports_usd"] + row["held_usd"] == pytest.approx(usd)
        assert row["held_usd"] == pytest.approx(0.95 * usd)
    assert late["loss_usd"].idxmax() == "electronics"
    by_week = own.groupby("week")["loss_usd"].sum().to_numpy()
    assert (np.diff(by_week[BAN + 1 :]) > 0).all()
    zones = game.frames["zones"]
    all_lost = zones.loc[zones["zone"] == "JPN", "gdp_loss_usd"].to_numpy()
    assert (by_week <= all_lost + 1).all()
    assert by_week[-1] > 0.3 * all_lost[-1]
    assert (frame.loc[frame["to_zone"] != "JPN", "held_usd"] == 0).all()


def test_s02_goods_are_on_record_where_a_ban_reaches_them(told: dict[str, Game]) -> None:
    assert "goods" in play(ALL_GOODS, weeks=8).recorder.held
    assert "goods" not in told["nothing"].recorder.held
    assert not len(told["nothing"].frames["goods"])


def test_s02_pages_tell_goods_in_four_languages(told: dict[str, Game], tmp_path: Any) -> None:
    """The story has their weeks, the watch page and the report a name for every group."""
    assert Story(run_of(told["nothing"])).whole()["goods"] is None
    game = play(ALL_GOODS, weeks=10)
    part = Story(run_of(game)).whole()["goods"]
    assert part["zone"] == "JPN"
    assert [len(one["held_usd"]) for one in part["groups"]] == [10] * 4
    kept = shown(game.save(tmp_path / "run"))
    for language in ("en", "ko", "ja", "zh-Hans"):
        assert write(part["say"], language)
        keys = [f"group_{one['group'].replace(' ', '_')}" for one in part["groups"]]
        names = [catalogue(language)[f"watch.{key}"] for key in keys]
        page = "".join(goods_of(kept, tongue(language)))  # type: ignore[arg-type]
        assert all(name in page for name in names)
        assert not list(goods_of(shown(told["nothing"].save(tmp_path / language)),
                                 tongue(language)))  # type: ignore[arg-type]  # fmt: skip


def test_s02_a_loss_that_a_network_counts_is_not_told_as_none() -> None:
    """Where firms of a network lose the output themselves, no sentence and no row says 0."""
    raw = dict(load_scenario("network-cut").source) | {"network_firms": 1000, "weeks": 6}
    raw |= {"history": [], "events": []}
    game = Game(resolve(raw, {"users": 150}), seed=1)
    for lever, value in (("ban_scope.JPN", 4.0), ("ban_breadth.JPN", 1.0)):
        assert game.submit(actor="CHN", lever=lever, value=value) is None
    game.run()
    part = Story(run_of(game)).whole()["goods"]
    assert part["say"]["key"] == "story.goods.only_held"
    for language in ("en", "ko", "ja", "zh-Hans"):
        assert write(part["say"], language)
    page = "".join(goods_of(shown(game), tongue("en")))  # type: ignore[arg-type]
    assert page.count("–") == 4


def test_s02_where_a_ban_is_lifted_by_hand_no_belief_in_it_is_left() -> None:
    """Worlds that are played again without a measure look at the law before any week has passed."""
    world = play(AMBIGUOUS, said(1.0), weeks=BAN + 4).world.copy()
    japan, china = (world.setting.zone_index[zone] for zone in ("JPN", "CHN"))
    assert world.zones.scope_gap[0, japan] > 0
    world.regime["ban_breadth"][:, china] = world.regime["listing"][:, china] = 0.0
    world.refresh_law()
    assert (world.law.belief == 0).all()
    assert (world.law.breadth == 0).all()

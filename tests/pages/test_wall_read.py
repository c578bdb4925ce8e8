"""What the last row reads on a wall: crowds of forecasts, the way in, breaks of lines, units."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from runs.pages.words import LANGUAGES
from tests.pages.conftest import OpenPage, Show
from tests.pages.walls import DRAW, LEAST, OUTSIDE, SIZES

pytestmark = pytest.mark.browser

LINES = """(node) => {
  const lines = [], walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) [...walk.currentNode.data].forEach((sign, n) => {
    const range = document.createRange();
    range.setStart(walk.currentNode, n);
    range.setEnd(walk.currentNode, n + 1);
    const top = Math.round(range.getBoundingClientRect().top), last = lines.at(-1);
    if (sign === '\u200b') return;
    if (last?.node === walk.currentNode && Math.abs(last.top - top) < 4) last.text += sign;
    else lines.push({ top, node: walk.currentNode, text: sign });
  });
  return lines.map((one) => one.text.trim());
}"""
# Where the names on a map begin and end, and how far down they go, as parts of the wall.
SPREAD = """(map) => {
  const wall = map.getBoundingClientRect();
  const names = [...map.querySelectorAll('[data-zone] text')].map((one) =>
    one.getBoundingClientRect());
  const least = (side) => Math.min(...names.map((one) => one[side]));
  const most = (side) => Math.max(...names.map((one) => one[side]));
  return [(least('left') - wall.left) / wall.width, (most('right') - wall.left) / wall.width,
    (most('bottom') - least('top')) / wall.height];
}"""
SEEN = """(row) => [...row.querySelectorAll('[data-p]')].map((heap) => {
  const box = heap.getBoundingClientRect();
  return { p: +heap.dataset.p, says: heap.querySelector('text')?.textContent ?? '1',
    left: box.left, right: box.right, tall: box.height };
})"""


@pytest.mark.parametrize("turns", [1, 5, 8])
def test_a_whole_class_of_equal_chances_is_counted_from_the_last_row(
    turns: int, played: Show, calm: Any
) -> None:
    """Twenty dots in one place are one dot to the eye: a heap says how many it is."""
    room = played.room
    wall = calm(room.url("projector", room.projector))
    crowd = json.loads(json.dumps(played.views["forecasts-1"]))
    chances = {0.5: 4, 0.55: 1, 0.6: 20, 0.9: 5}
    given = [p for p, n in chances.items() for _ in range(n)]
    crowd["show"]["rows"] = [
        {"turn": n + 1, "p": given, "came": n % 2 == 0} for n in range(turns)
    ]
    wall.evaluate(DRAW, crowd)
    assert wall.evaluate(OUTSIDE, LEAST) == []
    for turn in range(1, turns + 1):
        seen = wall.locator(f".plotbox [data-turn='{turn}']").evaluate(SEEN)
        assert {one["p"]: int(one["says"]) for one in seen} == chances
        assert all(a["right"] < b["left"] for a, b in pairwise(seen))  # none hides another
        by_size = sorted(seen, key=lambda one: int(one["says"]))
        assert [one["tall"] for one in by_size] == sorted(one["tall"] for one in seen)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_code_and_qr_stand_on_the_title_when_phones_can_come(
    width: int, height: int, language: str, played: Show, calm: Any
) -> None:
    room = played.room
    wall = calm("about:blank", width, height, wait=False)

    def open_to_the_network(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "join": f"http://192.0.2.2:18915/j/{room.code}"})

    wall.route(f"**/api/rooms/{room.code}", open_to_the_network)
    wall.goto(f"{room.door.base}/projector?lang={language}#{room.code}.{room.projector}")
    wall.locator(".wall").wait_for()
    wall.evaluate(DRAW, played.views["title"])
    qr = wall.locator(".qrbox img")
    expect(qr).to_be_visible()
    qr.evaluate("(picture) => picture.decode()")  # fails where there is none
    expect(wall.locator(".bigcode")).to_have_text(room.code)
    lines = wall.locator(".joinat").evaluate(LINES)
    assert lines == ["192.0.2.2:18915/", f"j/{room.code}"]  # the code in one piece
    assert wall.evaluate(OUTSIDE, LEAST) == []


def test_japanese_lines_break_between_phrases(played: Show, calm: Any) -> None:
    room = played.room
    wall = calm(f"{room.door.base}/projector?lang=ja#{room.code}.{room.projector}")
    wall.evaluate(DRAW, played.views["title"])
    assert wall.locator(".say.big").evaluate(LINES) == ["先に尽きるのは", "誰か"]
    assert "決める。" in wall.locator(".three").evaluate(LINES)
    for name in ("situation", "end", "deals-1", "scores-1"):
        wall.evaluate(DRAW, played.views[name])
        for one in wall.locator(".did, .gv, .verdict, .say").all():
            breaks = one.evaluate("node => getComputedStyle(node).wordBreak")
            assert breaks == "auto-phrase", name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_headline_keeps_clear_of_the_names_on_the_map(
    language: str, played: Show, calm: Any
) -> None:
    room, seen = played.room, json.loads(json.dumps(played.views["situation"]))
    seen["show"]["say"] = {
        "en": "Canberra guarantees its mines 180 dollars a kilogram for dysprosium ore; Japan pays "
        "6.8 times the old price for dysprosium",
        "ko": "캔버라, 광산에 디스프로슘 광석 가격을 kg당 180달러 보장; 일본, 디스프로슘에 예전의 "
        "6.8배 지불",
        "ja": "キャンベラ、鉱山にジスプロシウム鉱石の価格を1キロ180ドル保証。日本はジスプロシウムに"
        "以前の6.8倍を払う",
        "zh-Hans": "堪培拉向矿企保证镝矿每公斤180美元；日本为镝付原来6.8倍的价钱",
    }
    wall = calm(f"{room.door.base}/projector?lang={language}#{room.code}.{room.projector}")
    wall.evaluate(DRAW, seen)
    expect(wall.locator(".say")).to_contain_text("6.8")
    assert wall.evaluate(OUTSIDE, LEAST) == []


@pytest.mark.parametrize(
    ("language", "unit"), [("ja", "億ドル"), ("ko", "억 달러"), ("zh-Hans", "亿美元")]
)
def test_a_loss_stands_in_one_unit_in_the_title_and_at_its_bars(
    language: str, unit: str, played: Show, calm: Any
) -> None:
    room, seen = played.room, json.loads(json.dumps(played.views["result"]))
    rows = [{"kind": "measures", "usd": 824_000_000, "tone": "china"},
            {"kind": "rest", "usd": 116_000_000, "tone": "carried"}]  # fmt: skip
    seen["show"]["why"] = {"zone": "JPN", "start": 340_000_000, "rows": rows,
                           "end": 1_280_000_000}  # fmt: skip
    wall = calm(f"{room.door.base}/projector?lang={language}#{room.code}.{room.projector}")
    wall.evaluate(DRAW, seen)
    why = wall.locator(".why")
    expect(why.locator("h2")).to_contain_text(f"12.8{unit}")
    expect(why.locator("p.lab")).to_have_text(unit)
    bars = why.locator("svg text").all_text_contents()
    assert {"3.4", "+8.2", "+1.2", "12.8"} <= set(bars)


def test_while_weeks_run_the_map_fills_the_wall(played: Show, open_page: OpenPage) -> None:
    room = played.room
    wall = open_page(room.url("projector", room.projector), 1280, 720)
    wall.locator(".wall").wait_for()
    wall.evaluate("async () => (await import('/pages/wall/motion.js')).stopRun()")
    wall.evaluate(DRAW, played.views["result"])
    left, right, down = wall.locator("svg.map").evaluate(SPREAD)
    assert left < 0.36
    assert right > 0.7
    assert down > 0.5
    assert wall.evaluate(OUTSIDE, LEAST) == []
    wall.evaluate("async () => (await import('/pages/wall/motion.js')).stopRun()")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_has_its_turns_below_the_situation_with_a_flag_for_each_event(
    language: str, played: Show, calm: Any
) -> None:
    room, seen = played.room, json.loads(json.dumps(played.views["situation"]))
    wall = calm(f"{room.door.base}/projector?lang={language}#{room.code}.{room.projector}")
    wall.evaluate(DRAW, seen)
    expect(wall.locator(".board")).to_have_count(0)  # a class has the result for it
    seen["show"]["board"], seen["turns"] = True, 5
    event = {"kind": "news", "say": None, "actor": "", "target": ""}
    seen["public"]["injects"] = [
        {**event, "n": n, "turn": turn, "text": f"Event {n}"} for n, turn in enumerate((1, 2, 2))
    ]
    wall.evaluate(DRAW, seen)
    turns = wall.locator(".board li")
    flags = turns.evaluate_all("all => all.map(one => one.querySelectorAll('svg').length)")
    assert flags == [1, 2, 0, 0, 0]
    expect(turns.nth(1)).to_have_attribute("aria-current", "step")
    expect(turns.nth(1)).to_contain_text("Event 2")  # for who hears the page
    assert wall.evaluate(OUTSIDE, LEAST) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Korea keeps this off: Protest."), ("ja", "韓国は「抗議」を選びません。"),
     ("ko", "한국: 항의를 택하지 않습니다."), ("zh-Hans", "韩国不选择“抗议”。")],
)  # fmt: skip
def test_what_is_on_or_off_is_promised_in_a_sentence_of_its_own(
    language: str, said: str, played: Show, calm: Any
) -> None:
    room, seen = played.room, json.loads(json.dumps(played.views["deals-1"]))
    promise = {"kind": "lever", "lever": "protest", "sense": "equals", "value": 0}
    seen["show"]["deal"] |= {"by": "KOR", "to": ["JPN"], "gives": [promise], "gets": []}
    wall = calm(f"{room.door.base}/projector?lang={language}#{room.code}.{room.projector}")
    wall.evaluate(DRAW, seen)
    expect(wall.locator(".gv li").first).to_have_text(said)

"""What every picture on a wall owes to the last row, as scripts for its page."""

from __future__ import annotations

SIZES = ((1920, 1080), (1280, 720), (1024, 768))
LEAST = 28.0  # px of letters at 1920 by 1080

# What leaves the wall or its box, lies on a neighbour, or is too small for the last row.
OUTSIDE = """(least) => {
  const wall = document.querySelector('.wall'), frame = wall.getBoundingClientRect(), found = [];
  const scale = frame.width / 1920;
  const name = (one) => `${one.getAttribute('class') ?? one.tagName} ${
    one.textContent.slice(0, 40)}`;
  const out = (box, own) => own.left < box.left - 1 || own.right > box.right + 1
    || own.top < box.top - 1 || own.bottom > box.bottom + 1;
  for (const one of wall.querySelectorAll('*')) {
    if (one.closest('.sr')) continue;
    const svg = one.closest('svg'), words = [...one.childNodes].some((node) => node.nodeType === 3
      && node.data.trim());
    if (svg && one.localName !== 'text') continue;
    const own = one.getBoundingClientRect();
    if (words) {
      const factor = svg ? one.getScreenCTM().a / scale : 1;
      const size = parseFloat(getComputedStyle(one).fontSize) * factor;
      if (size < least - 0.01) found.push(['small', size, name(one)]);
      const within = one.closest('.panel, .slip, .seats, .what, .beside, .origin');
      const box = within?.getBoundingClientRect();
      if (out(frame, own) || box && out(box, own)) found.push(['outside', name(one)]);
    } else if (!svg && out(frame, own)) found.push(['outside', name(one)]);
    if (!svg && one.clientWidth > 0 && getComputedStyle(one).display !== 'inline'
      && (one.scrollWidth > one.clientWidth + 1 || words && one.scrollHeight > one.clientHeight + 2
        && getComputedStyle(one).overflow === 'hidden')) found.push(['cut', name(one)]);
  }
  const blocks = [...wall.querySelectorAll('header.head, .say, .panel:not(.lost), .seats, .three, '
    + '.fill, .slip, .beside, ol.kept, p.kept, .ask, .plotbox, .scores, .foot, .what, '
    + '.origin, .curve, .steps')];
  const covers = wall.querySelectorAll('.say, .panel:not(.lost), .seats, .curve, .origin');
  for (const label of wall.querySelectorAll('svg.map text')) for (const one of covers) {
    const [p, q] = [label.getBoundingClientRect(), one.getBoundingClientRect()];
    if (p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom)
      found.push(['hidden', name(label), name(one)]);
  }
  // Names on a map keep apart, but for the air above and below their letters.
  for (const map of wall.querySelectorAll('svg.map')) {
    const names = [...map.querySelectorAll('[data-zone]')].map((node) => [node.dataset.zone,
      [...node.querySelectorAll('text')].map((text) => text.getBoundingClientRect())]);
    names.forEach(([one, mine], i) => names.slice(i + 1).forEach(([other, theirs]) => {
      if (mine.some((p) => theirs.some((q) => p.left < q.right && q.left < p.right
        && p.top + 4 < q.bottom - 4 && q.top + 4 < p.bottom - 4)))
        found.push(['names', one, other]);
    }));
  }
  blocks.forEach((a, i) => blocks.slice(i + 1).forEach((b) => {
    const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
    if (a.contains(b) || b.contains(a)) return;
    if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1
      && q.top < p.bottom - 1)
      found.push(['over', name(a), name(b)]);
  }));
  return found;
}"""

# Draws a view on the page as the projector does, without a room.
DRAW = """async (view) => {
  const { drawWall } = await import('/pages/wall/scenes.js');
  const { show } = await import('/pages/base/elements.js');
  show(drawWall(view, { state: 'live', now: () => view.now }, () => {}));
  const wall = document.querySelector('.wall');
  wall.style.transform = 'none';
  for (const clock of wall.querySelectorAll('[data-clock]')) clock.textContent = '4:12';
}"""

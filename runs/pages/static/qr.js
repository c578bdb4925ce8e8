// A QR code of a short text: bytes, error correction M, versions 1 to 10.
import { s } from "./base.js";

const CHECK = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26]; // check words of a block, by version
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5];

const raw = (v) => {
  let bits = (16 * v + 128) * v + 64;
  if (v >= 2) {
    const n = Math.floor(v / 7) + 2;
    bits -= (25 * n - 10) * n - 55;
    if (v >= 7) bits -= 36;
  }
  return Math.floor(bits / 8);
};

function times(x, y) {
  let z = 0;
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >>> 7) * 0x11d);
    z ^= ((y >>> i) & 1) * x;
  }
  return z;
}
function divisor(degree) {
  const found = new Array(degree).fill(0);
  found[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) {
      found[j] = times(found[j], root);
      if (j + 1 < degree) found[j] ^= found[j + 1];
    }
    root = times(root, 2);
  }
  return found;
}
function rest(data, by) {
  const found = new Array(by.length).fill(0);
  for (const one of data) {
    const factor = one ^ found.shift();
    found.push(0);
    by.forEach((c, i) => { found[i] ^= times(c, factor); });
  }
  return found;
}

function qrModules(text, mask = null) {
  const bytes = [...new TextEncoder().encode(text)];
  let v = 1;
  const room = (one) => raw(one) - CHECK[one] * BLOCKS[one];
  const head = (one) => (one < 10 ? 12 : 20);
  while (v <= 10 && 8 * room(v) < head(v) + 8 * bytes.length) v++;
  if (v > 10) throw new RangeError("too long for a code");
  const bits = [];
  const put = (value, n) => { for (let i = n - 1; i >= 0; i--) bits.push((value >>> i) & 1); };
  put(4, 4);
  put(bytes.length, v < 10 ? 8 : 16);
  bytes.forEach((one) => put(one, 8));
  put(0, Math.min(4, 8 * room(v) - bits.length));
  put(0, (8 - bits.length % 8) % 8);
  const data = [];
  for (let i = 0; i < bits.length; i += 8) data.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  for (let pad = 0xec; data.length < room(v); pad ^= 0xec ^ 0x11) data.push(pad);
  const whole = weave(data, v);
  const best = (mask === null ? [0, 1, 2, 3, 4, 5, 6, 7] : [mask])
    .map((one) => place(whole, v, one)).map((grid) => [ugly(grid), grid]).sort((a, b) => a[0] - b[0])[0];
  return best[1];
}

function weave(data, v) {
  const n = BLOCKS[v], check = CHECK[v], all = raw(v);
  const short = n - all % n, length = Math.floor(all / n), by = divisor(check);
  const blocks = [];
  for (let i = 0, k = 0; i < n; i++) {
    const part = data.slice(k, k + length - check + (i < short ? 0 : 1));
    k += part.length;
    const words = rest(part, by);
    if (i < short) part.push(0);
    blocks.push(part.concat(words));
  }
  const found = [];
  for (let i = 0; i < blocks[0].length; i++)
    blocks.forEach((block, j) => { if (i !== length - check || j >= short) found.push(block[i]); });
  return found;
}

function place(words, v, mask) {
  const size = 4 * v + 17;
  const grid = Array.from({ length: size }, () => new Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => new Array(size).fill(false));
  const set = (x, y, dark) => { grid[y][x] = dark; fixed[y][x] = true; };
  for (let i = 0; i < size; i++) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]])
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const far = Math.max(Math.abs(dx), Math.abs(dy)), x = cx + dx, y = cy + dy;
        if (x >= 0 && x < size && y >= 0 && y < size) set(x, y, far !== 2 && far !== 4);
      }
  const marks = places(v, size);
  marks.forEach((x, i) => marks.forEach((y, j) => {
    const last = marks.length - 1;
    if (i === 0 && j === 0 || i === 0 && j === last || i === last && j === 0) return;
    for (let dy = -2; dy <= 2; dy++)
      for (let dx = -2; dx <= 2; dx++) set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }));
  let code = mask; // error correction M is 0
  for (let i = 0; i < 10; i++) code = (code << 1) ^ ((code >>> 9) * 0x537);
  const bits = (mask << 10 | code) ^ 0x5412, bit = (i) => ((bits >>> i) & 1) !== 0;
  for (let i = 0; i <= 5; i++) set(8, i, bit(i));
  set(8, 7, bit(6)); set(8, 8, bit(7)); set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
  set(8, size - 8, true);
  if (v >= 7) {
    let more = v;
    for (let i = 0; i < 12; i++) more = (more << 1) ^ ((more >>> 11) * 0x1f25);
    const all = v << 12 | more;
    for (let i = 0; i < 18; i++) {
      const dark = ((all >>> i) & 1) !== 0, a = size - 11 + i % 3, b = Math.floor(i / 3);
      set(a, b, dark); set(b, a, dark);
    }
  }
  let i = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++)
      for (let j = 0; j < 2; j++) {
        const x = right - j, y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (fixed[y][x]) continue;
        const dark = i < 8 * words.length && ((words[i >>> 3] >>> (7 - (i & 7))) & 1) !== 0;
        grid[y][x] = dark !== turns(mask, x, y);
        i++;
      }
  }
  return grid;
}
function places(v, size) {
  if (v === 1) return [];
  const n = Math.floor(v / 7) + 2, step = 2 * Math.ceil((size - 13) / (2 * n - 2));
  const found = [6];
  for (let at = size - 7; found.length < n; at -= step) found.splice(1, 0, at);
  return found;
}
const turns = (mask, x, y) => [
  (x + y) % 2 === 0, y % 2 === 0, x % 3 === 0, (x + y) % 3 === 0,
  (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, x * y % 2 + x * y % 3 === 0,
  (x * y % 2 + x * y % 3) % 2 === 0, ((x + y) % 2 + x * y % 3) % 2 === 0][mask];

function ugly(grid) {
  let score = 0;
  const n = grid.length;
  for (const rows of [grid, grid[0].map((_, x) => grid.map((row) => row[x]))])
    for (const row of rows)
      for (let i = 0, run = 1; i < n; i++) {
        run = i && row[i] === row[i - 1] ? run + 1 : 1;
        score += run === 5 ? 3 : run > 5 ? 1 : 0;
      }
  for (let y = 1; y < n; y++)
    for (let x = 1; x < n; x++) {
      const one = grid[y][x];
      if (one === grid[y - 1][x] && one === grid[y][x - 1] && one === grid[y - 1][x - 1]) score += 3;
    }
  return score;
}

export function drawQr(text, words) {
  const grid = qrModules(text), n = grid.length;
  const path = grid.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  return s("svg", { class_: "qr", viewBox: `0 0 ${n + 8} ${n + 8}`, role: "img", "aria-label": words, "shape-rendering": "crispEdges" },
    s("rect", { width: n + 8, height: n + 8, fill: "#fff" }), s("path", { d: path, fill: "#000" }));
}

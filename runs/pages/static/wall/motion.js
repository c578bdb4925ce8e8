// Weeks that run by themselves: the server sends them once, and each wall plays them on its own.

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
let running = { key: "", week: 0, of: 0, timer: 0 };

// The week that a run has come to, from 0; past the last one it is over. A new key begins a new run;
// where people want no motion it is over at once.
export function weekOf(key, weeks, seconds, again) {
  if (running.key === key) return running.week;
  clearInterval(running.timer);
  running = { key, week: calm() ? weeks : 0, of: weeks, timer: 0 };
  if (running.week < weeks) running.timer = setInterval(() => {
    running.week += 1;
    if (running.week >= running.of) clearInterval(running.timer);
    again();
  }, 1000 * seconds / weeks);
  return running.week;
}

export function stopRun() {
  clearInterval(running.timer);
  running = { key: "", week: 0, of: 0, timer: 0 };
}

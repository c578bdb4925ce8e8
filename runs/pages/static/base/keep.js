// What this device remembers.

const kept = {
  get(name) { try { return localStorage.getItem(`ent.${name}`); } catch { return null; } },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(`ent.${name}`);
      else localStorage.setItem(`ent.${name}`, value);
    } catch { /* a full or forbidden store: the page works without */ }
  },
};

export const keep = {
  get(name, other = null) {
    try { return JSON.parse(kept.get(name)) ?? other; } catch { return other; }
  },
  set(name, value) { kept.set(name, value === null ? null : JSON.stringify(value)); },
};

// Before anything is painted: the theme that was chosen here, and whether the words that came with the page
// are in the language that was. After the first picture: the run's application, which is large.
(() => {
  const root = document.documentElement, query = new URLSearchParams(location.search);

  function kept(name) {
    try { return JSON.parse(localStorage.getItem(`ent.${name}`)); } catch { return null; }
  }

  const theme = query.get("theme") ?? kept("theme"), language = query.get("lang") || kept("lang");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  if (language && language !== root.lang) root.dataset.unread = "";

  function apply() {
    const script = document.createElement("script");
    script.src = document.getElementById("application").href;
    document.body.append(script);
  }

  const parsed = new Promise((done) => document.addEventListener("readystatechange", done, { once: true }));
  // A page in the background has no pictures.
  const seen = new Promise((done) => {
    setTimeout(done, 300);
    requestAnimationFrame(() => setTimeout(done, 0));
  });
  Promise.all([parsed, seen]).then(apply);
})();

// Says that a part of the page has failed, whatever part it was. This script stands alone, so that it still
// speaks where others could not be loaded; the sentence comes with the page, in the reader's language.
(() => {
  const OURS = /\/pages\//; // what fails within the application beside the watch page is told by it
  let told = false;

  function tell() {
    if (told) return;
    told = true;
    const { trouble, again } = document.body.dataset;
    const line = document.createElement("div"), text = document.createElement("p");
    const button = document.createElement("button");
    Object.assign(line, { className: "trouble", id: "trouble" });
    line.setAttribute("role", "status");
    text.textContent = trouble;
    Object.assign(button, { type: "button", className: "btn small", textContent: again,
      onclick: () => location.reload() });
    line.append(text, button);
    document.body.prepend(line);
  }

  window.addEventListener("error", (event) => {
    const from = event.target?.src ?? event.target?.href ?? event.filename ?? "";
    if (!(event.target instanceof HTMLImageElement) && OURS.test(String(from))) tell();
  }, true);
  window.addEventListener("unhandledrejection", ({ reason }) => {
    if (OURS.test(String(reason?.stack))) tell();
  });
  window.addEventListener("entrepot:trouble", tell); // a page that goes on without one of its parts
})();

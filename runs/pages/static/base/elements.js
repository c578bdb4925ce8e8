// Elements and how a page is drawn: anew from the latest payload, laid over what stands there. Text
// goes in as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const OWN = new Set(["value", "checked", "disabled", "selected", "open", "hidden", "readOnly"]);

// While a page is laid over what stood there, fields that go or move fire `change` and `blur`. That
// is nobody's doing: nothing is saved by it, and nothing is drawn within the drawing.
let laying = false;
const byPeople = (act) => function (event) { return laying ? undefined : act.call(this, event); };

function make(node, traits, children) {
  node._on = {};
  node._own = {};
  for (const [name, value] of Object.entries(traits || {})) {
    if (value === undefined || value === null || value === false && !OWN.has(name)) continue;
    if (name.startsWith("on")) node._on[name] = value;
    else if (name === "key") node._key = String(value);
    else if (OWN.has(name)) node._own[name] = value;
    else if (name === "style") node.style.cssText = value; // an attribute would not pass the policy
    else node.setAttribute(name === "class_" ? "class" : name, value === true ? "" : String(value));
  }
  add(node, children);
  for (const [name, value] of Object.entries(node._on)) node[name] = byPeople(value);
  for (const [name, value] of Object.entries(node._own)) node[name] = value;
  return node;
}

function add(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(node, child);
    else if (child instanceof Node) node.appendChild(child);
    else if (child !== null && child !== undefined && child !== false && child !== "")
      node.appendChild(document.createTextNode(String(child)));
  }
}

export const h = (tag, traits, ...children) => make(document.createElement(tag), traits, children);
export const s = (tag, traits, ...children) =>
  make(document.createElementNS(SVG, tag), traits, children);

// A part that is costly to draw and seldom changes. While it is asked for with the sign with which it was
// drawn, what stands on the page is left alone, and a mere stub takes its place in what is laid over it.
const standing = new Map();
export function still(key, sign, make) {
  const there = standing.get(key);
  if (!there?.isConnected || there._sign !== sign) return signed(key, sign, make());
  const stub = signed("", sign, document.createElementNS(there.namespaceURI, there.localName));
  stub._key = key;
  stub._make = () => signed(key, sign, make());
  return stub;
}

function signed(key, sign, node) {
  if (!node) return node;
  node._sign = sign;
  if (key) {
    node._key = key;
    standing.set(key, node);
  }
  return node;
}

// What goes onto the page with all its parts.
function whole(node) {
  if (node._make) return node._make();
  for (const one of node.querySelectorAll?.("*") ?? []) if (one._make) one.replaceWith(one._make());
  return node;
}

// Lays `fresh` over `old`: nodes stay where they can, so focus, carets and open folds survive.
function lay(old, fresh) {
  if (fresh._make && old._sign === fresh._sign) return;
  if (fresh._make) fresh = fresh._make();
  if (fresh._sign === undefined) delete old._sign;
  else signed(fresh._key, fresh._sign, old);
  for (const one of [...old.attributes])
    if (!fresh.hasAttribute(one.name) && one.name !== "open"
      && one.name !== "style") old.removeAttribute(one.name);
  for (const one of fresh.attributes)
    if (one.name !== "style" && old.getAttribute(one.name) !== one.value) old.setAttribute(one.name,
      one.value);
  for (const name of Object.keys(old._on || {})) if (!(name in (fresh._on || {}))) old[name] = null;
  if (old.style && fresh.style
    && old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
  old._on = fresh._on || {};
  old._key = fresh._key;
  for (const [name, value] of Object.entries(old._on)) old[name] = byPeople(value);
  if (!fresh.hasAttribute("data-own")) layChildren(old, fresh); // else a chart draws within it
  const own = fresh._own || {};
  for (const [name, value] of Object.entries(own)) {
    const typing = old === document.activeElement && !own.disabled
      && (name === "value" || name === "checked");
    if (old[name] !== value && !typing) old[name] = value;
  }
  old._own = own;
}

function layChildren(old, fresh) {
  // What is gone goes first: a node that is moved up into its place would lose the focus, and a
  // field that loses the focus saves what was half typed.
  const wantedKeys = new Set([...fresh.childNodes].map((node) => node._key));
  const keyed = new Map();
  for (const node of [...old.childNodes]) {
    if (node._key === undefined) continue;
    if (wantedKeys.has(node._key)) keyed.set(node._key, node);
    else node.remove();
  }
  let place = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let found = wanted._key !== undefined ? keyed.get(wanted._key) : place;
    if (wanted._key === undefined)
      while (found && found._key !== undefined) found = found.nextSibling;
    const same = found && found.nodeType === wanted.nodeType && found.nodeName === wanted.nodeName
      && found._key === wanted._key;
    if (!same) {
      old.insertBefore(whole(wanted), place);
      continue;
    }
    if (found !== place) old.insertBefore(found, place);
    else place = place.nextSibling;
    if (found.nodeType === Node.TEXT_NODE) {
      if (found.data !== wanted.data) found.data = wanted.data;
    } else lay(found, wanted);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

// Draws children into an element, over what stands there.
export function showIn(host, ...children) {
  if (laying) return;
  const fresh = h("div", null, ...children);
  laying = true;
  try { layChildren(host, fresh); } finally { laying = false; }
}

export const show = (...children) => showIn(document.getElementById("page"), ...children);

// Does something when the browser shows a page again that it had put away: by Back or Forward, with
// all that it held then, however long ago that was.
export function onReturn(act) {
  window.addEventListener("pageshow", (event) => { if (event.persisted) act(); });
}

// Elements and how a page is drawn: anew from the latest payload, laid over what stands there. Text
// goes in as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const OWN = new Set(["value", "checked", "disabled", "selected", "open", "hidden", "readOnly"]);

// While a page is laid over what stood there, fields that go or move fire `change` and `blur`. That
// is nobody's doing: nothing is saved by it, and nothing is drawn within the drawing.
let laying = false;
const byPeople = (name) => function (event) {
  return laying ? undefined : this._on[name]?.call(this, event);
};

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
  for (const name of Object.keys(node._on)) node[name] = byPeople(name);
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

// By name, and styles only where there are some: whatever else is asked for, the browser makes an object of.
function layTraits(old, fresh) {
  for (const name of old.getAttributeNames())
    if (name !== "open" && name !== "style" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const name of fresh.getAttributeNames()) {
    const value = fresh.getAttribute(name);
    if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if ((fresh.hasAttribute("style") || old.hasAttribute("style"))
    && old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
}

// Lays `fresh` over `old`: nodes stay where they can, so focus, carets and open folds survive.
function lay(old, fresh) {
  if (fresh._make && old._sign === fresh._sign) return;
  if (fresh._make) fresh = fresh._make();
  if (fresh._sign === undefined) delete old._sign;
  else signed(fresh._key, fresh._sign, old);
  layTraits(old, fresh);
  const on = old._on || {};
  old._on = fresh._on || {};
  for (const name of Object.keys(on)) if (!(name in old._on)) old[name] = null;
  for (const name of Object.keys(old._on)) if (!(name in on)) old[name] = byPeople(name);
  old._key = fresh._key;
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

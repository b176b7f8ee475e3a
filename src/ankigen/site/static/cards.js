// Cards in their own look, and finding them.
"use strict";

const looks = {};
for (const style of document.querySelectorAll("style[data-look]")) {
  looks[style.dataset.look] = new CSSStyleSheet();
  looks[style.dataset.look].replaceSync(style.textContent);
}
const frame = new CSSStyleSheet(); // what Anki's own page gives to every card
frame.replaceSync(`
  :host { display: block; }
  .card { min-height: 100%; box-sizing: border-box; }
  button.replay-button { background: none; border: 0; padding: 0; cursor: pointer; font: inherit; }
  .replay-button svg { width: 40px; height: 40px; }
  .replay-button svg circle { fill: #fff; stroke: #414141; } .replay-button svg path { fill: #414141; }
  #typeans { width: 100%; box-sizing: border-box; line-height: 1.75; font: inherit; }
  code#typeans { white-space: pre-wrap; }
  [hidden] { display: none !important; }
`);

/** A card is a page by itself in Anki; here it is a part of one, below a heading of some level. */
function fitInto(card, level) {
  for (const main of card.querySelectorAll("main")) {
    const part = document.createElement("div");
    for (const { name, value } of main.attributes) part.setAttribute(name, value);
    part.append(...main.childNodes);
    main.replaceWith(part);
  }
  for (const heading of card.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    heading.setAttribute("aria-level", level + Number(heading.localName[1]));
  }
}

/** Put one side of a card into an element, shut away from the page's look. */
function showCard(host, template, type, ordinal) {
  const tree = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  tree.adoptedStyleSheets = [frame, looks[type]];
  const card = document.createElement("div");
  card.className = `card card${ordinal + 1}${isNight() ? " nightMode night_mode" : ""}`;
  card.append(template.content.cloneNode(true));
  fitInto(card, host.closest("dialog") ? 2 : 3);
  tree.replaceChildren(card);
  for (const link of card.querySelectorAll("a.hint")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      link.nextElementSibling.hidden = false;
      link.hidden = true;
    });
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return; // a link that says that it is a button
      event.preventDefault();
      link.click();
    });
  }
  return card;
}

function dress(host) {
  const pair = host.parentElement;
  const item = host.closest(".item");
  const template = host.querySelector("template");
  showCard(host, template, item.dataset.type, Number(pair.dataset.card));
}

// Far from the screen, a card is only its template.
const nearby = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    nearby.unobserve(target);
    dress(target);
  }
}, { rootMargin: "800px" });
document.addEventListener("theme", () => {
  for (const host of document.querySelectorAll(".face")) {
    const card = host.shadowRoot?.querySelector(".card");
    for (const name of ["nightMode", "night_mode"]) card?.classList.toggle(name, isNight());
  }
});

// A list of notes to look through, whose cards open; on paper, all of them are open.
const folds = () => [...document.querySelectorAll("details.cards")];
const opener = document.querySelector("[data-open-all]");
let unprinted = [];

function openAll(open) {
  for (const fold of folds()) fold.open = open;
  opener.setAttribute("aria-pressed", open);
}

function openTarget() {
  const fold = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector("details.cards");
  if (fold) fold.open = true;
}

opener?.addEventListener("click", () => {
  const open = opener.getAttribute("aria-pressed") !== "true";
  openAll(open);
  store.set("open", open);
});
if (opener && store.get("open", false)) openAll(true);
openTarget();
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", () => {
  unprinted = folds().filter((fold) => !fold.open);
  for (const fold of unprinted) fold.open = true;
  document.querySelectorAll(".items .face").forEach(dress);
});
addEventListener("afterprint", () => {
  for (const fold of unprinted) fold.open = false;
});

// Finding: every word of what is typed, somewhere in the entry.
const filters = document.querySelector("[data-filters]");
let items = [];
const marks = new Set(store.get("marks", []));
let words;

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function index() {
  words ??= new Map(items.map((item) => {
    const cards = [...item.querySelectorAll("template")].map((one) => one.content.textContent);
    return [item, plain([item.textContent, ...cards].join(" "))];
  }));
  return words;
}

function wanted() {
  const said = new FormData(filters);
  const asked = plain(said.get("text") ?? "").split(/\s+/).filter(Boolean);
  return items.filter((item) => {
    const { level, topics, set, key } = item.dataset;
    return (!said.get("level") || level === said.get("level"))
      && (!said.get("topic") || topics.split(" ").includes(said.get("topic")))
      && (!said.get("set") || set === said.get("set"))
      && (!said.get("marked") || marks.has(key))
      && asked.every((word) => index().get(item).includes(word));
  });
}

function filter() {
  const shown = new Set(wanted());
  for (const item of items) item.hidden = !shown.has(item);
  for (const section of document.querySelectorAll(".letter")) {
    section.hidden = !section.querySelector(".item:not([hidden])");
  }
  const all = shown.size === items.length;
  filters.querySelector("[data-count]").textContent = all ? `${items.length} in all` : `${shown.size} of ${items.length}`;
  document.querySelector("[data-none]").hidden = shown.size > 0;
}

filters.hidden = false;
filters.addEventListener("input", filter);
filters.addEventListener("submit", (event) => event.preventDefault());
document.querySelector("[data-clear]").addEventListener("click", () => {
  filters.reset();
  filter();
  filters.elements.text.focus();
});

function makeMark(button) {
  const { key } = button.closest(".item").dataset;
  const show = () => {
    button.setAttribute("aria-pressed", marks.has(key));
    button.textContent = marks.has(key) ? "★" : "☆";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (!marks.delete(key)) marks.add(key);
    store.set("marks", [...marks]);
    show();
  });
  show();
}

/** Take the entries of the page as they are now; those that were taken before stay alive. */
function replaceItems(found) {
  const before = new Set(items);
  items = found;
  words = undefined;
  for (const item of items) {
    if (before.has(item)) continue;
    for (const host of item.querySelectorAll(".face")) nearby.observe(host);
    for (const button of item.querySelectorAll("[data-mark]")) makeMark(button);
  }
  filter();
}
replaceItems([...document.querySelectorAll(".item")]);

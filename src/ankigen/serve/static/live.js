// The preview's own part of a page: takes over what was saved, and shows what a check found.
// It runs after the page's own scripts, and uses their `store`, `play`, `openAll`, `dress` and so on.

const bar = document.createElement("aside");
bar.className = "live";
bar.setAttribute("aria-label", "Preview");
bar.innerHTML = `<p role="status">…</p>
  <p class="changed" hidden></p>
  <details hidden><summary></summary><ol></ol></details>
  <button type="button" aria-pressed="false">Phone</button>`;
document.body.append(bar);
const status = bar.querySelector("[role=status]");
const changed = bar.querySelector(".changed");
const list = bar.querySelector("details");
const phone = bar.querySelector("button");
bar.append(document.querySelector("[data-theme-button]")); // within reach, however far one scrolls

const MOST_NAMED = 3; // changed entries that the bar names

let known; // this page's entries as they were sent, by id
let shown; // the number of the change that the page shows
let stale = false; // something may have been missed
let events = null;
let turn = Promise.resolve(); // news are taken one after the other

// A browser plays again what it has played before, unless it has another address.
let heard = Date.now();
globalThis.play = (name) => {
  player.src = `/media/${encodeURIComponent(name)}?${heard}`;
  player.play().catch(() => {});
};

function setPhone(on) {
  document.body.classList.toggle("phone", on);
  phone.setAttribute("aria-pressed", on);
}
phone.addEventListener("click", () => {
  setPhone(!document.body.classList.contains("phone"));
  store.set("phone", document.body.classList.contains("phone"));
});
setPhone(store.get("phone", false));

function element(name, className, ...content) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
}

/** Where the entry is that is meant: on this page, or on that of its deck. */
function linkTo({ anchor, place }) {
  if (!anchor) return "";
  if (document.getElementById(anchor)) return `#${anchor}`;
  const [, deck] = place.match(/^cards\/([^/]+)\//) ?? [];
  return deck ? `/decks/${deck}.html#${anchor}` : "";
}

function remark(said, link = "") {
  const place = element(link ? "a" : "span", "", said.place);
  if (link) place.href = link;
  const box = element("div", `remark ${said.severity}`);
  box.append(element("p", "", element("strong", "", said.severity), ` ${said.message}`));
  if (said.hint) box.append(element("p", "", said.hint));
  box.append(element("p", "where", place, ` ${said.code}`));
  return box;
}

const counted = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

function showErrors(errors) {
  const before = document.querySelector(".overlay");
  const text = JSON.stringify(errors);
  if (before?.dataset.text === text) return;
  before?.remove();
  if (!errors.length) return;
  const box = element("div", "", element("h2", "", `${counted(errors.length, "mistake")} in the sources`));
  if (document.querySelector("main .item, main .decks")) {
    const hide = element("button", "", "Look at the pages meanwhile");
    hide.type = "button";
    hide.addEventListener("click", () => { overlay.hidden = true; });
    box.append(element("p", "", "The pages stay as they were until this is mended."), hide);
  }
  const overlay = element("section", "overlay", box);
  overlay.dataset.text = text;
  overlay.setAttribute("role", "alert");
  box.querySelector("h2").after(...errors.map((said) => remark(said)));
  document.body.append(overlay);
}

function showRemarks(remarks) {
  for (const old of document.querySelectorAll(".item .remark")) old.remove();
  for (const anchor of new Set(remarks.map((said) => said.anchor))) {
    const head = anchor && document.getElementById(anchor)?.querySelector("header, dt");
    if (head) head.after(...remarks.filter((said) => said.anchor === anchor).map((said) => remark(said)));
  }
  list.hidden = !remarks.length;
  if (list.hidden) list.open = false;
  list.querySelector("summary").textContent = counted(remarks.length, "remark");
  const lines = remarks.map((said) => element("li", "", remark(said, linkTo(said))));
  list.querySelector("ol").replaceChildren(...lines);
}

function addRemake(item) {
  for (const button of item.querySelectorAll(".play")) {
    const again = element("button", "play", "↻");
    again.type = "button";
    again.title = "Make this sound again";
    again.setAttribute("aria-label", button.getAttribute("aria-label").replace(/^Play/, "Make again"));
    again.addEventListener("click", async () => {
      const { sound } = button.dataset;
      again.disabled = true;
      try {
        const done = await fetch(`/live/remake/${encodeURIComponent(sound)}`, { method: "POST" });
        heard = Date.now();
        if (done.ok) globalThis.play(sound);
        status.textContent = (await done.text()).trim();
      } catch {
        lose();
      }
      again.disabled = false;
    });
    button.after(again);
  }
}

function entries(page) {
  return new Map([...page.querySelectorAll(".item")].map((one) => [one.id, one]));
}

async function fetched() {
  const answer = await fetch(location.pathname, { cache: "no-store" });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

const numberOf = (page) => Number(page.querySelector("script[data-number]")?.dataset.number ?? 0);
const stylesOf = (page) => [...page.querySelectorAll("style[data-look]")].map((one) => one.textContent).join();

/** Exchange the entries that differ, and leave the rest as a reader has it. */
async function take() {
  const page = await fetched();
  const fresh = entries(page);
  if (!known || !fresh.size || stylesOf(page) !== stylesOf(document)) {
    location.reload();
    return;
  }
  const here = entries(document);
  const news = [...fresh.keys()].filter((id) => known.get(id) !== fresh.get(id).outerHTML);
  const moved = [...fresh.keys()].join() !== [...here.keys()].join();
  known = new Map([...fresh].map(([id, item]) => [id, item.outerHTML]));
  const made = new Map(news.map((id) => [id, document.importNode(fresh.get(id), true)]));
  if (moved) arrange(page, new Map([...here, ...made]));
  else for (const [id, item] of made) here.get(id).replaceWith(item);
  replaceItems([...entries(document).values()]);
  for (const [id, item] of made) settle(item, here.get(id));
  for (const part of ["h1", ".lead", ".hero .facts", ".letters", ".sets"]) {
    const [one, other] = [page, document].map((where) => where.querySelector(`main ${part}`));
    if (one && other && plainOf(one) !== plainOf(other)) other.innerHTML = one.innerHTML;
  }
  for (const select of document.querySelectorAll("[data-filters] select")) {
    const other = page.querySelector(`[data-filters] select[name="${select.name}"]`);
    if (!other || other.innerHTML === select.innerHTML) continue;
    const { value } = select;
    select.innerHTML = other.innerHTML;
    select.value = [...select.options].some((one) => one.value === value) ? value : "";
    select.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (typeof showProgress === "function") showProgress();
  document.title = page.title;
  name(made);
}

const plainOf = (part) => part.textContent.replace(/\s+/g, " ");

/** Where entries came, went or changed places: the fresh page's lists, with what is kept in them. */
function arrange(page, all) {
  const lists = ".items, .letter";
  const before = [...document.querySelectorAll(lists)];
  const after = [...page.querySelectorAll(lists)].map((one) => document.importNode(one, true));
  before[0].before(...after);
  for (const place of after.flatMap((one) => [...one.querySelectorAll(".item")])) {
    place.replaceWith(all.get(place.id));
  }
  for (const one of before) one.remove();
}

/** A new entry stands there at once where its predecessor was seen, and tells that it is new. */
function settle(item, before) {
  addRemake(item);
  const [fold, folded] = [item, before].map((one) => one?.querySelector("details.cards"));
  if (fold) fold.open = folded ? folded.open : opener.getAttribute("aria-pressed") === "true";
  if (before?.querySelector(".face")?.shadowRoot) item.querySelectorAll(".face").forEach(dress);
  item.classList.add("new");
  item.addEventListener("animationend", () => item.classList.remove("new"), { once: true });
}

function name(made) {
  const links = [...made].slice(0, MOST_NAMED).map(([id, item]) => {
    const link = element("a", "", item.querySelector("h3, dt a").textContent.trim());
    link.href = `#${id}`;
    return link;
  });
  if (!links.length) return;
  const more = made.size - links.length;
  changed.replaceChildren("Changed: ", ...links.flatMap((link, at) => (at ? [", ", link] : [link])));
  if (more) changed.append(` and ${more} more`);
}

async function hear(said) {
  if (!said.errors.length && (stale || said.number !== shown)) {
    await take();
    stale = false;
  }
  shown = said.number;
  showErrors(said.errors);
  if (said.checked || !said.remarks.length) showRemarks(said.remarks);
  changed.hidden = said.errors.length > 0 || !changed.hasChildNodes();
  status.className = said.errors.length ? "bad" : "";
  status.textContent = said.errors.length
    ? counted(said.errors.length, "mistake")
    : said.checked ? "Up to date" : "Up to date, checking …";
}

function lose() {
  stale = true;
  status.className = "bad";
  status.textContent = "The preview has ended; start 'ankigen serve' again";
}

// A browser has six connections to a server: only pages that are looked at keep one.
function listen() {
  if (document.hidden) {
    events?.close();
    events = null;
    stale = true;
  } else if (!events) {
    events = new EventSource("/live/events");
    events.onmessage = ({ data }) => { turn = turn.then(() => hear(JSON.parse(data))).catch(lose); };
    events.onerror = lose;
  }
}

async function begin() {
  shown = numberOf(document);
  if (document.querySelector("details.cards") && store.get("open") === undefined) openAll(true);
  if (document.querySelector(".item")) {
    const page = await fetched();
    if (numberOf(page) !== shown) {
      location.reload();
      return;
    }
    known = new Map([...entries(page)].map(([id, item]) => [id, item.outerHTML]));
    for (const item of entries(document).values()) addRemake(item);
  }
  document.addEventListener("visibilitychange", listen);
  listen();
}
begin().catch(lose);

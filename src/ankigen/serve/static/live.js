// The preview's own part of a page: takes over what was saved, and shows what a check found.
"use strict";

const bar = document.createElement("div");
bar.className = "live";
bar.innerHTML = `<p role="status">…</p>
  <details hidden><summary></summary><ol></ol></details>
  <button type="button" aria-pressed="false">Phone</button>`;
document.body.append(bar);
const status = bar.querySelector("[role=status]");
const list = bar.querySelector("details");
const phone = bar.querySelector("button");
let known; // this page's entries as they were sent, by id
let shown = 0;

function setPhone(on) {
  document.body.classList.toggle("phone", on);
  phone.setAttribute("aria-pressed", on);
}
phone.addEventListener("click", () => {
  setPhone(!document.body.classList.contains("phone"));
  store.set("phone", document.body.classList.contains("phone"));
});
setPhone(store.get("phone", false));

function remark(said) {
  const box = document.createElement("p");
  box.className = `remark ${said.severity}`;
  const place = document.createElement("code");
  place.textContent = said.place;
  box.append(place, ` ${said.code} ${said.message}`);
  if (said.hint) {
    const help = document.createElement("span");
    help.className = "help";
    help.textContent = `help: ${said.hint}`;
    box.append(help);
  }
  return box;
}

function showErrors(errors) {
  document.querySelector(".overlay")?.remove();
  if (!errors.length) return;
  const overlay = document.createElement("section");
  overlay.className = "overlay";
  overlay.setAttribute("aria-label", "What keeps these pages as they were");
  const inner = document.createElement("div");
  const title = document.createElement("h2");
  title.textContent = "These pages are as they were before";
  inner.append(title, ...errors.map(remark));
  overlay.append(inner);
  document.body.append(overlay);
}

function showRemarks(remarks) {
  for (const old of document.querySelectorAll(".item .remark")) old.remove();
  for (const said of remarks) {
    const item = said.anchor && document.getElementById(said.anchor);
    item?.querySelector("header")?.after(remark(said));
  }
  list.hidden = !remarks.length;
  list.querySelector("summary").textContent = remarks.length === 1 ? "1 remark" : `${remarks.length} remarks`;
  list.querySelector("ol").replaceChildren(...remarks.map((said) => {
    const line = document.createElement("li");
    line.append(remark(said));
    return line;
  }));
}

function addRemake(item) {
  for (const button of item.querySelectorAll(".play")) {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "play";
    again.textContent = "↻";
    again.title = "Make this sound again";
    again.setAttribute("aria-label", `Make again: ${button.dataset.sound}`);
    again.addEventListener("click", async () => {
      again.disabled = true;
      const { sound } = button.dataset;
      const done = await fetch(`/live/remake/${encodeURIComponent(sound)}`, { method: "POST" });
      again.disabled = false;
      if (done.ok) play(`${sound}`);
      else status.textContent = await done.text();
    });
    button.after(again);
  }
}

function entries(page) {
  return new Map([...page.querySelectorAll(".items .item")].map((one) => [one.id, one]));
}

async function fetched() {
  const answer = await fetch(location.pathname, { cache: "no-store" });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Exchange the entries that differ, and leave the rest as a reader has it. */
async function take() {
  const place = document.querySelector(".items");
  if (!place || typeof replaceItems !== "function" || !known) {
    location.reload();
    return;
  }
  const page = await fetched();
  const fresh = entries(page);
  const styles = (one) => [...one.querySelectorAll("style[data-look]")].map((style) => style.textContent).join();
  if (!fresh.size || styles(page) !== styles(document)) {
    location.reload();
    return;
  }
  const here = entries(document);
  const kept = [...fresh].map(([id, item]) => {
    const same = here.get(id) && known.get(id) === item.outerHTML;
    known.set(id, item.outerHTML);
    if (same) return here.get(id);
    const made = document.importNode(item, true);
    addRemake(made);
    return made;
  });
  place.replaceChildren(...kept);
  replaceItems(kept);
}

async function begin() {
  if (document.querySelector(".items")) {
    known = new Map([...entries(await fetched())].map(([id, item]) => [id, item.outerHTML]));
    for (const item of entries(document).values()) addRemake(item);
  }
  const events = new EventSource("/live/events");
  events.onmessage = async ({ data }) => {
    const said = JSON.parse(data);
    if (shown && said.number > shown && !said.errors.length) await take();
    shown = said.number;
    showErrors(said.errors);
    if (said.checked || !said.remarks.length) showRemarks(said.remarks);
    status.className = said.errors.length ? "bad" : "";
    status.textContent = said.errors.length
      ? "Something is wrong with the sources"
      : said.checked ? "Up to date" : "Up to date, checking …";
  };
  events.onerror = () => { status.textContent = "The preview has ended; start 'ankigen serve' again"; };
}
begin();

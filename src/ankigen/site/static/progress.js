// What was done: ticks on finished sets, how well each note is known, and taking it elsewhere.
"use strict";

const FORMAT = "ankigen-progress-1";
const KEPT = ["marks", "known", "sets"];

function showProgress() {
  const sets = store.get("sets", {});
  for (const place of document.querySelectorAll("[data-set] [data-tick]")) {
    place.hidden = !sets[place.closest("[data-set]").dataset.set];
  }
  for (const deck of document.querySelectorAll("[data-sets]")) {
    const all = deck.dataset.sets.split(" ").filter(Boolean);
    const done = all.filter((name) => sets[name]).length;
    const place = deck.querySelector("[data-done]");
    place.hidden = !done;
    place.textContent = `✓ ${done} of ${all.length} done`;
  }
  const section = document.querySelector("[data-progress]");
  if (!section) return;
  section.hidden = false;
  const known = Object.values(store.get("known", {}));
  const right = known.filter((one) => one > 0).length;
  const many = (number, one, more) => `${number} ${number === 1 ? one : more}`;
  section.querySelector("[data-progress-line]").textContent = known.length
    ? `${many(known.length, "note", "notes")} practised, ${right} answered well the last time; ${many(Object.keys(sets).length, "set", "sets")} finished; ${many(store.get("marks", []).length, "bookmark", "bookmarks")}.`
    : "Nothing practised yet.";
}

/** Whatever a file holds, only what this page itself writes is taken from it. */
function read(said) {
  if (said?.format !== FORMAT || said.course !== document.body.dataset.course) return null;
  const record = (value, fits) => Object.fromEntries(
    Object.entries(value && typeof value === "object" ? value : {}).filter(([, one]) => fits(one)),
  );
  return {
    marks: (Array.isArray(said.marks) ? said.marks : []).filter((one) => typeof one === "string"),
    known: record(said.known, (one) => Number.isInteger(one) && Math.abs(one) < 1000),
    sets: record(said.sets, (one) => typeof one === "string" && /^\d{4}-\d\d-\d\d$/.test(one)),
  };
}

const said = (text) => { document.querySelector("[data-progress-said]").textContent = text; };

document.querySelector("[data-export]")?.addEventListener("click", () => {
  const whole = { format: FORMAT, course: document.body.dataset.course };
  for (const name of KEPT) whole[name] = store.get(name, name === "marks" ? [] : {});
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(whole, null, 1)], { type: "application/json" }));
  link.download = `${document.body.dataset.course}-progress.json`;
  link.click();
  URL.revokeObjectURL(link.href);
  said("Saved.");
});

const picker = document.querySelector("[data-import-file]");
document.querySelector("[data-import]")?.addEventListener("click", () => picker.click());
picker?.addEventListener("change", async () => {
  const [file] = picker.files;
  picker.value = "";
  if (!file) return;
  let found = null;
  try {
    found = read(JSON.parse(await file.text()));
  } catch { /* told below */ }
  if (!found) {
    said("This file holds no progress of this course. Nothing was changed.");
    return;
  }
  store.set("marks", [...new Set([...store.get("marks", []), ...found.marks])]);
  store.set("known", { ...store.get("known", {}), ...found.known });
  store.set("sets", { ...store.get("sets", {}), ...found.sets });
  said("Loaded, and added to what was here.");
  showProgress();
});

document.querySelector("[data-forget]")?.addEventListener("click", () => {
  if (!confirm("Forget all practice and bookmarks in this browser?")) return;
  for (const name of KEPT) store.set(name, null);
  said("Forgotten.");
  showProgress();
});
showProgress();

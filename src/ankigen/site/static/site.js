// Every page: day and night, sounds, and the worker that keeps the site for later.
"use strict";

const root = document.body.dataset.root;

// What a visitor keeps stays in this browser, under the course's name; it works without, too.
const store = {
  name: `ankigen:${document.body.dataset.course}:`,
  get(key, otherwise) {
    try {
      const kept = JSON.parse(localStorage.getItem(this.name + key));
      const fits = Array.isArray(kept) === Array.isArray(otherwise) && typeof kept === typeof otherwise;
      return fits ? kept ?? otherwise : otherwise;
    } catch {
      return otherwise;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(this.name + key, JSON.stringify(value));
    } catch { /* private windows keep nothing */ }
  },
};

const night = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.querySelector("[data-theme-button]");

function isNight() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : night.matches;
}

function showTheme() {
  themeButton.textContent = isNight() ? "Day" : "Night";
  document.dispatchEvent(new CustomEvent("theme"));
}

document.documentElement.dataset.theme = store.get("theme", "");
themeButton.hidden = false;
themeButton.addEventListener("click", () => {
  document.documentElement.dataset.theme = isNight() ? "light" : "dark";
  store.set("theme", document.documentElement.dataset.theme);
  showTheme();
});
night.addEventListener("change", showTheme);
showTheme();

// One sound at a time, wherever its button is.
const player = new Audio();
player.preload = "none";

function play(name) {
  player.src = `${root}media/${encodeURIComponent(name)}`;
  player.play().catch(() => {}); // a browser may want a tap first
}

document.addEventListener("click", (event) => {
  const button = event.composedPath().find((one) => one.dataset?.sound);
  if (!button) return;
  event.preventDefault();
  play(button.dataset.sound);
});

// Offline, once a page was loaded; and this page's sounds, where the visitor does not save data.
const { worker } = document.body.dataset;
if (worker && "serviceWorker" in navigator && /^https?:$/.test(location.protocol)) {
  navigator.serviceWorker.register(root + worker).then(() => navigator.serviceWorker.ready).then((ready) => {
    if (navigator.connection?.saveData) return;
    const inside = [...document.querySelectorAll("template")].map((one) => one.content);
    const buttons = [document, ...inside].flatMap((one) => [...one.querySelectorAll("[data-sound]")]);
    const names = [...new Set(buttons.map((one) => one.dataset.sound))];
    ready.active.postMessage({ sounds: names.map((name) => `media/${encodeURIComponent(name)}`) });
  }).catch(() => {}); // without a worker, the site needs the network
}

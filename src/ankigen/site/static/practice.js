// Practice: a set, or whatever the filters show, card by card; what was wrong comes again.
"use strict";

const MODES = {
  reveal: { label: "Reveal", help: "Think of the answer, then look." },
  type: { label: "Type", help: "Type what is missing." },
  choose: { label: "Choose", help: "Choose what fits." },
  listen: { label: "Listen", help: "Listen, and say what it means." },
};
const CHOICES = 4;
const AGAIN_AFTER = 4; // cards until one that was wrong comes again

const dialog = document.querySelector("[data-practice]");
const part = (name) => dialog.querySelector(`[data-${name}]`);
const stage = part("stage");
const answers = part("answers");
let round = null;

/** Every card of some notes that can be practised in a mode. */
function cardsFor(mode, members) {
  return members.flatMap((item) => [...item.querySelectorAll(".card-pair")]
    .filter((pair) => pair.dataset.modes.split(" ").includes(mode) && (mode !== "reveal" || !pair.hidden))
    .map((pair) => ({ item, pair })));
}

function start(set, mode) {
  const members = set ? items.filter((item) => item.dataset.set === set) : items.filter((item) => !item.hidden);
  const modes = Object.keys(MODES).filter((one) => cardsFor(one, members).length);
  const chosen = mode ?? (modes.includes(store.get("mode", "")) ? store.get("mode", "") : modes[0]);
  const cards = cardsFor(chosen, members);
  round = { set, members, mode: chosen, queue: cards, total: cards.length, done: 0, wrong: new Set() };
  const button = document.querySelector(`.sets [data-practise="${CSS.escape(set)}"] b`);
  dialog.querySelector("h2").textContent = button ? button.textContent : `${members.length} notes`;
  part("modes-bar").replaceChildren(...modes.map((one) => {
    const choice = action(MODES[one].label, () => {
      store.set("mode", one);
      start(set, one);
    });
    choice.setAttribute("aria-pressed", one === chosen);
    choice.title = MODES[one].help;
    return choice;
  }));
  if (!dialog.open) dialog.showModal();
  next();
}

function action(text, act, key) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  if (key) {
    const hint = document.createElement("kbd");
    hint.textContent = key;
    button.append(" ", hint);
    button.dataset.key = key;
  }
  button.addEventListener("click", act);
  return button;
}

function put(side) {
  const { item, pair } = round.now;
  const host = document.createElement("div");
  host.className = "face";
  const template = pair.querySelector(`[data-side="${side}"] template`);
  stage.replaceChildren(host);
  const card = showCard(host, template, item.dataset.type, Number(pair.dataset.card));
  for (const box of card.querySelectorAll("input#typeans")) box.hidden = true; // one answers below
  stage.scrollTop = 0;
  return card;
}

function say(text, verdict = "") {
  part("said").textContent = text;
  part("said").className = `said ${verdict}`;
}

const sound = (card) => card.querySelector("[data-sound]")?.dataset.sound;

function next() {
  part("bar").value = round.total ? round.done / round.total : 1;
  part("place").textContent = `${round.done} of ${round.total}`;
  say("");
  round.now = round.queue.shift();
  if (!round.now) {
    finish();
    return;
  }
  const front = put("front");
  if (sound(front)) play(sound(front));
  const { answer } = round.now.pair.dataset;
  const options = [...front.querySelectorAll('input[type="radio"]')];
  if (round.mode === "type") ask(answer);
  else if (round.mode === "choose" && options.length) chooseOnCard(options);
  else if (round.mode === "choose") choose([answer, ...others(answer)], answer);
  else {
    answers.replaceChildren(action("Show the answer", reveal, "Space"));
    answers.firstChild.classList.add("main");
    answers.firstChild.focus();
  }
}

function reveal() {
  const back = put("back");
  const sounds = [...back.querySelectorAll("[data-sound]")];
  if (sounds.length && round.mode !== "listen") play(sounds[0].dataset.sound);
  answers.replaceChildren(
    action("Again", () => settle(false), "1"),
    action("I knew it", () => settle(true), "2"),
  );
  answers.lastChild.classList.add("main");
  answers.lastChild.focus();
}

// What is typed is right with other capitals, quotes and spaces.
const loose = (text) => text.normalize("NFKC").toLowerCase().replace(/[‘’`]/g, "'").replace(/[\s\-‑–]+/g, " ").trim();

function ask(answer) {
  const form = document.createElement("form");
  form.className = "answers";
  form.style.padding = "0";
  const input = document.createElement("input");
  input.setAttribute("aria-label", "Your answer");
  Object.assign(input, { autocomplete: "off", autocapitalize: "none", spellcheck: false });
  const check = action("Check", () => {}, "Enter");
  check.type = "submit";
  check.classList.add("main");
  form.append(input, check, action("I don't know", () => judge(false, "", answer)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) judge(loose(input.value) === loose(answer), input.value.trim(), answer);
  });
  answers.replaceChildren(form);
  input.focus();
}

function shuffled(list) {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other], mixed[at]];
  }
  return mixed;
}

/** Other answers of the same kind, those of the same set first. */
function others(answer) {
  const { item, pair } = round.now;
  const same = (one) => one.dataset.type === item.dataset.type;
  const near = shuffled(round.members.filter(same));
  const far = shuffled(items.filter((one) => same(one) && !round.members.includes(one)));
  const found = new Map();
  for (const one of [...near, ...far]) {
    const text = one.querySelector(`.card-pair[data-card="${pair.dataset.card}"]`)?.dataset.answer;
    if (text && loose(text) !== loose(answer)) found.set(loose(text), text);
  }
  return [...found.values()].slice(0, CHOICES - 1);
}

/** Texts of which one is the answer: each a button, in any order. */
function choose(texts, answer) {
  const choices = shuffled(texts).map((text, at) => {
    const button = action(text, () => judge(text === answer, text, answer), String(at + 1));
    button.classList.add("choice");
    return button;
  });
  answers.replaceChildren(...choices);
  choices[0].focus();
}

/** What the card itself offers. */
function chooseOnCard(options) {
  const text = (option) => option.closest("label").textContent.trim();
  for (const option of options) option.closest("label").hidden = true;
  choose(options.map(text), text(options.find((one) => one.value === "right") ?? options[0]));
}

/** Show the answer, and how what was given compares. */
function judge(right, given, answer) {
  const back = put("back");
  const played = sound(back);
  if (played) play(played);
  const instead = given ? `, not “${given}”` : "";
  say(right ? "Right." : `It is “${answer}”${instead}.`, right ? "right" : "wrong");
  answers.replaceChildren(action("Next", () => settle(right), "Space"));
  answers.firstChild.classList.add("main");
  answers.firstChild.focus();
}

const wasWrong = (item) => [...item.querySelectorAll(".card-pair")].some((pair) => round.wrong.has(pair));

function settle(right) {
  const { item, pair } = round.now;
  const { key } = item.dataset;
  if (right) round.done += 1;
  else {
    round.wrong.add(pair);
    round.queue.splice(AGAIN_AFTER, 0, round.now);
  }
  const known = store.get("known", {});
  known[key] = right && !wasWrong(item) ? Math.min(Math.max(known[key] ?? 0, 0) + 1, 99) : -1;
  store.set("known", known);
  next();
}

function finish() {
  if (round.set && round.total) {
    store.set("sets", { ...store.get("sets", {}), [round.set]: new Date().toISOString().slice(0, 10) });
  }
  const end = document.createElement("div");
  end.className = "end";
  const title = document.createElement("h3");
  title.textContent = "Done.";
  const text = document.createElement("p");
  text.textContent = round.total ? `${round.total - round.wrong.size} of ${round.total} cards right at once.` : "There is nothing to practise here.";
  end.append(title, text);
  stage.replaceChildren(end);
  const missed = round.members.filter(wasWrong);
  answers.replaceChildren(action("Close", () => dialog.close(), "Esc"));
  if (missed.length) {
    answers.prepend(action("Practise what was wrong", () => {
      round.members = missed;
      round.queue = cardsFor(round.mode, missed);
      Object.assign(round, { total: round.queue.length, done: 0, wrong: new Set(), set: "" });
      next();
    }));
  }
  answers.lastChild.classList.add("main");
  answers.lastChild.focus();
  showProgress();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-practise]");
  if (button) start(button.dataset.practise);
});

// Letters that are typed, and keys of what has the focus, are not for the round.
dialog.addEventListener("keydown", (event) => {
  const [target] = event.composedPath();
  const typing = target.matches("input:not([type=radio], [type=checkbox]), select, textarea");
  if (typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "r") {
    const card = stage.querySelector(".face")?.shadowRoot;
    const name = card?.querySelector("[data-sound]")?.dataset.sound;
    if (name) play(name);
    return;
  }
  if ([" ", "Enter"].includes(event.key) && target.matches("a, button, input, summary")) return;
  const wantedKey = event.key === " " ? "Space" : event.key;
  const button = [...answers.querySelectorAll("button")].find((one) => one.dataset.key === wantedKey);
  if (button) {
    event.preventDefault();
    button.click();
  }
});

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
  const chosen = mode ?? (modes.includes(store.get("mode")) ? store.get("mode") : modes[0]);
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
  const card = showCard(host, template, item.dataset.type, Number(pair.dataset.card));
  stage.replaceChildren(host);
  stage.scrollTop = 0;
  return card;
}

const sound = (card) => card.querySelector("[data-sound]")?.dataset.sound;

function next() {
  part("bar").value = round.total ? round.done / round.total : 1;
  part("place").textContent = `${round.done} of ${round.total}`;
  part("said").textContent = "";
  round.now = round.queue.shift();
  if (!round.now) {
    finish();
    return;
  }
  const front = put("front");
  if (sound(front)) play(sound(front));
  const { answer } = round.now.pair.dataset;
  const options = [...front.querySelectorAll('input[type="radio"]')];
  if (round.mode === "type") ask(front, answer);
  else if (options.length) chooseOnCard(options);
  else if (round.mode === "choose") choose(answer);
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

function ask(front, answer) {
  for (const box of front.querySelectorAll("#typeans")) box.hidden = true;
  const form = document.createElement("form");
  form.className = "answers";
  form.style.padding = "0";
  const input = document.createElement("input");
  input.setAttribute("aria-label", "Your answer");
  Object.assign(input, { autocomplete: "off", autocapitalize: "none", spellcheck: false });
  const check = action("Check", () => {}, "Enter");
  check.type = "submit";
  check.classList.add("main");
  form.append(input, check, action("I don't know", () => judge(false, answer), ""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) judge(loose(input.value) === loose(answer), answer);
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

function choose(answer) {
  const choices = shuffled([answer, ...others(answer)]).map((text, at) => {
    const button = action(text, () => {
      button.classList.add(text === answer ? "right" : "wrong");
      judge(text === answer, answer);
    }, String(at + 1));
    button.classList.add("choice");
    return button;
  });
  answers.replaceChildren(...choices);
  choices[0].focus();
}

function chooseOnCard(options) {
  const right = options.find((one) => one.value === "right");
  const pick = (option) => judge(option === right, option.closest("label")?.textContent.trim() ?? "");
  for (const option of options) option.addEventListener("change", () => pick(option));
  answers.replaceChildren(...options.map((option, at) => action(option.closest("label").textContent.trim(), () => {
    option.checked = true;
    pick(option);
  }, String(at + 1))));
  for (const button of answers.children) button.classList.add("choice");
  answers.firstChild.focus();
}

/** Show the answer, and how it compares. */
function judge(right, answer) {
  const back = put("back");
  const played = sound(back);
  if (played) play(played);
  part("said").textContent = right ? "Right." : answer ? `Not quite: ${answer}` : "Not quite.";
  answers.replaceChildren(action("Next", () => settle(right), "Space"));
  answers.firstChild.classList.add("main", right ? "right" : "wrong");
  answers.firstChild.focus();
}

function settle(right) {
  const { key } = round.now.item.dataset;
  if (right) round.done += 1;
  else {
    round.wrong.add(key);
    round.queue.splice(AGAIN_AFTER, 0, round.now);
  }
  const known = store.get("known", {});
  known[key] = right && !round.wrong.has(key) ? Math.min(Math.max(known[key] ?? 0, 0) + 1, 99) : -1;
  store.set("known", known);
  next();
}

function finish() {
  if (round.set) {
    store.set("sets", { ...store.get("sets", {}), [round.set]: new Date().toISOString().slice(0, 10) });
  }
  const end = document.createElement("div");
  end.className = "end";
  const title = document.createElement("h3");
  title.textContent = "Done.";
  const text = document.createElement("p");
  const first = round.total - round.wrong.size;
  text.textContent = round.total ? `${Math.max(first, 0)} of ${round.total} cards right at once.` : "There is nothing to practise here.";
  end.append(title, text);
  stage.replaceChildren(end);
  const missed = round.members.filter((item) => round.wrong.has(item.dataset.key));
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

dialog.addEventListener("keydown", (event) => {
  if (event.target.matches("input:not([type=radio])") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "r") {
    const card = stage.querySelector(".face")?.shadowRoot;
    const name = card?.querySelector("[data-sound]")?.dataset.sound;
    if (name) play(name);
    return;
  }
  const wantedKey = event.key === " " ? "Space" : event.key;
  const button = [...answers.querySelectorAll("button")].find((one) => one.dataset.key === wantedKey);
  if (button && event.target !== button) {
    event.preventDefault();
    button.click();
  }
});

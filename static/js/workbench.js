// Keys for those who decide many reviews and suggestions, words to begin with, and a word when a review changes while it is read.
// Everything works without any of this.
const decide = document.getElementById("decide");
const onward = document.getElementById("next");
const keys = document.getElementById("keys");
const switched = document.getElementById("keys-on");
const changed = document.getElementById("changed");
const answers = decide ? [...decide.querySelectorAll("fieldset.judging")] : [];
const POLL = 30000;
let current = -1;

function go(step) {
  if (!answers.length) return;
  current = Math.min(Math.max(current + step, 0), answers.length - 1);
  answers[current].tabIndex = -1;
  answers[current].focus();
}

function mark(value) {
  if (current < 0) go(1);
  const choice = answers[current] && answers[current].querySelector(`[type=radio][value=${value}]`);
  if (!choice) return;
  choice.click();
  if (value === "dropped") answers[current].querySelector("select").focus();
  else go(1);
}

function focusOn(id) {
  const found = document.getElementById(id);
  if (found) found.focus();
}

function tick() {
  if (!answers.length) {
    focusOn("source");
    return;
  }
  if (current < 0) go(1);
  const box = answers[current] && answers[current].querySelector("[type=checkbox]");
  if (box) box.click();
}

function press(action) {
  const button = decide && decide.querySelector(`[name=action][value=${action}]`);
  if (button) button.click();
}

const ACTS = {
  j: () => go(1),
  k: () => go(-1),
  a: () => mark("accepted"),
  d: () => mark("dropped"),
  s: tick,
  p: () => press("preview"),
  r: () => focusOn("reason"),
  y: () => press("approve"),
  n: () => onward && onward.requestSubmit(),
};

function isTyping(target) {
  return target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
}

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.repeat;
  if (!isPlain || (switched && !switched.checked) || isTyping(event.target) || !ACTS[event.key]) return;
  event.preventDefault();
  ACTS[event.key]();
});

for (const [number, answer] of answers.entries()) {
  answer.addEventListener("focusin", () => { current = number; });
}

if (keys) {
  keys.hidden = false;
  switched.checked = localStorage.getItem("keys") !== "off";
  switched.addEventListener("change", () => localStorage.setItem("keys", switched.checked ? "on" : "off"));
}

// The usual words stand beside each reason; what somebody typed is never written over.
for (const select of document.querySelectorAll(".reason select")) {
  const words = select.closest(".reason").querySelector("textarea");
  const usual = [...select.options].map((option) => option.dataset.words).filter(Boolean);
  select.addEventListener("change", () => {
    if (!words.value.trim() || usual.includes(words.value)) {
      words.value = select.selectedOptions[0].dataset.words || "";
    }
  });
}

async function look() {
  try {
    const answer = await fetch(changed.dataset.address);
    if (!answer.ok) return;
    const { version, is_waiting: isWaiting } = await answer.json();
    changed.hidden = isWaiting && String(version) === changed.dataset.version;
  } catch {
    // No network for a while: the page that decides will tell.
  }
}

if (changed) setInterval(look, POLL);

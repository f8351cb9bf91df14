// Saves the draft while one types, says what each answer will count as, and puts aside what cannot be known in the
// ways that were ticked. The form works without any of this.
const form = document.getElementById("review-form");
const status = document.getElementById("saved");
const pause = { typing: 2500, failed: 15000 };
let timer;
let running = null;
let isDirty = false;
let isLeaving = false;
let isStopped = false;

function say(text, isProblem = false) {
  status.textContent = text;
  status.classList.toggle("soft", !isProblem);
  status.classList.toggle("error", isProblem);
}

function take(answer) {
  for (const name of ["version", "key"]) form.elements[name].value = answer[name];
  form.elements.csrf_token.value = answer.token;
  say(answer.saved);
  for (const [slug, words] of Object.entries(answer.counting)) {
    document.getElementById(`${slug}-counts`).textContent = words.counts;
    if (words.mark === "i-done") settle(document.querySelectorAll(`#q-${slug} .error`));
    const state = document.getElementById(`${slug}-state`);
    if (!state) continue;
    state.textContent = words.state;
    state.closest("a").querySelector("use").setAttribute("href", `#${words.mark}`);
  }
}

// Of what was refused, takes away what is put right: the sentence at its field, and the line on top.
function settle(errors) {
  const box = document.getElementById("errors");
  for (const error of errors) {
    const name = error.id.replace(/-error$/, "");
    error.remove();
    for (const field of form.querySelectorAll(`[name="${name}"]`)) {
      field.removeAttribute("aria-invalid");
      field.classList.remove("is-invalid");
    }
    if (box) box.querySelector(`[href="#${name}"], [href^="#${name}-"]`)?.closest("li").remove();
    if (box && !box.querySelector("li")) box.hidden = true;
  }
}

function refuse(code, answer) {
  if (code === 400 && answer.token) {
    form.elements.csrf_token.value = answer.token;
    return later(0);
  }
  if (!answer.message) return later(pause.failed);
  isStopped = code === 409;
  say(answer.message, true);
}

async function send() {
  isDirty = false;
  try {
    const sent = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form) });
    const answer = (sent.headers.get("Content-Type") || "").includes("json") ? await sent.json() : {};
    if (sent.ok) return take(answer);
    isDirty = true;
    if (!answer.message) say(status.dataset.failed, true);
    refuse(sent.status, answer);
  } catch {
    isDirty = true;
    say(status.dataset.failed, true);
    later(pause.failed);
  }
}

function save() {
  clearTimeout(timer);
  if (!running) {
    running = send().finally(() => {
      running = null;
      if (isDirty && !timer) later(pause.typing);
    });
  }
  return running;
}

function later(milliseconds) {
  clearTimeout(timer);
  timer = isStopped || isLeaving ? 0 : setTimeout(() => { timer = 0; save(); }, milliseconds);
}

function putAside() {
  const ways = [...form.querySelectorAll("[data-way]:checked")].map((box) => box.dataset.way);
  for (const question of form.querySelectorAll(".shelf .criterion")) {
    const fits = question.dataset.ways.trim().split(" ").some((way) => ways.includes(way));
    const isTouched = question.querySelector(":checked") ||
      [...question.querySelectorAll("textarea, [type=url], [type=date], [type=text]")].some((field) => field.value);
    const name = !ways.length || fits || isTouched ? question.dataset.shelf : "aside";
    document.getElementById(`shelf-${name}`).append(question);
  }
  for (const shelf of form.querySelectorAll(".shelf")) shelf.hidden = !shelf.querySelector(".criterion");
}

if (form) {
  form.addEventListener("input", (event) => {
    isDirty = true;
    if (event.target.dataset.way) putAside();
    const isChoice = event.target.type === "radio";
    if (isChoice && ["yes", "no"].includes(event.target.value)) settle(form.querySelectorAll("#answers-error"));
    settle(isChoice ? event.target.closest("fieldset").querySelectorAll(".error") :
      form.querySelectorAll(`#${event.target.id}-error`));
    if (!isStopped && !status.classList.contains("error")) say(status.dataset.waiting);
    later(pause.typing);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    isLeaving = true;
    if (!running) return;
    // What is on its way would be taken for another window's: let it arrive first.
    event.preventDefault();
    running.finally(() => form.requestSubmit(event.submitter));
  });
  addEventListener("pagehide", () => {
    if (isDirty && !isLeaving && !isStopped) navigator.sendBeacon(form.dataset.autosave, new FormData(form));
  });
  // Back from the tab in which one signed in again.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isDirty) later(0);
  });
  const first = document.querySelector("#errors, #happened");
  if (first) first.focus();
}

// The shortlist: ids in this browser's own storage, put there and taken off by buttons that are hidden without this.
// Nothing is sent but the requests for the public data of the clinics on the list, on the page of the list alone.
const KEY = "shortlist";

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string" && /^[\w-]{1,32}$/.test(id)) : [];
  } catch {
    return [];
  }
}

function write(ids) {
  try {
    if (ids.length) localStorage.setItem(KEY, JSON.stringify(ids));
    else localStorage.removeItem(KEY);
  } catch {
    // No room: the button stays as it was.
  }
}

function worksHere() {
  try {
    localStorage.setItem(`${KEY}-test`, "1");
    localStorage.removeItem(`${KEY}-test`);
    return true;
  } catch {
    return false;
  }
}

function show(button, ids) {
  const isOn = ids.includes(button.dataset.shortlist);
  button.setAttribute("aria-pressed", isOn);
  button.hidden = false;
}

function showAll() {
  const ids = read();
  for (const button of document.querySelectorAll("[data-shortlist]")) show(button, ids);
  for (const link of document.querySelectorAll("[data-shortlist-count]")) {
    link.hidden = !ids.length;
    link.textContent = link.dataset.shortlistCount.replace("{number}", ids.length);
  }
}

function toggle(button) {
  const id = button.dataset.shortlist;
  const ids = read();
  write(ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]);
  showAll();
}

// ---- The page of the list

const page = document.getElementById("shortlist");
const status = document.getElementById("shortlist-status");
const part = (row, name) => row.querySelectorAll(`[data-part=${name}]`);

function copyOf(selector) {
  return document.querySelector(selector).content.firstElementChild.cloneNode(true);
}

function say(words) {
  status.textContent = words || "";
}

function settle(words) {
  const isEmpty = !read().length;
  document.getElementById("shortlist-form").hidden = isEmpty;
  document.getElementById("shortlist-search").hidden = !isEmpty;
  say(words || (isEmpty ? status.dataset.empty : ""));
}

function removing(row, id, name) {
  part(row, "remove")[0].addEventListener("click", () => {
    const next = row.nextElementSibling || row.previousElementSibling;
    write(read().filter((each) => each !== id));
    row.remove();
    const words = name ? status.dataset.removed.replace("{name}", name) : status.dataset.gone;
    settle(read().length ? words : status.dataset.cleared);
    const goal = next ? part(next, "remove")[0] : document.querySelector("#shortlist-search a");
    goal.focus();
  });
}

function dayIn(words, iso) {
  const shape = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  const parts = new Intl.DateTimeFormat(page.dataset.language, shape).formatToParts(new Date(`${iso}T00:00:00Z`));
  const { day, month, year } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return words.replace("{day}", `${day} ${month} ${year}`);
}

function rowOf(clinic, isTicked) {
  const row = copyOf("#shortlist-row");
  const [name] = part(row, "name");
  const [checked] = part(row, "checked");
  name.textContent = clinic.name;
  name.href = clinic.url;
  part(row, "place")[0].textContent = `${clinic.city}, ${clinic.state} ${clinic.postal_code || ""}`;
  for (const each of part(row, "whose")) each.textContent = clinic.name;
  // In the order of the checklist, which the patterns stand in.
  for (const { dataset, content } of document.querySelectorAll("template[data-sign]")) {
    if (clinic.signs[dataset.sign] === dataset.verdict) part(row, "signs")[0].append(content.cloneNode(true));
  }
  checked.textContent = clinic.signs_seen_on ? dayIn(checked.dataset.day, clinic.signs_seen_on) : checked.dataset.never;
  const box = row.querySelector("[name=clinic]");
  box.value = clinic.id;
  box.checked = isTicked;
  removing(row, clinic.id, clinic.name);
  return row;
}

// Neither a cookie nor the page goes along, and what comes is not kept on the disk.
async function ask(id) {
  const address = page.dataset.address.replace("ID", encodeURIComponent(id));
  const answer = await fetch(address, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
  if (answer.status === 404 || answer.status === 451) return null;
  if (!answer.ok) throw new Error(answer.status);
  const clinic = await answer.json();
  return clinic.status === "closed" ? null : clinic;
}

// Another listing may stand for the one that was put here.
function renew(id, present) {
  if (id === present) return true;
  const ids = read();
  write(ids.map((each) => (each === id ? present : each)).filter((each, place, all) => all.indexOf(each) === place));
  return !ids.includes(present);
}

async function fill() {
  const list = document.getElementById("shortlist-clinics");
  let hasFailed = false;
  let shown = 0;
  settle(read().length ? status.dataset.loading : "");
  for (const id of read()) {
    try {
      const clinic = await ask(id);
      // It may have been taken off, or joined with another of the list, in the meantime.
      if (!read().includes(id) || (clinic && !renew(id, clinic.id))) continue;
      const row = clinic ? rowOf(clinic, shown < Number(page.dataset.most)) : copyOf("#shortlist-gone");
      if (clinic) shown += 1;
      else removing(row, id);
      list.append(row);
    } catch {
      hasFailed = true;
    }
  }
  settle(hasFailed ? status.dataset.failed : "");
}

function clear() {
  write([]);
  document.getElementById("shortlist-clinics").replaceChildren();
  settle(status.dataset.cleared);
  document.querySelector("#shortlist-search a").focus();
}

if (worksHere()) {
  showAll();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-shortlist]");
    if (button) toggle(button);
  });
  addEventListener("storage", showAll);
  addEventListener("pageshow", (event) => event.persisted && showAll());
  if (page) {
    document.getElementById("shortlist-without").hidden = true;
    page.hidden = false;
    document.getElementById("shortlist-clear").addEventListener("click", clear);
    fill();
  }
}

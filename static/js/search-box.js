// Suggests places and clinics while somebody types: a list that is chosen from by hand (WAI-ARIA combobox).
// The form does the same without it. Nothing is kept but the answers, in this page, until it is left.
const box = document.getElementById("near");
const combo = box && box.closest("[data-suggest]");
const SHORTEST = 3;
const PATIENCE = 150;

if (combo) begin(combo.dataset);

function begin(words) {
  const list = made("ul", { id: "near-list", role: "listbox", hidden: "", "aria-label": words.list });
  const status = made("p", { role: "status", class: "visually-hidden" });
  const answers = new Map();
  let options = [];
  let active = -1;
  let waiting = 0;
  let asking = null;

  combo.append(list, status);
  set(box, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off" });

  function close() {
    clearTimeout(waiting);
    if (asking) asking.abort();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    point(-1);
  }

  function point(to) {
    active = to;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    if (active < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    }
  }

  function choose(option) {
    if (option.dataset.url) {
      location.assign(option.dataset.url);
      return;
    }
    box.value = option.dataset.value;
    status.textContent = "";
    close();
    box.focus();
  }

  function show({ places, clinics }) {
    options = [
      ...places.map(({ label }) => [label, "", { value: label }]),
      ...clinics.map(({ name, city, state, url }) => [name, words.clinic.replace("{place}", `${city}, ${state}`), { url }]),
    ].map(([label, note, data], place) => {
      const option = made("li", { id: `near-option-${place}`, role: "option", "aria-selected": "false" }, label);
      if (note) option.append(" ", made("span", { class: "small soft" }, note));
      Object.assign(option.dataset, data);
      return option;
    });
    list.replaceChildren(...options);
    list.hidden = options.length === 0;
    box.setAttribute("aria-expanded", String(options.length > 0));
    point(-1);
    const said = [words.none, words.one][options.length] || words.many;
    status.textContent = said.replace("{count}", options.length);
  }

  async function ask() {
    const typed = box.value.trim();
    if (typed.length < SHORTEST) {
      status.textContent = "";
      close();
      return;
    }
    if (asking) asking.abort();
    asking = new AbortController();
    try {
      if (!answers.has(typed)) {
        const answer = await fetch(`${words.suggest}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
        if (!answer.ok) return close();
        answers.set(typed, await answer.json());
      }
      if (box.value.trim() === typed && document.activeElement === box) show(answers.get(typed));
    } catch {
      // Left, typed on, or no network: the form works as it is.
    }
  }

  const keys = {
    ArrowDown: () => (list.hidden ? ask() : point((active + 1) % options.length)),
    ArrowUp: () => (list.hidden ? ask() : point(active <= 0 ? options.length - 1 : active - 1)),
    Escape: () => close(),
    Enter: () => choose(options[active]),
  };

  box.addEventListener("keydown", (event) => {
    const isOurs = event.key === "Enter" ? active >= 0 : event.key === "Escape" ? !list.hidden : event.key in keys;
    if (event.isComposing || !isOurs || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    point(-1);
    waiting = setTimeout(ask, PATIENCE);
  });
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close);
  // The field keeps the focus while a finger or a mouse chooses.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

function made(name, attributes, text) {
  const element = document.createElement(name);
  set(element, attributes);
  if (text) element.textContent = text;
  return element;
}

function set(element, attributes) {
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
}

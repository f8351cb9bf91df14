// What stands on the map: pins with the number and the five signs of a row of the list, clusters, coasts and borders.
const BODY = "M-28-47h56a4 4 0 0 1 4 4v28a4 4 0 0 1-4 4H7L0-1-7-11h-21a4 4 0 0 1-4-4v-28a4 4 0 0 1 4-4Z";

export function pin(row, words) {
  const number = row.id.slice(1);
  const states = [...row.querySelectorAll(".signs > li")].map((sign) => sign.className);
  const link = Object.assign(document.createElement("a"), { className: "pin", href: `#${row.id}` });
  const [name, grade] = ["h3", ".grade"].map((part) => row.querySelector(part).textContent.trim());
  link.setAttribute("aria-label", filled(words, { number, name, grade }));
  link.innerHTML = `<svg viewBox="-34 -49 68 50" aria-hidden="true"><path class="body" d="${BODY}"/><text y="-28">${number}</text>${states.map(strip).join("")}</svg>`;
  return link;
}

export function cluster(group, words, shown) {
  const numbers = new Intl.ListFormat(document.documentElement.lang).format(group.map(({ number }) => number));
  const values = { numbers, count: group.length };
  const button = Object.assign(document.createElement("button"), { type: "button", className: "cluster", textContent: filled(shown, values) });
  button.setAttribute("aria-label", filled(words, values));
  return button;
}

// The lines of static/data/outlines.json, whose README.md says how they are written.
export function land(L, { parts, borders, lines, land: rings }) {
  const drawn = lines.map((steps) => {
    const line = [];
    for (let at = 0, x = 0, y = 0; at < steps.length; at += 2) {
      x += steps[at];
      y += steps[at + 1];
      line.push([y / parts, x / parts]);
    }
    return line;
  });
  const coasts = rings.map((ring) => ring.flatMap((line) => (line < 0 ? [...drawn[~line]].reverse() : drawn[line])));
  return [
    L.polygon(coasts, { ...plain("land"), fill: true, stroke: false }),
    L.polyline(drawn.slice(borders), plain("coast")),
    L.polyline(drawn.slice(0, borders), plain("border")),
  ];
}

export function plain(className) {
  return { className, interactive: false, fill: false };
}

function filled(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function strip(state, place) {
  const mark = state.replace("is-", "#m-");
  return `<g class="${state}"><use href="${mark}" x="${10.4 * place - 25}" y="-22" width="8.6" height="8.6"/></g>`;
}

// Draws the clinics of the list on a map beside it and keeps the two together: what one points at, the other shows.
// The list says all of it in words: without script, or where Leaflet does not come, nothing is missing.
import { cluster, land, pin, plain } from "./pins.js";

const section = document.getElementById("map");
const words = section.dataset;
const chart = section.querySelector(".map-chart");
const offer = section.querySelector(".map-offer");
const status = section.querySelector(".map-status");
const here = section.querySelector(".map-here button");
const beside = matchMedia("(min-width: 70rem)");
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;

const METERS_PER_MILE = 1609.344;
const NEAREST_ZOOM = 15;
const NEAREST_AT_FIRST = 12;
// In pixels: what a pin covers around and above its point, and half of what a cluster and the letter of a town do.
const PIN = { x: 33, y: 48 };
const CLUSTER = { x: 44, y: 19 };
const LETTER = { x: 3.7, y: 8 };
const CROSS = { x: 8, y: 8 };
const MOVED = 40;
// Room for the pins at the edge, which stand above their points, and for the zoom buttons.
const EDGE = { paddingTopLeft: [48, 64], paddingBottomRight: [56, 24], animate: false };

let isBegun = false;
offer.addEventListener("click", async () => {
  await begin();
  chart.focus();
});
// Beside the list there is room for it at once; elsewhere it is fetched for those who ask.
if (beside.matches) begin();
else beside.addEventListener("change", () => beside.matches && begin());

async function begin() {
  if (isBegun) return;
  isBegun = true;
  offer.hidden = true;
  status.textContent = words.loading;
  try {
    const needed = [import(words.leaflet), sheet(words.sheet), words.outlines && (await fetch(words.outlines)).json()];
    const [, , outlines] = await Promise.all(needed);
    section.classList.add("is-drawn");
    draw(window.L, outlines);
    status.textContent = "";
  } catch (error) {
    status.textContent = words.failed;
    throw error;
  }
}

// Before our own sheets, which say how Leaflet looks here.
function sheet(href) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  document.head.querySelector("link[rel=stylesheet]").before(link);
  return new Promise((resolve, reject) => Object.assign(link, { onload: resolve, onerror: reject }));
}

function draw(L, outlines) {
  const map = L.map(chart, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, maxZoom: NEAREST_ZOOM, minZoom: 3,
    zoomSnap: words.tiles ? 1 : 0.25, renderer: L.svg({ padding: 0.5 }),
    ...(isStill && { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false }),
  });
  if (isStill) map.panBy = (by, options) => L.Map.prototype.panBy.call(map, by, { ...options, animate: false });
  chart.setAttribute("role", "group");
  chart.setAttribute("aria-label", words.keys);
  L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);

  const center = words.center.split(",").map(Number);
  const clinics = [...document.querySelectorAll(".listing[data-at]")].map((row) => {
    const clinic = { row, number: row.id.slice(1), at: L.latLng(row.dataset.at.split(",").map(Number)) };
    clinic.pin = pin(row, words.pin);
    watch(row, [clinic]);
    watch(clinic.pin, [clinic]);
    return clinic;
  });
  map.fitBounds([center, ...clinics.map(({ at }) => at)], { ...EDGE, maxZoom: NEAREST_AT_FIRST });
  const start = { at: map.getCenter(), zoom: map.getZoom() };

  map.createPane("towns").setAttribute("aria-hidden", "true");
  map.getPane("overlayPane").setAttribute("aria-hidden", "true");
  if (words.tiles) L.tileLayer(words.tiles, { maxZoom: NEAREST_ZOOM }).addTo(map);
  else land(L, outlines).forEach((part) => part.addTo(map));
  L.circle(center, { ...plain("radius"), radius: words.radius * METERS_PER_MILE }).addTo(map);
  standing(center, "map-center", "").addTo(map);

  const pins = L.layerGroup().addTo(map);
  const towns = L.layerGroup().addTo(map);
  let marks = [];
  gather();
  map.on("zoomend", gather);
  map.on("moveend", () => {
    const moved = map.project(map.getCenter()).distanceTo(map.project(start.at));
    name();
    here.hidden = moved < MOVED && map.getZoom() === start.zoom;
  });
  here.addEventListener("click", () => location.assign(same(map, start)));

  // One pin for each clinic, and one for those that would cover each other.
  function gather() {
    const held = clinics.find(({ shown }) => shown && shown.contains(document.activeElement));
    const groups = clinics.map((clinic) => ({ at: map.project(clinic.at), clinics: [clinic] }));
    for (let one = 0; one < groups.length; one += 1) {
      const other = groups.findIndex((group, place) => place > one && touch(group, groups[one]));
      if (other > 0) {
        groups[one] = joined([...groups[one].clinics, ...groups.splice(other, 1)[0].clinics]);
        one = -1; // it may touch another now
      }
    }
    pins.clearLayers();
    groups.forEach((group) => show(group.clinics));
    marks = groups;
    name();
    if (held) held.shown.focus({ preventScroll: true });
  }

  function joined(group) {
    const center = L.latLngBounds(group.map(({ at }) => at)).getCenter();
    return { at: map.project(center), clinics: group.sort((one, other) => one.number - other.number) };
  }

  function show(group) {
    const bounds = L.latLngBounds(group.map(({ at }) => at));
    const isOne = group.length === 1;
    const html = isOne ? group[0].pin : opened(group, bounds);
    const icon = L.divIcon({ className: "map-pin", html, iconSize: null });
    const marker = L.marker(bounds.getCenter(), { icon, keyboard: false }).addTo(pins);
    group.forEach((clinic) => Object.assign(clinic, { marker, shown: html }));
  }

  // A cluster comes apart when it is pressed; one that cannot leads to the list.
  function opened(group, bounds) {
    const isPlace = map.getZoom() === NEAREST_ZOOM || group.every(({ at }) => at.equals(group[0].at));
    const button = cluster(group, isPlace ? words.stack : words.cluster, words.count);
    watch(button, group);
    button.addEventListener("click", () => {
      if (isPlace) location.hash = group[0].row.id;
      else map.fitBounds(bounds, { ...EDGE, animate: !isStill });
    });
    return button;
  }

  // The names of the larger towns first, at their place or beside it; what would cover a mark or a name is left out,
  // and so is what the edge would cut.
  function name() {
    const { min, max } = map.getPixelBounds();
    const taken = marks.map(covered);
    taken.push(around(map.project(center), CROSS));
    towns.clearLayers();
    JSON.parse(words.towns || "[]").forEach(([town, ...place]) => {
      const size = { x: LETTER.x * town.length + 4, y: LETTER.y };
      const at = [0, 16, -16].map((down) => map.project(place).add([0, down])).find((each) => isFree(around(each, size), taken) && isWhole(around(each, size), min, max));
      if (!at) return;
      taken.push(around(at, size));
      standing(map.unproject(at), "town", town).addTo(towns);
    });
  }

  function standing(at, className, text) {
    const html = Object.assign(document.createElement("span"), { textContent: text });
    return L.marker(at, { icon: L.divIcon({ className, html, iconSize: null }), pane: "towns", interactive: false, keyboard: false });
  }

  function watch(element, group) {
    const point = (isOn) => () => group.forEach(({ row, shown, marker }) => {
      [row, shown].forEach((each) => each.classList.toggle("is-pointed", isOn));
      marker.setZIndexOffset(isOn ? 1000 : 0);
    });
    ["pointerenter", "focusin"].forEach((name) => element.addEventListener(name, point(true)));
    ["pointerleave", "focusout"].forEach((name) => element.addEventListener(name, point(false)));
    if (element === group[0].row) return;
    element.addEventListener("focusin", () => {
      // Under a mouse nothing may move away before it is let go.
      if (element.matches(":focus-visible")) map.panInside(group[0].at, EDGE);
    });
    // The end of a drag that began on a pin is no click on it; a key has no detail.
    element.addEventListener("click", (event) => event.detail && map.dragging.moved() && event.preventDefault());
  }
}

function around({ x, y }, half) {
  return [x - half.x, y - half.y, x + half.x, y + half.y];
}

function isFree([left, top, right, bottom], taken) {
  return !taken.some((other) => left < other[2] && other[0] < right && top < other[3] && other[1] < bottom);
}

function isWhole([left, top, right, bottom], min, max) {
  return left - 6 >= min.x && top >= min.y && right + 6 <= max.x && bottom <= max.y; // wide letters
}

function touch(one, other) {
  return !isFree(covered(one), [covered(other)]);
}

function covered({ at, clinics }) {
  return clinics.length > 1 ? around(at, CLUSTER) : [at.x - PIN.x, at.y - PIN.y, at.x + PIN.x, at.y];
}

// The same search around the middle of the map: rounded, without its page, and as much wider as the map is.
function same(map, start) {
  const asked = new URL(location.href);
  const { lat, lng } = map.getCenter().wrap();
  const radius = Math.round(words.radius * 2 ** (start.zoom - map.getZoom()));
  asked.hash = "";
  asked.searchParams.delete("cursor");
  asked.searchParams.set("near", `${lat.toFixed(2)}, ${lng.toFixed(2)}`);
  asked.searchParams.set("radius", Math.min(100, Math.max(1, radius)));
  return asked;
}

// Leaves for a neutral page in place of this one, so that the way back does not lead here; two presses of Escape do it
// too. Without this the link is a link. The shortlist goes: what stays behind could be found by whoever comes next.
const link = document.getElementById("leave");
const WITHIN = 1000;
let pressedAt = -Infinity;

function leave() {
  document.title = link.dataset.title;
  document.body.hidden = true;
  try {
    localStorage.removeItem("shortlist");
  } catch {
    // No storage, no list.
  }
  location.replace(link.href);
}

// There Escape already closes or empties something, and may well be pressed twice.
function hasOwnEscape(target) {
  return target.closest && target.closest("[role=combobox], [role=listbox], select, dialog, [role=dialog]");
}

if (link) {
  link.querySelector("[hidden]").hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat || event.isComposing || event.defaultPrevented) return;
    if (hasOwnEscape(event.target)) return;
    if (event.timeStamp - pressedAt < WITHIN) leave();
    pressedAt = event.timeStamp;
  });
}

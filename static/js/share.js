// Hands the address of this page to the device's own menu, or copies it. Nobody else is asked; without this it stands
// there to be selected.
const place = document.getElementById("share");

if (place) {
  const status = place.querySelector("[role=status]");
  const shown = place.querySelector("#share-address");
  const data = { title: document.title, url: shown.textContent.trim() };
  const offer = (name, act) => {
    const button = place.querySelector(`[name=${name}]`);
    button.hidden = false;
    button.addEventListener("click", act);
  };
  const refuse = () => {
    status.textContent = place.dataset.refused;
    getSelection().selectAllChildren(shown);
  };

  if (navigator.share && navigator.canShare && navigator.canShare(data)) {
    offer("share", () => navigator.share(data).catch((error) => error.name === "AbortError" || refuse()));
  }
  if (navigator.clipboard) {
    offer("copy", () =>
      navigator.clipboard.writeText(data.url).then(() => {
        status.textContent = place.dataset.copied;
      }, refuse),
    );
  }
}

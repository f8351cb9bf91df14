// Fills the search box with the device's place. It is rounded here, so that the exact one never leaves the page.
const offer = document.getElementById("near-me");
const form = offer && offer.closest("form");
const rounded = (degrees) => (Math.round(degrees * 100) / 100).toFixed(2);
const patience = { timeout: 10000, maximumAge: 600000 };

if (offer && navigator.geolocation) {
  const status = offer.querySelector("[role=status]");
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    status.textContent = status.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.near.value = `${rounded(coords.latitude)}, ${rounded(coords.longitude)}`;
        form.requestSubmit();
      },
      () => {
        status.textContent = status.dataset.refused;
        status.classList.remove("soft");
        form.elements.near.focus();
      },
      patience,
    );
  });
}

// How long a customer has waited outside, counted on from what the server said: the device's clock may be wrong.
const seen = new WeakMap();

function tick() {
  for (const clock of document.querySelectorAll("[data-wait]")) {
    if (!seen.has(clock)) seen.set(clock, performance.now());
    const seconds = Number(clock.dataset.wait) + Math.floor((performance.now() - seen.get(clock)) / 1000);
    const goal = Number(clock.dataset.goal);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const row = clock.closest("[data-tone]");
    if (row) row.dataset.tone = seconds >= goal ? "stop" : seconds >= goal / 2 ? "warn" : "info";
  }
}

setInterval(tick, 500);
document.addEventListener("htmx:afterSettle", tick);

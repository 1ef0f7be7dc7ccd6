// For how long a basket's units are kept, counted from what the server said: the device's clock may be wrong.
const since = new WeakMap();
const SOON = 120;

function tick() {
  for (const clock of document.querySelectorAll("[data-kept-seconds]")) {
    if (!since.has(clock)) since.set(clock, performance.now());
    const left = Math.max(0, Number(clock.dataset.keptSeconds) - Math.floor((performance.now() - since.get(clock)) / 1000));
    clock.querySelector("[data-kept-left]").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.dataset.tone = left <= SOON ? "warn" : "info";
    if (left > 0 || clock.dataset.over) continue;
    clock.dataset.over = "1";
    const page = document.querySelector("[data-kept-page]");
    if (page && window.htmx) setTimeout(() => window.htmx.trigger(page, "refresh"), 12_000); // the server looks every ten seconds
  }
}

setInterval(tick, 500);
document.addEventListener("htmx:afterSettle", tick);
tick();

// The seconds in which a hand-over can be undone, counted from what the server said: the device's clock may be wrong.
const started = performance.now();

function tick() {
  const passed = Math.floor((performance.now() - started) / 1000);
  for (const form of document.querySelectorAll("[data-countdown]")) {
    const left = Number(form.dataset.countdown) - passed;
    if (left <= 0) form.remove();
    else form.querySelector("[data-countdown-left]").textContent = left;
  }
}

setInterval(tick, 500);

// A shared device locks by itself on the server; this only takes the picture away in time, and says when somebody is here.
const seconds = Number(document.body.dataset.lockAfter);
const lockUrl = document.body.dataset.lockUrl;
const PING_EVERY = 20_000;
let touched = Date.now();
let told = Date.now();

function here() {
  touched = Date.now();
  if (touched - told < PING_EVERY) return;
  told = touched;
  fetch(document.body.dataset.hereUrl, { method: "POST", headers: { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"], "HX-Request": "true" }, redirect: "manual" })
    .then((answer) => { if (answer.headers.get("HX-Redirect")) location.assign(lockUrl); })
    .catch(() => {}); // without a network the server locks in its own time
}

if (seconds) {
  for (const name of ["pointerdown", "keydown", "input", "wheel"]) addEventListener(name, here, { passive: true, capture: true });
  // The server draws the lock, and keeps this page for whoever returns.
  setInterval(() => { if (Date.now() - touched >= seconds * 1000 + 1500) location.assign(lockUrl); }, 1000);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // Back never shows a kept page
}

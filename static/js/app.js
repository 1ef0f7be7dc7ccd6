// The site as an app: its worker, a hint to install it, and nothing of a person left when they leave.
const worker = () => navigator.serviceWorker?.controller;

if ("serviceWorker" in navigator && window.isSecureContext) begin();

// A page that was on its way while the worker started came past it: it asks to be taken and to be kept, for the network
// may be gone before anything is opened again.
function begin() {
  const through = performance.getEntriesByType("navigation")[0]?.workerStart > 0;
  if (!through) navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ kind: "came-past", url: document.body.dataset.person ? location.href : "" }));
  navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => {});
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-leaves]")) worker()?.postMessage({ kind: "forget" });
});

// What was scanned since the page came is part of what is seen next time without a network.
let later = null;
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.requestConfig?.verb !== "post" || !document.querySelector("[data-offline]")) return;
  clearTimeout(later);
  later = setTimeout(() => worker()?.postMessage({ kind: "refresh", url: location.href }), 1500);
});

// The browser says when it could be installed; the menu then offers it.
let invitation = null;
window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  invitation = event;
  for (const item of document.querySelectorAll("[data-install]")) item.hidden = false;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-install]")) invitation?.prompt();
});
window.addEventListener("appinstalled", () => {
  for (const item of document.querySelectorAll("[data-install]")) item.hidden = true;
});
if (/iPad|iPhone/.test(navigator.userAgent) && !navigator.standalone) {
  for (const hint of document.querySelectorAll("[data-install-hint]")) hint.hidden = false;
}

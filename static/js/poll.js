// A queue asks every few seconds whether it changed; mostly it did not, and nothing on the screen moves.

function typingIn(region) {
  const active = document.activeElement;
  return region.contains(active) && active.matches("input:not([type=checkbox], [type=radio]), textarea") && active.value !== "";
}
const openIn = (region) => region.querySelector("details[open][data-menu], dialog:modal") || region.querySelector("input[type=checkbox]:checked");

// What the page asks by itself says so: a shared device that nobody touches still locks.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb === "get" && (!detail.triggeringEvent || detail.triggeringEvent.type === "refresh")) detail.headers["X-Poll"] = "1";
});

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, verb, headers, triggeringEvent } = event.detail;
  if (verb !== "get" || !elt.matches("[data-etag]")) return;
  const asked = triggeringEvent && triggeringEvent.type !== "refresh";
  if (!asked && (document.hidden || typingIn(elt) || openIn(elt))) return event.preventDefault();
  if (elt.dataset.etag) headers["If-None-Match"] = elt.dataset.etag;
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const target = detail.target?.id ? document.getElementById(detail.target.id) : detail.target;
  if (target?.matches?.("[data-etag]")) target.dataset.etag = detail.xhr?.getResponseHeader("ETag") ?? "";
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !window.htmx) return;
  for (const element of document.querySelectorAll("[data-etag]")) window.htmx.trigger(element, "refresh");
});

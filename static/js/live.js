// A request that got no useful answer says so and says what to do: never an endless spinner.
const live = () => document.getElementById("live");

function tell(text, tone = "stop") {
  const region = live();
  const pattern = document.getElementById("live-notice");
  if (!region || !pattern || !text) return;
  const notice = pattern.content.firstElementChild.cloneNode(true);
  notice.dataset.tone = tone;
  notice.dataset.sound = tone === "stop" ? "bad" : "";
  notice.querySelector("[data-text]").textContent = text;
  region.replaceChildren(notice);
}

document.addEventListener("htmx:responseError", ({ detail }) => {
  const say = live()?.dataset ?? {};
  const status = detail.xhr.status;
  if (isKept(detail) && [502, 503, 504].includes(status)) return;
  const words = { 401: say.signIn, 403: say.forbidden, 404: say.gone, 429: say.slow, 503: say.busy };
  tell(words[status] ?? (status === 502 || status === 504 ? say.busy : say.error));
});
const isKept = (detail) => (detail.requestConfig?.elt ?? detail.elt)?.matches?.("[data-offline]"); // offline.js says so
document.addEventListener("htmx:sendError", ({ detail }) => isKept(detail) || tell(live()?.dataset.network));
document.addEventListener("htmx:timeout", ({ detail }) => isKept(detail) || tell(live()?.dataset.timeout));
document.addEventListener("htmx:swapError", () => tell(live()?.dataset.error));

// The session ended: a sign-in page is a page, never a fragment.
document.addEventListener("htmx:beforeSwap", (event) => {
  const signIn = live()?.dataset.signInUrl;
  const path = event.detail.xhr.responseURL && new URL(event.detail.xhr.responseURL).pathname;
  if (!signIn || path !== signIn) return;
  event.detail.shouldSwap = false;
  location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
});

// A refusal that names its place is shown there, whatever its status.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status < 400 || !detail.xhr.getResponseHeader("HX-Retarget")) return;
  detail.shouldSwap = true;
  detail.isError = false;
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id === "notices") detail.target.scrollIntoView({ block: "nearest" });
});

// The next act that works takes the complaint away; a poll does not.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const asked = detail.requestConfig?.elt;
  if (detail.xhr?.status < 400 && !asked?.matches("[data-etag]")) live()?.replaceChildren();
});
document.addEventListener("click", (event) => event.target.closest("[data-live-close]") && live().replaceChildren());

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("htmx:afterSettle", () => document.querySelector(".error-summary[autofocus]")?.focus());

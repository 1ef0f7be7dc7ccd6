// Every act shows an effect at once, and after 300 ms says in words what it waits for; later, what to do about it.
const SOON = 300;
const LONG = 8_000;
const region = () => document.getElementById("waits");
let timers = [];
let holder = null;

const polls = (element) => element?.matches?.("[data-etag], .practice-bar");

function begin(button, waits) {
  end();
  holder = button;
  holder?.setAttribute("aria-busy", "true");
  const say = region()?.dataset;
  if (!say) return;
  timers = [
    setTimeout(() => tell(waits || button?.dataset.waits || say.waits), SOON),
    setTimeout(() => tell(say.long), LONG),
  ];
}

function end() {
  timers.forEach(clearTimeout);
  timers = [];
  holder?.removeAttribute("aria-busy");
  holder = null;
  tell("");
}

function tell(text) {
  const place = region();
  if (!place) return;
  place.hidden = !text;
  place.querySelector("[data-text]").textContent = text;
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (polls(detail.elt)) return;
  const form = detail.elt.closest("form") ?? detail.elt;
  begin(form.querySelector("button[type=submit]") ?? detail.elt, form.dataset.waits);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => polls(detail.requestConfig?.elt ?? detail.elt) || end());

// Plain forms and links: the page stays until the next one comes, so it has to say that it is coming.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.matches("[hx-post], [hx-get], [method=dialog], [data-busy-on-submit]") || form.target) return;
  begin(event.submitter ?? form.querySelector("button"), form.dataset.waits);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const plain = !(event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button);
  if (!link || !plain || link.target || link.hasAttribute("download") || link.matches("[hx-get]")) return;
  if (link.origin !== location.origin || (link.pathname === location.pathname && link.hash)) return;
  begin(link, region()?.dataset.opens);
});
window.addEventListener("pageshow", end);

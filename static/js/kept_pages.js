// Without a network: the pages of work that this device still has.
const section = document.getElementById("kept-pages");
const cache = await caches.open("omni-pages");
for (const request of await cache.keys()) {
  const url = new URL(request.url);
  if (url.pathname === "/__person") continue;
  const text = await (await cache.match(request)).text();
  const title = new DOMParser().parseFromString(text, "text/html").title;
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: url.pathname + url.search, textContent: title, className: "button button-wide" });
  item.append(link);
  section.querySelector("ul").append(item);
  section.hidden = false;
}
document.querySelector("[data-again]").href = location.href;

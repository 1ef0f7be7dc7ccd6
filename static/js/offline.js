// Without a network, scans and counts are kept on the device, each under its own key, and sent in their order once the
// network is back: by whoever did them, in the store where they were done, each counting once (the server knows the key).
const AWAY = new Set([0, 502, 503, 504]);
const EVERY = 15_000;
const SHORTEST_SIGN = 400; // so that "sending" can be read
const bar = () => document.getElementById("offline");
const words = () => bar()?.dataset ?? {};
const me = () => document.body.dataset.person ?? "";
const place = () => document.body.dataset.place ?? "";
const pathOf = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
let since = document.documentElement.dataset.keptAt ? new Date(document.documentElement.dataset.keptAt) : null;
let acts = []; // everything kept on this device, oldest first
let sending = false;
let unreachable = Boolean(since);

// --- the device's own little database ---------------------------------------------------------------------------
const opened = "indexedDB" in window ? new Promise((done, failed) => {
  const request = indexedDB.open("omni-kept", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("acts", { keyPath: "id", autoIncrement: true });
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
}).catch(() => null) : Promise.resolve(null);

async function store(mode, work) {
  const db = await opened;
  if (!db) throw new Error("no place to keep it");
  return new Promise((done, failed) => {
    const transaction = db.transaction("acts", mode);
    const request = work(transaction.objectStore("acts"));
    transaction.oncomplete = () => done(request.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}
const readAll = async () => { acts = await store("readonly", (kept) => kept.getAll()).catch(() => []); };
const mine = () => acts.filter((act) => act.person === me() && !act.refused);
const waitingHere = (path) => mine().some((act) => act.path === path && act.place === place());

// --- keeping ----------------------------------------------------------------------------------------------------
async function keep(form, fields) {
  const act = { person: me(), place: place(), path: pathOf(form), page: location.pathname, fields, at: Date.now(), refused: "" };
  act.code = fields.code ?? fields.quantity ?? "";
  act.id = await store("readwrite", (kept) => kept.add(act));
  acts.push(act);
  return act;
}

const fieldsOf = (data) => Object.fromEntries([...data].filter(([name]) => name !== "csrfmiddlewaretoken").map(([name, value]) => [name, String(value)]));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-offline]") || !me()) return;
  const isEntry = form.dataset.offline === "entry";
  if (!isEntry && navigator.onLine && !unreachable && !waitingHere(pathOf(form))) return;
  if (!form.reportValidity()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const fields = fieldsOf(new FormData(form));
  if (isEntry) return keepEntry(form, fields);
  keepScan(form, fields);
}, true);

async function keepScan(form, fields) {
  const input = form.querySelector("[data-scan-input]");
  const code = fields.code.trim();
  if (!code) return;
  input.value = "";
  form.dispatchEvent(new CustomEvent("omni:kept", { bubbles: true })); // the next scan gets a key of its own
  const known = showScan(code);
  if (known === false) return say(form, words().notHere.replace("{code}", code), "stop", "bad");
  try {
    await keep(form, fields);
  } catch {
    return say(form, words().noRoom, "stop", "bad");
  }
  const into = known && known !== true ? ` ${words().tote.replace("{tote}", known)}` : "";
  say(form, words().kept.replace("{code}", code).replace("{n}", mine().length) + into, "info", "good");
  show();
  send();
}

async function keepEntry(form, fields) {
  await keep(form, fields).catch(() => form.submit());
  show();
  if (navigator.onLine) await send();
  const left = acts.find((act) => act.fields.scan_key === fields.scan_key);
  if (left?.refused) return;
  if (!left) return location.assign(form.dataset.offlineNext);
  for (const button of document.querySelectorAll(`button[form="${form.id}"], #${form.id} button[type=submit]`)) button.hidden = true;
}

// An answer that never came: the same scan, under the same key, is kept instead of being lost or sent twice.
const sent = new Map();
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.matches?.("form[data-offline]")) sent.set(detail.elt.id, fieldsOf(detail.formData));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.requestConfig?.elt;
  if (!form?.matches("form[data-offline]") || !AWAY.has(detail.xhr.status)) return;
  const fields = sent.get(form.id);
  if (!fields || !me()) return;
  form.dataset.kept = "";
  lost();
  keepScan(form, fields);
});

// --- showing ----------------------------------------------------------------------------------------------------
// Rows name the codes of their item, so a scan shows at once; what no row wants is not kept at all.
function showScan(code) {
  const rows = [...document.querySelectorAll("[data-codes]")];
  if (!rows.length) return null;
  const wanted = code.trim().toUpperCase().replace(/^0+(?=\d{8,}$)/, "");
  const fits = (row) => row.dataset.codes.split(" ").some((each) => each.toUpperCase().replace(/^0+(?=\d{8,}$)/, "") === wanted);
  const row = rows.find((each) => fits(each) && number(each, "b") < number(each, "small"));
  if (!row) return false;
  row.querySelector(".pick-quantity b").textContent = number(row, "b") + 1;
  row.dataset.unsent = "";
  if (number(row, "b") >= number(row, "small")) row.dataset.state = "done";
  return toteOf(row) ?? true;
}

// On a wave each unit goes to the first order that still wants one, as the server will have it.
function toteOf(row) {
  const open = [...row.querySelectorAll(".tote")].find((each) => !("full" in each.dataset));
  if (!open) return null;
  const part = open.querySelector("[aria-hidden] > span");
  const picked = Number.parseInt(part.textContent, 10) + 1;
  part.textContent = `${picked}/`;
  if (picked >= Number(part.parentElement.textContent.split("/")[1])) open.dataset.full = "";
  return open.querySelector("b").textContent;
}
const number = (row, part) => Number(row.querySelector(`.pick-quantity ${part}`).textContent.replace(/\D/g, ""));

function say(form, text, tone, sound) {
  const status = document.getElementById(form.id.replace(/-form$/, "-status"));
  const notice = document.getElementById("live-notice")?.content.firstElementChild.cloneNode(true);
  if (!status || !notice) return;
  notice.querySelector("[data-live-close]").remove();
  notice.querySelector("[data-text]").textContent = text;
  notice.dataset.tone = tone;
  notice.dataset.sound = sound;
  status.replaceChildren(notice);
  document.dispatchEvent(new Event("omni:sound"));
}

function lost() {
  since ??= new Date();
  unreachable = true;
  show();
}

function show() {
  // Whoever leaves while something waits leaves the device's storage: codes and quantities, nothing of customers.
  document.cookie = `omni_waiting=${acts.length}; path=/; samesite=lax; max-age=${acts.length ? 30 * 24 * 3600 : 0}`;
  const strip = bar();
  if (!strip) return;
  const waiting = mine().length;
  const others = acts.some((act) => act.person !== me() && !act.refused);
  const away = unreachable || !navigator.onLine;
  if (away) since ??= new Date();
  strip.querySelector("[data-offline-since]").hidden = strip.querySelector("[data-offline-hint]").hidden = !away;
  strip.querySelector("time").textContent = since ? since.toTimeString().slice(0, 5) : "";
  const line = strip.querySelector("[data-offline-waiting]");
  line.textContent = waiting ? (sending ? words().sending : words().waiting).replace("{n}", waiting) : others && !me() ? words().others : "";
  strip.hidden = !away && !waiting && !line.textContent;
  showRefused();
}

function showRefused() {
  const list = document.getElementById("kept-refused");
  if (!list) return;
  const refused = acts.filter((act) => act.refused && act.person === me());
  list.hidden = !refused.length;
  list.querySelector("ul").replaceChildren(...refused.map((act) => {
    const item = document.createElement("li");
    const page = document.createElement("a");
    page.href = act.page;
    page.textContent = act.code || act.page;
    item.append(page, ` ${new Date(act.at).toTimeString().slice(0, 5)}: ${act.refused}`);
    return item;
  }));
}
document.addEventListener("click", async (event) => {
  if (!event.target.closest("[data-kept-close]")) return;
  for (const act of acts.filter((each) => each.refused && each.person === me())) await store("readwrite", (kept) => kept.delete(act.id));
  await readAll();
  show();
});

// --- sending ----------------------------------------------------------------------------------------------------
async function send() {
  if (sending || !me() || !mine().length || !navigator.onLine) return;
  if (!navigator.locks) return sendAll();
  await navigator.locks.request("omni-kept", { ifAvailable: true }, (lock) => lock && sendAll());
}

async function sendAll() {
  const who = await fetch("/kept/", { cache: "no-store", redirect: "manual", headers: { "X-Poll": "1" } })
    .then((answer) => answer.type === "opaqueredirect" ? { person: "none" } : answer.ok ? answer.json() : null).catch(() => null);
  if (!who) return lost();
  unreachable = false;
  since = null;
  await readAll(); // another tab may have sent some of it
  if (who.person !== me()) return show();
  sending = true;
  show();
  const began = Date.now();
  const pages = new Set();
  for (const act of mine()) if (act.place === who.place && !(await sendOne(act, who.token, pages))) break;
  await new Promise((done) => setTimeout(done, Math.max(0, SHORTEST_SIGN - (Date.now() - began))));
  sending = false;
  show();
  if (pages.has(location.pathname) && !unreachable) renew();
}

// True where the next act may follow.
async function sendOne(act, token, pages) {
  const fields = { ...act.fields };
  if (!act.tried) delete fields.seen; // sent at once: the shelf is as it was a moment ago
  act.tried = true;
  await store("readwrite", (kept) => kept.put(act));
  const answer = await fetch(act.path, {
    method: "POST", body: new URLSearchParams(fields), redirect: "manual", cache: "no-store",
    headers: { "X-CSRFToken": token, "HX-Request": "true", "Omni-Kept-By": act.person, "Omni-Kept-At": act.place },
  }).catch(() => null);
  if (!answer || AWAY.has(answer.status) || answer.type === "opaqueredirect") { lost(); return false; }
  const said = await answer.json().catch(() => ({}));
  if (said.done || (answer.status >= 400 && answer.status < 500 && answer.status !== 429 && !said.keep && said.message) || answer.status === 404) {
    pages.add(act.page);
    if (said.done) await store("readwrite", (kept) => kept.delete(act.id));
    else await store("readwrite", (kept) => kept.put({ ...act, refused: said.message ?? words().gone }));
    await readAll();
    return true;
  }
  return false;
}

// The list as the server has it now; nothing that is being typed is lost.
function renew() {
  const typed = document.querySelector("[data-scan-input]")?.value;
  if (typed || document.querySelector("dialog:modal")) return;
  if (window.htmx && document.querySelector("#main > .page")) {
    window.htmx.ajax("GET", location.href, { target: "#main > .page", select: "#main > .page", swap: "outerHTML" });
  } else location.reload();
}

window.addEventListener("offline", lost);
window.addEventListener("online", send);
window.addEventListener("online", probe);
document.addEventListener("visibilitychange", () => document.hidden || (probe(), send()));
setInterval(() => { probe(); send(); }, EVERY);

// Back again, though nothing waits: the bar goes away once the server really answers.
async function probe() {
  if (!unreachable || mine().length || !navigator.onLine) return;
  const answer = await fetch("/health/live", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  unreachable = false;
  since = null;
  show();
  if (document.documentElement.dataset.keptAt) location.reload();
}

await readAll();
// What was done on this page before it was drawn again from the device.
if (document.documentElement.dataset.keptAt) for (const act of mine()) if (act.page === location.pathname && act.fields.code) showScan(act.fields.code.trim());
show();
probe();
send();

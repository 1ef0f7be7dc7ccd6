// Without a network, scans and counts are kept on the device, each under its own key, and sent in their order once the
// network is back: by whoever did them, in the store where they were done, each counting once (the server knows the key).
const AWAY = new Set([0, 502, 503, 504]);
const NOT_NOW = new Set([401, 403, 408, 425, 429]); // without a word of its own: the same act may well be taken later
const LONGEST = 15_000;
const AT_ONCE = 10_000;
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
let opened = null;
function database() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open("omni-kept", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("acts", { keyPath: "id", autoIncrement: true });
    request.onsuccess = () => {
      request.result.onclose = () => { opened = null; }; // the browser dropped what this site keeps: begin anew
      request.result.onversionchange = () => { request.result.close(); opened = null; };
      done(request.result);
    };
    request.onerror = request.onblocked = () => failed(request.error ?? new Error("no place to keep it"));
  });
  opened.catch(() => { opened = null; });
  return opened;
}

async function store(mode, work) {
  const db = await database();
  return new Promise((done, failed) => {
    const transaction = db.transaction("acts", mode);
    const request = work(transaction.objectStore("acts"));
    transaction.oncomplete = () => done(request.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}

// All tabs of a device see one list. While anything is on it, whoever leaves leaves the device's storage: codes and
// quantities, nothing of customers. A list that could not be read says nothing about that.
async function readAll() {
  try {
    acts = await store("readonly", (kept) => kept.getAll());
    document.cookie = `omni_waiting=${acts.length}; path=/; samesite=lax; max-age=${acts.length ? 30 * 24 * 3600 : 0}`;
  } catch { /* what was read before still stands */ }
}
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("omni-kept") : null;
async function change(work) {
  const result = await store("readwrite", work);
  await readAll();
  tabs?.postMessage("changed");
  return result;
}
tabs?.addEventListener("message", async () => { await readAll(); show(); probe(); send(); });
const mine = () => acts.filter((act) => act.person === me() && !act.refused);
const waitingHere = (path) => mine().some((act) => act.path === path && act.place === place());

// --- keeping ----------------------------------------------------------------------------------------------------
async function keep(form, fields) {
  const act = { person: me(), place: place(), path: pathOf(form), page: location.pathname, fields, at: Date.now(), refused: "" };
  act.code = fields.code ?? fields.quantity ?? "";
  await change((kept) => kept.add(act));
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
  form.querySelector("[data-scan-input]").value = "";
  for (const input of form.querySelectorAll("[data-once]")) input.value = ""; // a number typed for this scan alone
  keepScan(form, fields);
}, true);

// One scan after the other, so that the last unit of a row is kept once, however fast the scanner is.
let before = Promise.resolve();
function keepScan(form, fields) {
  const code = fields.code.trim();
  if (!code) return;
  form.dispatchEvent(new CustomEvent("omni:kept", { bubbles: true })); // the next scan gets a key of its own
  before = before.then(() => keepOneScan(form, fields, code)).catch(() => {});
}

async function keepOneScan(form, fields, code) {
  const row = rowFor(code);
  if (row === false) return say(form, words().notHere.replace("{code}", code), "stop", "bad");
  try {
    await keep(form, fields);
  } catch {
    giveBack(form, fields);
    return say(form, words().noRoom.replace("{code}", code), "stop", "bad");
  }
  const tote = row && mark(row);
  say(form, words().kept.replace("{code}", code).replace("{n}", mine().length), "info", "good");
  if (tote) call(form, tote);
  show();
  send();
}

// Under its own key, for the server may have it already.
function giveBack(form, fields) {
  const now = document.getElementById(form.id) ?? form;
  const input = now.querySelector("[data-scan-input]");
  if (input.value) return;
  input.value = fields.code;
  now.elements.namedItem("scan_key").value = fields.scan_key;
  input.select();
}

async function keepEntry(form, fields) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const isKept = await keep(form, fields).then(() => true, () => false);
  if (!isKept) {
    delete form.dataset.busy;
    if (await answers()) return form.submit();
    return tell(words().noRoom.replace("{code}", fields.quantity));
  }
  show();
  await send();
  await readAll();
  const left = acts.find((act) => act.fields.scan_key === fields.scan_key);
  if (!left) return location.assign(form.dataset.offlineNext);
  if (left.refused) return delete form.dataset.busy;
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
// Rows name the codes of their item, so a scan shows at once; what no row wants is not kept at all. Null where the page
// has no rows that could tell.
function rowFor(code) {
  const rows = [...document.querySelectorAll("[data-codes]")];
  if (!rows.length) return null;
  const wanted = code.toUpperCase().replace(/^0+(?=\d{8,}$)/, "");
  const fits = (row) => row.dataset.codes.split(" ").some((each) => each.toUpperCase().replace(/^0+(?=\d{8,}$)/, "") === wanted);
  return rows.find((each) => fits(each) && number(each, "b") < number(each, "small")) ?? false;
}

// One unit more in the row; the tote it goes into, where there are totes.
function mark(row) {
  row.querySelector(".pick-quantity b").textContent = number(row, "b") + 1;
  row.dataset.unsent = "";
  if (number(row, "b") >= number(row, "small")) row.dataset.state = "done";
  return toteOf(row);
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

const statusOf = (form) => document.getElementById(form.id.replace(/-form$/, "-status"));
function say(form, text, tone, sound) {
  const notice = noticeOf(text, tone, sound);
  notice.querySelector("[data-live-close]").remove();
  statusOf(form).replaceChildren(notice);
  document.dispatchEvent(new Event("omni:sound"));
}

// Above the answer, readable at arm's length.
function call(form, tote) {
  const line = Object.assign(document.createElement("p"), { className: "tote-call" });
  const where = Object.assign(document.createElement("span"), { textContent: words().tote });
  line.append(where, " ", Object.assign(document.createElement("b"), { textContent: tote }));
  statusOf(form).prepend(line);
}

// Where no scan field has a place for it.
function tell(text) {
  document.getElementById("live").replaceChildren(noticeOf(text, "stop", "bad"));
  document.dispatchEvent(new Event("omni:sound"));
}

function noticeOf(text, tone, sound) {
  const notice = document.getElementById("live-notice").content.firstElementChild.cloneNode(true);
  notice.querySelector("[data-text]").textContent = text;
  const symbol = notice.querySelector("use");
  symbol.setAttribute("href", symbol.getAttribute("href").replace(/#.*/, `#${tone}`)); // each tone has its own
  notice.dataset.tone = tone;
  notice.dataset.sound = sound;
  return notice;
}

function lost() {
  since ??= new Date();
  unreachable = true;
  show();
}

function show() {
  const strip = bar();
  if (!strip) return;
  const waiting = mine().length;
  const others = acts.some((act) => act.person !== me() && !act.refused);
  const away = unreachable || !navigator.onLine;
  if (away) since ??= new Date();
  strip.querySelector("[data-offline-since]").hidden = strip.querySelector("[data-offline-hint]").hidden = !away;
  strip.querySelector("time").textContent = since ? since.toTimeString().slice(0, 5) : "";
  const line = strip.querySelector("[data-offline-waiting]");
  const pattern = sending ? words().sending : !away && mine().every((act) => act.place !== place()) ? words().elsewhere : words().waiting;
  line.textContent = waiting ? pattern.replace("{n}", waiting) : others && !me() ? words().others : "";
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
  for (const act of acts.filter((each) => each.refused && each.person === me())) await change((kept) => kept.delete(act.id));
  show();
});

// --- sending ----------------------------------------------------------------------------------------------------
// One tab sends at a time; what another tab or a fast scanner keeps meanwhile is sent in the same go.
async function send() {
  if (sending || !me() || !mine().length || !navigator.onLine) return;
  const go = () => sendAll().catch(() => {}); // a device that fails at its own database tries again in a while
  if (!navigator.locks) return go();
  await navigator.locks.request("omni-kept", { ifAvailable: true }, (lock) => lock && go());
}

async function sendAll() {
  if (sending) return;
  sending = true;
  const pages = new Set();
  let done = 0;
  try {
    const who = await whoIsHere();
    if (!who) return lost();
    unreachable = false;
    since = null;
    await readAll(); // another tab may have sent some of it
    if (who.person !== me()) return;
    const next = () => mine().find((act) => act.place === who.place);
    if (!next()) return;
    show();
    const began = Date.now();
    for (let act = next(); act; act = next()) {
      const outcome = await sendOne(act, who.token);
      if (!outcome) break;
      pages.add(act.page);
      if (outcome === "done") done += 1;
    }
    await new Promise((ready) => setTimeout(ready, Math.max(0, SHORTEST_SIGN - (Date.now() - began))));
  } finally {
    sending = false;
    show();
  }
  if (pages.has(location.pathname) && !unreachable) await renew(done);
}

const whoIsHere = () => fetch("/kept/", { cache: "no-store", redirect: "manual", headers: { "X-Poll": "1" }, signal: AbortSignal.timeout(LONGEST) })
  .then((answer) => answer.type === "opaqueredirect" ? { person: "none" } : answer.ok ? answer.json() : null).catch(() => null);

// "done", "refused", or nothing where it stays here and what follows waits behind it.
async function sendOne(act, token) {
  const fields = { ...act.fields };
  if (!act.tried && Date.now() - act.at < AT_ONCE) delete fields.seen; // the shelf is as it was a moment ago
  await change((kept) => kept.put({ ...act, tried: true })).catch(() => {}); // a full device can still send
  const answer = await fetch(act.path, {
    method: "POST", body: new URLSearchParams(fields), redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(LONGEST),
    headers: { "X-CSRFToken": token, "HX-Request": "true", "Omni-Kept-By": act.person, "Omni-Kept-At": act.place, "Omni-Kept-Age": Math.max(0, Date.now() - act.at) },
  }).catch(() => null);
  if (!answer || AWAY.has(answer.status) || answer.type === "opaqueredirect") return lost();
  const said = await answer.json().catch(() => ({}));
  if (said.done) {
    await change((kept) => kept.delete(act.id));
    return "done";
  }
  if (said.keep || NOT_NOW.has(answer.status) && !said.message || answer.status >= 500) return null;
  await change((kept) => kept.put({ ...act, refused: said.message ?? words().gone }));
  return "refused";
}

// The list as the server has it now; nothing that is being typed is lost.
async function renew(done) {
  const typed = document.querySelector("[data-scan-input]")?.value;
  if (!window.htmx) return location.reload();
  if (!typed && !document.querySelector("dialog:modal")) {
    await window.htmx.ajax("GET", location.href, { target: "#main > .page", select: "#main > .page", swap: "outerHTML" });
  }
  const form = document.querySelector("form[data-scan]");
  if (form && done) say(form, words().sent.replace("{n}", done), "done", "good");
}

window.addEventListener("offline", lost);
window.addEventListener("online", send);
window.addEventListener("online", probe);
document.addEventListener("visibilitychange", () => document.hidden || (probe(), send()));
setInterval(() => { probe(); send(); }, EVERY);

// Back again, though nothing waits: the bar goes away once the server really answers.
async function probe() {
  if (!unreachable || mine().length || !navigator.onLine || !await answers()) return;
  unreachable = false;
  since = null;
  show();
  if (document.documentElement.dataset.keptAt) location.reload();
}

const answers = () => fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(LONGEST) }).then((answer) => answer.ok, () => false);

await readAll();
// What was done on this page before it was drawn again from the device.
if (document.documentElement.dataset.keptAt) {
  for (const act of mine().filter((each) => each.page === location.pathname && each.fields.code)) {
    const row = rowFor(act.fields.code.trim());
    if (row) mark(row);
  }
}
show();
probe();
send();

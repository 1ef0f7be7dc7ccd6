// The worker of the app on a device. Before this text the server puts VERSION and ASSETS (omni/core/views/app.py).
// Assets: from the device first, since their address names their version. Pages of work that say so: from the network
// first, else as last seen by the same person. Everything else: from the network or not at all.
const ASSET_CACHE = "omni-assets";
const PAGE_CACHE = "omni-pages";
const PERSON = "/__person";
const OFFLINE = "/offline/";
const PATIENCE = 6000; // a slow network is worse than what was seen a moment ago
const LONGEST = 12 * 3600 * 1000; // one shift
const LEAVING = ["/sign-out/", "/switch/", "/lock/"];

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (LEAVING.some((path) => url.pathname.startsWith(path))) event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/static/") && url.searchParams.has("v")) event.respondWith(asset(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});
self.addEventListener("message", (event) => {
  const { kind, url } = event.data ?? {};
  if (kind === "forget") event.waitUntil(forget());
  if (kind === "came-past") event.waitUntil(Promise.all([self.clients.claim(), url && keepNow(url)]));
  if (kind === "refresh") event.waitUntil(refresh(url));
});

// On a bad network some of it may fail: the worker starts all the same, and fetches the rest when it is asked for.
async function install() {
  await self.skipWaiting();
  const cache = await caches.open(ASSET_CACHE);
  const get = async (url, options) => {
    const answer = await fetch(url, options).catch(() => null);
    if (answer?.ok) await cache.put(url, answer);
  };
  const missing = async (url) => (await cache.match(url)) ?? get(url);
  await Promise.all([...ASSETS.map(missing), get(OFFLINE, { credentials: "omit", cache: "reload" })]);
}

async function activate() {
  const wanted = new Set([...ASSETS, OFFLINE].map((url) => new URL(url, location.origin).href));
  const cache = await caches.open(ASSET_CACHE);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
  await self.clients.claim();
}

async function asset(request) {
  const cache = await caches.open(ASSET_CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && ASSETS.some((url) => request.url.endsWith(url))) await cache.put(request, answer.clone());
  return answer;
}

async function page(request) {
  const kept = await lastSeen(request.url);
  try {
    return await (kept ? inTime(fetchPage(request)) : fetchPage(request));
  } catch {
    if (kept) return asKept(kept);
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

function inTime(answer) {
  answer.catch(() => {});
  return Promise.race([answer, new Promise((_, late) => setTimeout(() => late(new Error("slow")), PATIENCE))]);
}

async function fetchPage(request) {
  const answer = await fetch(request);
  await keep(request.url, answer);
  return answer;
}

// What another person saw is gone before anything of this person is kept; one page after the other, for two that come
// together would each take the other for a stranger's.
let keeping = Promise.resolve();
async function keep(url, answer) {
  const person = answer.headers.get("Omni-Person");
  if (!person) return;
  const isKept = answer.ok && !answer.redirected && answer.headers.get("Omni-Keep") === "yes";
  const text = isKept ? await answer.clone().blob() : null;
  keeping = keeping.then(() => keepPage(url, answer, person, text)).catch(() => {});
  await keeping;
}

async function keepPage(url, answer, person, text) {
  let cache = await caches.open(PAGE_CACHE);
  const before = await (await cache.match(PERSON))?.text();
  if (before !== person) {
    await forget();
    cache = await caches.open(PAGE_CACHE);
    if (person !== "none") await cache.put(PERSON, new Response(person));
  }
  if (!text) return;
  const headers = new Headers(answer.headers);
  headers.set("Omni-Kept-At", new Date().toISOString());
  await cache.put(url, new Response(text, { status: 200, headers }));
}

async function lastSeen(url) {
  const kept = await (await caches.open(PAGE_CACHE)).match(url);
  return kept && Date.now() - Date.parse(kept.headers.get("Omni-Kept-At")) < LONGEST ? kept : null;
}

async function asKept(kept) {
  const text = await kept.text();
  const marked = text.replace("<html ", `<html data-kept-at="${kept.headers.get("Omni-Kept-At")}" `);
  return new Response(marked, { status: 200, headers: kept.headers });
}

// After scans the page changed; the next look without a network shall show it as it is now.
async function refresh(url) {
  if (await (await caches.open(PAGE_CACHE)).match(url)) await keepNow(url);
}

async function keepNow(url) {
  const headers = { Accept: "text/html", "X-Poll": "1" }; // nobody touched anything
  const answer = await fetch(url, { credentials: "same-origin", headers }).catch(() => null);
  if (answer) await keep(url, answer);
}

const forget = () => caches.delete(PAGE_CACHE);

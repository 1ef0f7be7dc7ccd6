// A scanner is a fast keyboard: no scan may be lost, and the field is always ready for the next one.
const scanForms = () => [...document.querySelectorAll("form[data-scan]")];
const inputOf = (form) => form.querySelector("[data-scan-input]");
const firstInput = () => document.querySelector("[data-scan-input]");
const waiting = new Map(); // form id -> codes scanned while a request was running
const running = new Set(); // form ids with a request on the way
const heard = new WeakSet();
let audio = null;

const editable = (element) => element?.matches?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]");
const busyElsewhere = () => document.querySelector("dialog:modal, details[data-menu][open]") || editable(document.activeElement);

function focusScan() {
  const input = firstInput();
  if (input && !document.hidden && !busyElsewhere()) input.focus({ preventScroll: true });
}

// Codes that arrive while an answer is awaited wait in line, each for itself.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-scan][hx-post]") || !window.htmx) return;
  const input = inputOf(form);
  if (running.has(form.id)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (input.value.trim()) waiting.set(form.id, [...(waiting.get(form.id) ?? []), input.value]);
    input.value = "";
  }
}, true);

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (!detail.elt.matches("form[data-scan]")) return;
  running.add(detail.elt.id);
  const input = inputOf(detail.elt);
  detail.elt.dataset.sent = input.value;
  input.value = "";
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.requestConfig?.elt ?? detail.elt; // the event itself names a parent once the form was replaced
  if (!form.matches("form[data-scan]")) return;
  running.delete(form.id);
  const now = document.getElementById(form.id);
  if (!now) return;
  const isKept = "kept" in form.dataset; // on the device, under the same key (offline.js)
  delete form.dataset.kept;
  if (!detail.successful && !isKept) return giveBack(now, form.dataset.sent); // nobody took it: the same key goes with the next try
  freshKey(now);
  setTimeout(() => sendNext(now.id)); // after htmx is done with this answer
});

// The answer to a scan belongs below the scan field, where the eyes are.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig?.elt;
  const status = form?.matches("form[data-scan]") && document.getElementById(form.id.replace(/-form$/, "-status"));
  if (status && detail.target?.id === "notices") detail.target = status;
});

// Typed while the form itself was replaced: what was begun goes on in the new field.
let begun = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const input = detail.target?.querySelector?.("[data-scan-input]");
  begun = input?.value ? { id: input.id, value: input.value } : null;
});
document.addEventListener("htmx:afterSwap", () => {
  const input = begun && document.getElementById(begun.id);
  if (input && !input.value) input.value = begun.value;
  begun = null;
});

// The server takes a key once, so that a scan sent again after a lost answer counts once.
function freshKey(form) {
  const key = form.elements.namedItem("scan_key");
  if (key) key.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

document.addEventListener("omni:kept", (event) => freshKey(event.target));

function giveBack(form, code) {
  const input = inputOf(form);
  const line = waiting.get(form.id) ?? [];
  if (input.value) line.push(input.value);
  input.value = code ?? "";
  waiting.set(form.id, line); // sent in their order once this one goes through
  input.select();
}

function sendNext(id) {
  const form = document.getElementById(id);
  const [code, ...rest] = waiting.get(id) ?? [];
  if (!form || running.has(id) || code === undefined) return;
  waiting.set(id, rest);
  const input = inputOf(form);
  const typing = input.value;
  input.value = code;
  form.requestSubmit();
  input.value = typing;
}

// Keys that arrive while the focus is on a button or nowhere belong to the scan field.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.key.length !== 1 || " /?".includes(event.key) || busyElsewhere()) return;
  firstInput()?.focus({ preventScroll: true });
});

// iOS gives focus and sound only from a tap: the first tap beside everything wakes both.
document.addEventListener("click", (event) => {
  wakeSound();
  const keyboard = event.target.closest("[data-scan-keyboard]");
  if (keyboard) return switchKeyboard(event, keyboard);
  if (!event.target.closest("a, button, input, select, textarea, label, summary, dialog") && !String(getSelection())) focusScan();
});

function switchKeyboard(event, button) {
  const input = inputOf(button.closest("form"));
  event.preventDefault();
  const typing = input.inputMode === "none";
  input.inputMode = typing ? "text" : "none";
  button.setAttribute("aria-pressed", String(typing));
  input.blur(); // an on-screen keyboard opens only on a fresh focus
  input.focus();
}

function wakeSound() {
  audio ??= window.AudioContext ? new AudioContext() : null;
  if (audio?.state === "suspended") audio.resume();
}

function beep(good) {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(good ? 40 : [120, 60, 120]);
  if (audio?.state !== "running") return;
  const tones = good ? [[1320, 0, .09]] : [[220, 0, .16], [175, .2, .28]];
  for (const [pitch, start, length] of tones) {
    const tone = new OscillatorNode(audio, { frequency: pitch, type: good ? "sine" : "square" });
    const volume = new GainNode(audio, { gain: .12 });
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + length);
  }
}

// What has a name of its own sounds once, however often it is drawn again (a customer who waits outside).
function isNew(name) {
  const names = (sessionStorage.getItem("heard") ?? "").split(" ").filter(Boolean).slice(-50);
  if (names.includes(name)) return false;
  sessionStorage.setItem("heard", [...names, name].join(" "));
  return true;
}

function answer() {
  for (const element of document.querySelectorAll("[data-sound]")) {
    if (heard.has(element)) continue;
    heard.add(element);
    // Before the first tap a browser is silent: what could not be heard sounds with the next change.
    if (element.dataset.soundOnce && audio?.state === "running" && !isNew(element.dataset.soundOnce)) continue;
    beep(element.dataset.sound === "good");
  }
}

for (const name of ["htmx:afterSettle", "htmx:oobAfterSwap", "omni:sound"]) document.addEventListener(name, () => { answer(); focusScan(); });
document.addEventListener("visibilitychange", focusScan);
// A page that comes from the device or from Back brings the key of a scan that was made already.
window.addEventListener("pageshow", () => { scanForms().forEach(freshKey); focusScan(); });
window.addEventListener("keydown", wakeSound, { once: true });
if (scanForms().length) { answer(); focusScan(); }

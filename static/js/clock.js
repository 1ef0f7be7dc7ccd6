// Due badges go on counting between two looks at the server; same words and tones as omni/core/ui/due.py.
const MINUS = "\u2212";
const HOUR = 3600;

function words(seconds, say) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  if (minutes === 0) return say.now;
  const sign = seconds < 0 ? MINUS : "";
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return sign + say.minutes.replace("{m}", minutes);
  if (hours < 24) return sign + say.hours.replace("{h}", hours).replace("{m}", String(minutes % 60).padStart(2, "0"));
  return sign + say.days.replace("{d}", Math.floor(hours / 24));
}

function tick() {
  const { dueNow: now, dueMinutes: minutes, dueHours: hours, dueDays: days } = document.body.dataset;
  if (!now) return;
  for (const badge of document.querySelectorAll("time[data-due]")) {
    const seconds = (Date.parse(badge.dateTime) - Date.now()) / 1000;
    if (badge.dataset.due === "date" && seconds > 4 * HOUR) continue;
    const left = badge.querySelector("[data-due-left]") ?? badge;
    const text = words(seconds, { now, minutes, hours, days });
    const tone = seconds < 0 ? "stop" : seconds <= HOUR ? "warn" : "";
    if (left.textContent !== text) left.textContent = text;
    if (badge.dataset.tone === tone) continue;
    badge.dataset.tone = tone;
    const row = badge.closest("[data-due-row]");
    if (row) row.dataset.tone = tone;
  }
}

setInterval(tick, 15_000);
document.addEventListener("htmx:afterSettle", tick);
document.addEventListener("visibilitychange", () => document.hidden || tick());

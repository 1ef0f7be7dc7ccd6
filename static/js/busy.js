// While the terminal is waited for, the page says so; the server guards against a second press anyway.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-busy-on-submit]");
  if (!form) return;
  if (form.dataset.busy) return event.preventDefault();
  form.dataset.busy = "1";
});
window.addEventListener("pageshow", () => document.querySelectorAll("[data-busy]").forEach((form) => delete form.dataset.busy));

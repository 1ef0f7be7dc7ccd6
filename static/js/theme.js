// The theme changes at once; the server keeps it in a cookie and draws the next page in it without a flash.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".theme-choices")) return;
  event.preventDefault();
  const theme = event.submitter?.value ?? "";
  const root = document.documentElement;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.querySelector("meta[name=color-scheme]").content = theme || "light dark";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === theme));
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), keepalive: true }).catch(() => null);
  if (answer?.ok) return;
  const chosen = document.createElement("input"); // a form that a script sends does not say which button was pressed
  Object.assign(chosen, { type: "hidden", name: event.submitter?.name ?? "", value: theme });
  form.append(chosen);
  form.submit(); // the plain way says what is wrong
});

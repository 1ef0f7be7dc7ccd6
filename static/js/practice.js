// In practice the barcode in the bar can be tapped instead of scanned; it goes through the scan field like any other.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-practice-scan]");
  if (!button) return;
  const input = document.querySelector("[data-scan-input]");
  if (!input) return document.querySelector("[data-practice-page]")?.click();
  input.value = button.dataset.practiceScan;
  input.form.requestSubmit();
});

// The list of all steps stays open while the bar is drawn anew.
let open = false;
document.addEventListener("htmx:beforeSwap", () => { open = Boolean(document.querySelector("#practice-more[open]")); });
document.addEventListener("htmx:afterSwap", () => {
  const more = document.getElementById("practice-more");
  if (more && open) more.open = true;
});

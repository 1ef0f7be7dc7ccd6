// Keyboard: / goes to the scan or search field, ? shows the keys, marked controls answer to one letter.
const typing = (element) => element?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const field = () => document.querySelector("[data-scan-input]") ?? document.querySelector("input[type=search]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/" && field()) {
    event.preventDefault();
    field().focus();
    field().select();
  } else if (event.key === "?") {
    const help = document.getElementById("keys");
    if (help && !help.open) help.showModal();
  } else if (!document.querySelector("[data-scan-input]")) {
    // A screen with a scan field gives every letter to the scanner.
    document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`)?.click();
  }
});

// The current tab is in sight on a narrow screen.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// A number pad for touch screens without keys; the field itself takes typing and pasting as ever.
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-pin-key]");
  const input = key?.closest("[data-pin-entry]").querySelector("input");
  if (!input) return;
  const pressed = key.dataset.pinKey;
  if (pressed === "clear") input.value = "";
  else if (pressed === "back") input.value = input.value.slice(0, -1);
  else if (input.value.length < input.maxLength) input.value += pressed;
  input.dispatchEvent(new Event("input", { bubbles: true }));
});

// With keys at hand the field is ready; on a phone that would open a keyboard over the pad.
const field = document.querySelector("[data-pin-entry] input");
if (field && matchMedia("(hover: hover) and (pointer: fine)").matches && !document.querySelector(".error-summary")) field.focus();

// Two sliders instead of two lists: the table's rows have the words of each setting. Without this the form asks for them.
const form = document.querySelector("[data-frontier]");
const lists = form ? [...form.querySelectorAll("select")] : [];
const take = document.querySelector("input[name=take]")?.form;

function tell() {
  const row = document.querySelector(`[data-setting="${lists.map((list) => list.value).join(":")}"]`);
  if (!row) return;
  document.getElementById("said").textContent = row.dataset.words;
  const mark = document.getElementById("chosen");
  mark.setAttribute("cx", row.dataset.x);
  mark.setAttribute("cy", row.dataset.y);
  document.querySelector("tr[aria-current]")?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  if (take) for (const list of lists) take.elements[list.name].value = list.value;
}

for (const list of lists) {
  const slider = document.createElement("input");
  const shown = document.createElement("output");
  Object.assign(slider, { type: "range", min: 0, max: list.options.length - 1, step: 1, value: list.selectedIndex, id: list.id });
  const say = () => {
    shown.textContent = list.selectedOptions[0].textContent;
    slider.setAttribute("aria-valuetext", shown.textContent);
  };
  slider.addEventListener("input", () => {
    list.selectedIndex = slider.value;
    say();
    tell();
  });
  list.removeAttribute("id");
  list.hidden = true;
  list.after(slider, shown);
  say();
}
form?.querySelector("input[type=submit]").remove();
tell();

// A link to a dialog opens it as one; without this module the same link shows it in place (:target).
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  const dialog = opener && document.getElementById(opener.dataset.dialogOpen);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
    (dialog.querySelector("[autofocus]") ?? dialog.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
    return;
  }
  const open = event.target.closest("dialog:modal");
  if (open && (event.target === open || event.target.closest("[data-dialog-close]"))) {
    event.preventDefault();
    open.close();
  }
});

// Menus close when somebody looks elsewhere.
document.addEventListener("click", (event) => closeMenus((menu) => !menu.contains(event.target)));
document.addEventListener("focusin", (event) => closeMenus((menu) => !menu.contains(event.target)));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  closeMenus((menu) => {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    return true;
  });
});

function closeMenus(when) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (when(menu)) menu.open = false;
}

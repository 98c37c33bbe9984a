// Ticks for many rows at once, and the questions that say how many they are about.
export function startChoices() {
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-check-all]");
    if (!all) return;
    for (const box of all.form.querySelectorAll(all.dataset.checkAll)) box.checked = all.checked;
  });
  // Before the question is asked: the form's own count goes into it.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-confirm-count]");
    if (!form) return;
    form.dataset.question ??= form.dataset.confirm;
    const count = form.querySelectorAll(form.dataset.confirmCount).length;
    if (count) form.dataset.confirm = form.dataset.question.replace("{n}", count);
    else delete form.dataset.confirm; // nothing to ask about: the server says what is missing
  }, true);
  // A form that came back with an error, or that the address asked for, stands open.
  const wanted = document.querySelector("[data-open-dialog]")?.dataset.openDialog;
  const dialog = wanted && document.getElementById(wanted);
  if (!dialog) return;
  dialog.showModal();
  dialog.querySelector("form :is(input:not([type=hidden]), select, textarea)")?.focus();
}

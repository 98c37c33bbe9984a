// Dialogs: opened by verbs, closed by Escape or a click beside them; and the question asked once before a verb acts.
const confirmed = new WeakSet();

function ask(question, verb) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("[data-question]").textContent = question;
  dialog.querySelector("[data-verb]").textContent = verb || dialog.querySelector("[data-verb]").textContent;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

async function intercept(event, asked, go) {
  if (confirmed.delete(asked)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await ask(asked.dataset.confirm, asked.dataset.confirmVerb)) {
    confirmed.add(asked);
    go();
  }
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      for (const [name, value] of new URLSearchParams(opener.dataset.fill ?? "")) {
        const field = dialog.querySelector("form")?.elements[name];
        if (field) field.value = value;
      }
      dialog.showModal();
      dialog.querySelector("form :is(input:not([type=hidden]), select, textarea)")?.focus();
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close();
  });
  const submitting = (event) => {
    const form = event.target.closest("form[data-confirm]");
    if (form) intercept(event, form, () => form.requestSubmit(event.submitter ?? undefined));
  };
  const following = (event) => {
    const link = event.target.closest("a[data-confirm]");
    if (link) intercept(event, link, () => link.click());
  };
  document.addEventListener("submit", submitting, true);
  document.addEventListener("click", following, true);
  // One press, one write: a form that is on its way is not sent twice.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || event.target.hasAttribute("hx-post")) return;
    setTimeout(() => event.target.querySelectorAll("[type=submit]").forEach((button) => (button.disabled = true)));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("[type=submit]:disabled").forEach((button) => (button.disabled = false));
  });
}

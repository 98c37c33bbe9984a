// Keyboard first: rows by j and k, verbs by their letter, `g` and a letter to go somewhere, `?` for help.
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-href], [data-row]")].filter((row) => row.offsetParent !== null);
const current = () => document.querySelector("main .is-current");

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + step))];
  current()?.classList.remove("is-current");
  next.classList.add("is-current");
  next.scrollIntoView({ block: "nearest" });
}

function open(row, apart = false) {
  const href = row?.dataset.href;
  if (!href) return false;
  if (apart) window.open(href, "_blank", "noopener");
  else location.assign(href);
  return true;
}

// A verb within the current row goes first; then the page's own.
function verb(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]:not(:disabled)`;
  return current()?.querySelector(wanted) ?? [...document.querySelectorAll(wanted)].find((each) => !each.closest("[data-row], [data-href]"));
}

let going = 0;
function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (typing(event.target) || document.querySelector("dialog[open]")) return false;
  const key = event.key;
  if (Date.now() - going < 1200) {
    going = 0;
    const goal = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (goal) return goal.click(), true;
  }
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1), true;
  if (key === "o" || (key === "Enter" && event.target === document.body)) return open(current());
  if (key === "/") return focusSearch();
  if (key === "?") return help(), true;
  if (key === "g" && document.querySelector("[data-go]")) return (going = Date.now()), true;
  const found = key.length === 1 && verb(key);
  if (found) found.click();
  return Boolean(found);
}

function focusSearch() {
  const field = document.getElementById("find") ?? document.querySelector(".ms-filter-search input");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function help() {
  const dialog = document.getElementById("help");
  const list = dialog?.querySelector("[data-page-keys]");
  if (!list) return;
  const seen = new Map();
  for (const element of document.querySelectorAll("[data-key]")) seen.set(element.dataset.key, label(element));
  for (const element of document.querySelectorAll("[data-go]")) seen.set(`g ${element.dataset.go}`, label(element));
  list.replaceChildren(
    ...[...seen].map(([key, text]) => {
      const [row, term, said, kbd] = ["div", "dt", "dd", "kbd"].map((name) => document.createElement(name));
      kbd.textContent = key;
      said.textContent = text;
      term.append(kbd);
      row.append(term, said);
      return row;
    }),
  );
  dialog.showModal();
}

function label(element) {
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll("kbd, .ms-nav-badge, svg")) part.remove();
  return copy.textContent.trim() || element.title;
}

// A live part that is refreshed keeps its current row.
function keepCurrent() {
  let kept;
  // Several parts may be under way at once: what one took away is remembered until somebody chooses another row.
  document.addEventListener("htmx:beforeSwap", () => (kept = current()?.dataset.rowId ?? kept));
  document.addEventListener("htmx:afterSettle", () => {
    if (kept && !current()) rows().find((row) => row.dataset.rowId === kept)?.classList.add("is-current");
  });
}

export function startKeys() {
  keepCurrent();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target) && !event.target.closest("dialog")) event.target.blur();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest?.("form[data-send-keys]")?.requestSubmit();
    else if (press(event)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-href]");
    if (!row || event.target.closest("a, button, input, label, select, summary, form") || getSelection().toString()) return;
    open(row, event.ctrlKey || event.metaKey);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) help();
  }, true);
}

// Keyboard first. Which key does what stands in one table (keys.py): the help dialog carries it, and here it is read.
// Verbs of the page have letters of their own (data-key); `g` and a letter goes where the navigation says (data-go).
import { current, jump, move, rows, select, startRows } from "./rows.js";

const WAIT = 1200; // milliseconds in which the letter after `g` is awaited
const TEXTUAL = "textarea, select, [contenteditable]:not([contenteditable=false]), input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
const typing = (target) => Boolean(target.closest?.(TEXTUAL));
// Arrows, Enter and the like belong to what has the focus, unless that is a row or nothing at all.
const idle = (target) => target === document.body || target.matches?.("main, [data-href], [data-row], .ms-skip");
const named = (event) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return (event.ctrlKey ? "Ctrl+" : "") + (event.metaKey ? "Meta+" : "") + key;
};

let going = 0;

// Each answers whether it has done anything; if not, the key is left to the browser.
const ACTIONS = {
  search: () => {
    const field = document.getElementById("find") ?? document.querySelector(".ms-filter-search input");
    field?.focus();
    field?.select();
    return Boolean(field);
  },
  palette: () => false, // palette.js hears it itself, also while typing
  go: () => Boolean(document.querySelector("[data-go]")) && Boolean((going = Date.now())),
  help: () => help(),
  leave: () => false,
  next: (event) => (event.key.length === 1 || idle(event.target)) && move(1),
  previous: (event) => (event.key.length === 1 || idle(event.target)) && move(-1),
  first: (event) => idle(event.target) && jump(false),
  last: (event) => idle(event.target) && jump(true),
  open: (event) => (event.key === "o" || idle(event.target)) && open(current()),
  unfold: () => {
    const summary = current()?.querySelector("summary");
    summary?.click();
    return Boolean(summary);
  },
  mark: () => {
    const box = current()?.querySelector("input[name=row], input[type=checkbox]");
    box?.click();
    return Boolean(box);
  },
  column: (event) => {
    const column = document.querySelector(`[data-column="${CSS.escape(event.key)}"]`);
    const row = column && rows().find((each) => column.contains(each));
    if (row) select(row);
    else column?.scrollIntoView({ block: "nearest" });
    return Boolean(column);
  },
  export: () => {
    const link = document.querySelector("main a[href*='export=csv']");
    link?.click();
    return Boolean(link);
  },
  send: () => false,
};
const BEFORE_VERBS = new Set(["mark"]); // of the row, where it has a box; else a page's own letter is meant

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
  const found = current()?.querySelector(wanted) ??
    [...document.querySelectorAll(wanted)].find((each) => !each.closest("[data-row], [data-href]"));
  found?.click();
  return Boolean(found);
}

function table() {
  const found = new Map();
  for (const row of document.querySelectorAll("#help [data-shortcut]")) {
    for (const key of row.dataset.keys.split(" ")) found.set(key, row.dataset.shortcut);
  }
  return found;
}

function press(event, shortcuts) {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return false; // an input method composes
  const key = named(event);
  if (shortcuts.get(key) === "send") return send(event.target);
  if (event.altKey || event.ctrlKey || event.metaKey || typing(event.target)) return false;
  if (document.querySelector("dialog[open]")) return false;
  if (Date.now() - going < WAIT) {
    going = 0;
    const goal = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (goal) return goal.click(), true;
  }
  const name = shortcuts.get(key);
  const act = () => Boolean(ACTIONS[name]?.(event));
  if (BEFORE_VERBS.has(name) && act()) return true;
  const later = !name || ["export", "mark"].includes(name);
  if (!later && act()) return true;
  return (key.length === 1 && verb(key)) || (later && act());
}

function send(target) {
  const form = target.closest?.("form[method=post i], form[hx-post]");
  if (!form || !(typing(target) || form.matches("[data-send-keys]"))) return false;
  form.requestSubmit(form.querySelector("[type=submit]:not(:disabled)") ?? undefined);
  return true;
}

function help() {
  const dialog = document.getElementById("help");
  const list = dialog?.querySelector("[data-page-keys]");
  if (!list || dialog.open) return false;
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
  return true;
}

function label(element) {
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll("kbd, .ms-nav-badge, svg, [hidden]")) part.remove();
  return element.getAttribute("aria-label") || copy.textContent.trim() || element.title;
}

export function startKeys() {
  startRows();
  const shortcuts = table();
  for (const element of document.querySelectorAll("[data-key]")) element.setAttribute("aria-keyshortcuts", element.dataset.key);
  document.addEventListener("keydown", (event) => {
    const leaves = event.key === "Escape" && !event.isComposing && typing(event.target) && !event.target.closest("dialog");
    if (leaves) event.target.blur();
    else if (press(event, shortcuts)) event.preventDefault();
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

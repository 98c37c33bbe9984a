// What the wall says aloud: each cause once, on whatever page of this browser it came first; heard, shown to those who
// cannot hear it, and told on the desktop unless one has it in hand already.
import { notify } from "./notices.js";
import { KINDS, play } from "./sound.js";

const root = document.documentElement;
const KEPT = 24 * 3600000; // milliseconds for which a cause is remembered as heard
const SHOWN = 60000; // milliseconds for which an alert stays on the screen
const FLASH = 4000;
const MOST = 4; // alerts on the screen, notices at a time

// A cause that turns out to hit the best grade is told once more.
const mark = (row) => (row.dataset.alertKind === "aaa" ? "!" : "");
const keyOf = (row) => row.dataset.alertKey + mark(row);
const coversOf = (row) => (row.dataset.alertCovers ?? "").split(" ").filter(Boolean).map((key) => key + mark(row));

function heard() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("heard") ?? "{}");
  } catch {
    // what cannot be read was never heard
  }
  return new Map(Object.entries(kept).filter(([, at]) => Date.now() - at < KEPT));
}

function remember(rows) {
  const known = heard();
  for (const row of rows) {
    for (const key of [keyOf(row), ...coversOf(row)]) {
      known.set(key, Date.now());
      known.set(key.replace("!", ""), Date.now());
    }
  }
  localStorage.setItem("heard", JSON.stringify(Object.fromEntries(known)));
}

// What stands when the page is opened is on the screen anyway.
export function startAlerts(rows) {
  remember(rows.filter((row) => row.dataset.alert !== undefined));
  document.addEventListener("click", (event) => {
    event.target.closest("[data-shut]")?.closest(".ms-alert")?.remove();
    const link = event.target.closest(".ms-alert a[data-shows]");
    if (link && document.getElementById(link.dataset.shows)) {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("mainstay:show", { detail: { id: link.dataset.row } }));
    }
  });
}

export function tell(rows) {
  const known = heard();
  const loud = rows.filter((row) => row.dataset.alert !== undefined);
  const isNew = (row) => {
    const covers = coversOf(row);
    return !known.has(keyOf(row)) && (!covers.length || covers.some((key) => !known.has(key)));
  };
  const told = new Set(); // two rows about one cause are one
  const fresh = loud
    .filter(isNew)
    .sort((a, b) => rank(a) - rank(b))
    .filter((row) => !told.has(row.dataset.alertKey) && told.add(row.dataset.alertKey));
  if (!fresh.length) return;
  remember(fresh);
  play(fresh[0].dataset.alertKind);
  flash(fresh[0].dataset.alertKind);
  for (const row of fresh.slice(0, MOST)) {
    display(row);
    if (row.dataset.mine === undefined) notify(noticeOf(row));
  }
}

const rank = (row) => KINDS.indexOf(row.dataset.alertKind);
const titleOf = (row) => row.dataset.alertTitle ?? row.querySelector(".ms-wall-title, .row-link")?.textContent.trim() ?? "";

function noticeOf(row) {
  const id = row.dataset.rowId;
  return {
    title: titleOf(row),
    body: row.dataset.alert,
    tag: row.dataset.alertKey,
    show: () => document.dispatchEvent(new CustomEvent("mainstay:show", { detail: { id } })),
  };
}

// For those who cannot hear it: the edge of the page flashes, and what it is stays to be read.
function flash(kind) {
  root.dataset.alerting = kind;
  setTimeout(() => delete root.dataset.alerting, FLASH);
}

function display(row) {
  const box = document.getElementById("wall-alerts");
  const template = document.querySelector(`template[data-tune="${row.dataset.alertKind}"]`);
  if (!box || !template) return;
  const made = template.content.cloneNode(true).firstElementChild;
  const link = made.querySelector("a");
  link.textContent = `${titleOf(row)} · ${row.dataset.alert}`;
  link.href = row.dataset.href ?? row.getAttribute("href") ?? "#";
  link.dataset.shows = row.id;
  link.dataset.row = row.dataset.rowId;
  box.prepend(made);
  for (const old of [...box.children].slice(MOST)) old.remove();
  setTimeout(() => made.remove(), SHOWN);
}

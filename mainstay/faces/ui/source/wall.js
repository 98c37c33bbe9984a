// The wall: rows that were not there before are marked in place, the ones that matter are told, and nothing jumps:
// a refresh keeps the order on the screen; the list is put in order when asked, or when nobody has touched it for a while.
import { startAlerts, tell } from "./parts/alerts.js";
import { select } from "./parts/rows.js";

const root = document.documentElement;
const MARKED = 60000; // milliseconds for which a new row stays marked
const IDLE = 30000; // milliseconds without a touch after which lists put themselves in order
const FORGOTTEN = 120000; // milliseconds after which a pointer left on a row holds it no longer
const seen = new Map(); // row → when it was first seen; 0: it was there from the start
const rows = () => [...document.querySelectorAll("[data-row-id]:not(.is-gone)")];
const lists = () => document.querySelectorAll("[data-sorted]");
const unfolded = (row) => row.parentElement.closest("[data-keep]"); // fetched on request: neither new nor loud

for (const row of rows()) seen.set(row.dataset.rowId, 0);
startAlerts(rows());

function look() {
  const at = Date.now();
  for (const row of rows()) if (!seen.has(row.dataset.rowId)) seen.set(row.dataset.rowId, unfolded(row) ? 0 : at);
  mark();
  tell(rows().filter((row) => !unfolded(row)));
}

// A refresh takes the marks away; they come back until their time is over.
function mark() {
  for (const row of rows()) row.classList.toggle("is-new", Date.now() - (seen.get(row.dataset.rowId) ?? 0) < MARKED);
  offer();
}

// The row somebody points at or works in: nothing may move it.
let touched = 0;
function held() {
  if (Date.now() - touched > FORGOTTEN) return null;
  const focused = document.activeElement?.closest?.("[data-sorted] > [data-row-id]");
  return focused ?? document.querySelector("[data-sorted] > [data-row-id]:hover");
}

// What the server sends is put into the order that is on the screen before it is shown; rows that went stay, dimmed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  const shown = target?.matches?.("[data-live]") ? [...target.querySelectorAll("[data-sorted]")] : [];
  if (!shown.length || event.detail.xhr.status !== 200) return;
  const sent = new DOMParser().parseFromString(serverResponse, "text/html");
  for (const list of shown) {
    const fresh = sent.getElementById(list.id);
    if (fresh) keepOrder(list, fresh);
  }
  event.detail.serverResponse = sent.body.innerHTML;
});

// What changed above the held row may be higher now: the page moves along, so that the row does not.
let stood;
document.addEventListener("htmx:beforeSwap", () => {
  const row = held();
  stood = row && { id: row.id, top: row.getBoundingClientRect().top };
});
document.addEventListener("htmx:afterSwap", () => {
  const row = stood && document.getElementById(stood.id);
  const moved = row ? row.getBoundingClientRect().top - stood.top : 0;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
});

function keepOrder(list, fresh) {
  const sent = new Map([...fresh.children].filter((row) => row.id).map((row) => [row.id, row]));
  if (!sent.size) return;
  const before = [...list.children].filter((row) => row.id);
  const added = [...sent.values()].filter((row) => !document.getElementById(row.id));
  const kept = before.map((row) => sent.get(row.id) ?? gone(row));
  const order = added.length === sent.size ? [...sent.values()] : kept;
  const hold = order.findIndex((row) => row.id === held()?.id);
  for (const row of added) if (!order.includes(row)) order.splice(Math.max(place(order, row), hold + 1), 0, row);
  fresh.replaceChildren(...order);
}

function gone(row) {
  const copy = row.cloneNode(true);
  copy.classList.add("is-gone");
  return copy;
}

// A new row comes before the first one that ranks behind it, but never before the held one.
function place(order, row) {
  const at = order.findIndex((other) => !other.classList.contains("is-gone") && other.dataset.sortKey > row.dataset.sortKey);
  return at < 0 ? order.length : at;
}

document.addEventListener("htmx:afterSettle", look);
setInterval(mark, 5000);

for (const kind of ["pointermove", "pointerdown", "keydown", "wheel"]) {
  addEventListener(kind, () => (touched = Date.now()), { passive: true });
}
setInterval(() => {
  if (Date.now() - touched > IDLE && !held()) order();
}, 5000);

function order() {
  for (const list of lists()) sort(list);
  offer();
}

// A row says its place by data-sort-key, as text that compares rightly.
const key = (row) => row.dataset.sortKey ?? "";
const inOrder = (list) => [...list.children].every((row, index, all) => !index || key(all[index - 1]) <= key(row));
function sort(list) {
  for (const row of list.querySelectorAll(":scope > .is-gone")) row.remove();
  if (!inOrder(list)) list.append(...[...list.children].sort((a, b) => (key(a) < key(b) ? -1 : 1)));
}

// The button appears when there is something to put in order, and says how much of it is new.
function offer() {
  const button = document.querySelector("[data-sort-now]");
  const said = button?.querySelector("[data-sort-count]");
  if (!said) return;
  const fresh = document.querySelectorAll("[data-sorted] > .is-new").length;
  button.hidden = ![...lists()].some((list) => !inOrder(list) || list.querySelector(":scope > .is-gone"));
  said.textContent = fresh ? said.dataset.text.replace("{n}", fresh) : said.dataset.textNone;
}

// Big: for a screen that is read from across the room. Remembered on this machine.
function setBig(big) {
  root.dataset.big = big ? "on" : "off";
  localStorage.setItem("wall-big", root.dataset.big);
}
setBig(localStorage.getItem("wall-big") === "on");

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-sort-now]")) order();
  if (event.target.closest("button[data-big]")) {
    setBig(root.dataset.big !== "on");
    if (root.dataset.big === "on") root.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
  }
});
offer();

// A notice was clicked, or an address names a row: go there.
function show(id) {
  const row = rows().find((each) => each.dataset.rowId === id);
  if (row) select(row);
}
document.addEventListener("mainstay:show", (event) => show(event.detail.id));

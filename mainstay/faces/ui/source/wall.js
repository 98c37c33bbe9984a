// The wall: rows that were not there before are marked in place, and the ones that matter are heard.
const MARKED = 60000; // milliseconds for which a new row stays marked
const seen = new Map(); // row → when it was first seen; 0: it was there from the start
const rows = () => document.querySelectorAll("[data-row-id]");

for (const row of rows()) seen.set(row.dataset.rowId, 0);

function look() {
  const fresh = [...rows()].filter((row) => !seen.has(row.dataset.rowId));
  for (const row of fresh) seen.set(row.dataset.rowId, Date.now());
  mark();
  const loud = fresh.find((row) => row.dataset.alert !== undefined);
  if (!loud) return;
  const title = loud.dataset.alertTitle ?? loud.querySelector(".ms-wall-title, .row-link")?.textContent.trim() ?? "";
  document.dispatchEvent(new CustomEvent("mainstay:alert", { detail: { title, body: loud.dataset.alert, url: loud.dataset.href } }));
}

// A refresh takes the marks away; they come back until their time is over.
function mark() {
  for (const row of rows()) row.classList.toggle("is-new", Date.now() - seen.get(row.dataset.rowId) < MARKED);
}

document.addEventListener("htmx:afterSettle", look);
setInterval(mark, 5000);

// The list is put in order anew when asked, or when nobody has touched anything for half a minute.
let touched = Date.now();
for (const kind of ["pointermove", "keydown", "wheel"]) addEventListener(kind, () => (touched = Date.now()), { passive: true });
setInterval(() => {
  if (Date.now() - touched > 30000) for (const list of document.querySelectorAll("[data-sorted]")) sort(list);
}, 5000);
document.addEventListener("click", (event) => {
  const wanted = event.target.closest("[data-sort-now]");
  if (wanted) for (const list of document.querySelectorAll(wanted.dataset.sortNow || "[data-sorted]")) sort(list);
});

// A row says its place by data-sort-key, as text that compares rightly.
function sort(list) {
  const key = (row) => row.dataset.sortKey ?? "";
  const wanted = [...list.children].sort((a, b) => key(a).localeCompare(key(b), "en"));
  if (wanted.some((row, index) => row !== list.children[index])) list.append(...wanted);
}

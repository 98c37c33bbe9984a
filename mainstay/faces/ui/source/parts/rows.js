// The current row of a page: one at a time, with the focus (roving tabindex), kept while live parts are refreshed.
const LISTS = "tbody, .ms-wall-list, .ms-rows, .ms-tree";

export const rows = () =>
  [...document.querySelectorAll("main [data-href], main [data-row]")].filter((row) => row.offsetParent !== null);
export const current = () => document.querySelector("main .is-current");

let kept; // the row id of the current row, and where it stood
let place = 0;

export function select(row, { focus = true } = {}) {
  const before = current();
  if (before !== row) {
    before?.classList.remove("is-current");
    before?.removeAttribute("aria-current");
  }
  row.classList.add("is-current");
  row.setAttribute("aria-current", "true");
  kept = row.dataset.rowId;
  place = rows().indexOf(row);
  rove(row);
  if (focus) row.focus({ preventScroll: true });
  if (focus) row.scrollIntoView({ block: "nearest" });
}

export function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(current());
  const lost = kept !== undefined && at < 0; // the row went away: go on where it stood
  const wanted = at >= 0 ? at + step : lost ? place - (step < 0 ? 1 : 0) : step > 0 ? 0 : all.length - 1;
  select(all[Math.max(0, Math.min(all.length - 1, wanted))]);
  return true;
}

export function jump(end) {
  const all = rows();
  if (!all.length || !current()) return false;
  select(end ? all[all.length - 1] : all[0]);
  return true;
}

// In every list one row can be reached by Tab: the current one, else the first.
function rove(chosen = current()) {
  for (const list of document.querySelectorAll(LISTS)) {
    const own = [...list.querySelectorAll(":scope > [data-href], :scope > [data-row]")];
    const stop = own.includes(chosen) ? chosen : own[0];
    for (const row of own) row.tabIndex = row === stop ? 0 : -1;
  }
}

export function startRows() {
  rove();
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("main [data-href], main [data-row]");
    if (row && row !== current() && event.target.matches(":focus-visible")) select(row, { focus: false });
  });
  document.addEventListener("htmx:beforeSwap", () => (kept = current()?.dataset.rowId ?? kept));
  document.addEventListener("htmx:afterSettle", () => {
    const again = kept && !current() && rows().find((row) => row.dataset.rowId === kept);
    if (again) select(again, { focus: false });
    else rove();
  });
}

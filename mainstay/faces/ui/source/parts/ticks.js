// Ticked rows, the bar that counts them, and the order of columns.
const boxes = () => [...document.querySelectorAll("input[name=row][form=bulk]")];

function count() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const all = bar.querySelector("[data-bulk-all]");
  const rows = boxes();
  const ticked = rows.filter((box) => box.checked).length;
  bar.querySelector("[data-bulk-count]").textContent = ticked;
  bar.classList.toggle("is-idle", !ticked && !all?.checked);
  bar.classList.toggle("is-all", Boolean(all?.checked));
  const head = document.querySelector("[data-pick-all]");
  if (!head) return;
  head.checked = ticked > 0 && ticked === rows.length;
  head.indeterminate = ticked > 0 && ticked < rows.length;
}

function move(button) {
  const item = button.closest("li");
  const step = Number(button.dataset.move);
  const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other || other.querySelector("input:disabled")) return;
  if (step < 0) other.before(item);
  else other.after(item);
  button.focus();
}

export function startTicks() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches("[data-pick-all], [data-bulk-all], input[name=row]")) count();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-columns] [data-move]");
    if (button) move(button);
  });
  document.addEventListener("htmx:afterSettle", count);
  // Coming back to the page, the browser may have kept the ticks.
  addEventListener("pageshow", count);
  count();
}

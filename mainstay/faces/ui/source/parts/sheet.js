// A sheet of cells: arrows and Enter go from row to row within a column, as in a spreadsheet.
export function startSheets() {
  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("[data-sheet] .ms-cell");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const isList = cell.tagName === "SELECT";
    const down = event.key === "Enter" || (event.key === "ArrowDown" && !isList);
    const up = (event.key === "Enter" && event.shiftKey) || (event.key === "ArrowUp" && !isList);
    if (!down && !up) return;
    const row = cell.closest("tr");
    const place = [...row.querySelectorAll(".ms-cell")].indexOf(cell);
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    const next = other?.querySelectorAll(".ms-cell")[place];
    event.preventDefault(); // Enter in a cell must not send the form
    if (!next) return;
    next.focus();
    next.select?.();
  });
}

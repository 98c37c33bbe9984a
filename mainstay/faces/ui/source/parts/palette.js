// Ctrl-K: find anything one may see. The server answers with a fragment of links; arrows choose, Enter opens.
export function startPalette() {
  noteWhatIsOpened();
  const palette = document.getElementById("palette");
  const url = document.body.dataset.findUrl;
  if (!palette || !url) return;
  const field = palette.querySelector("[data-palette-input]");
  const results = palette.querySelector("[data-palette-results]");
  const start = results.innerHTML;
  let asked = 0;
  let timer;

  const items = () => [...results.querySelectorAll("a")];
  const choose = (step) => {
    const all = items();
    if (!all.length) return;
    const at = all.findIndex((each) => each.classList.contains("is-current"));
    all[at]?.classList.remove("is-current");
    const next = all[(Math.max(at, step < 0 ? 0 : -1) + step + all.length) % all.length];
    next.classList.add("is-current");
    next.scrollIntoView({ block: "nearest" });
  };
  const show = (html) => {
    results.innerHTML = html;
    choose(1);
  };
  const find = async () => {
    const text = field.value.trim();
    const own = ++asked;
    if (!text) return show(start);
    const response = await fetch(`${url}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true", "X-Palette": "1" } });
    if (own === asked && response.ok) show(await response.text());
  };
  const open = () => {
    if (!palette.open) palette.showModal();
    field.value = "";
    show(start);
    field.focus();
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would only be emptied
      palette.close();
    }
    if (event.key === "Enter") {
      event.preventDefault();
      results.querySelector("a.is-current")?.click();
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
}

// What is opened from what was found comes nearer the top: told to the server without waiting for it.
function noteWhatIsOpened() {
  const url = document.body.dataset.findUrl;
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  if (!url || !token) return;
  const note = (event) => {
    const found = event.target.closest?.("a[data-found-kind]");
    if (!found || event.button > 1) return;
    const told = new FormData();
    told.append("csrfmiddlewaretoken", token);
    told.append("kind", found.dataset.foundKind);
    told.append("id", found.dataset.foundId);
    navigator.sendBeacon(`${url}/opened`, told);
  };
  document.addEventListener("click", note);
  document.addEventListener("auxclick", note);
}

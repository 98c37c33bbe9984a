// The reader's choices of look: theme, folded sidebar, menus; and small things every page has.
const root = document.documentElement;

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

function setTheme(theme) {
  remember("theme", theme);
  root.dataset.theme = theme;
  root.dispatchEvent(new Event("mainstay:theme"));
  document.dispatchEvent(new CustomEvent("mainstay:theme", { detail: root.dataset.bsTheme }));
}

async function copy(button) {
  await toClipboard(button.dataset.copy);
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1200);
  if (button.dataset.copied) toast(button.dataset.copied);
}

// Browsers give the clipboard to pages over HTTPS only; a house without it copies by way of a selection.
async function toClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

const PRESSED = {
  "[data-set-theme]": (element) => setTheme(element.dataset.setTheme),
  "[data-fold]": () => {
    root.dataset.sidebar = root.dataset.sidebar === "folded" ? "open" : "folded";
    remember("sidebar", root.dataset.sidebar);
  },
  "[data-nav-open]": () => (root.dataset.nav = root.dataset.nav === "open" ? "" : "open"),
  "[data-nav-close]": () => (root.dataset.nav = ""),
  "[data-back]": () => history.back(),
  "[data-copy]": copy,
  "[data-print]": () => print(),
  "[data-dismiss]": (element) => element.closest(".ms-toast").remove(),
};

export function toast(text, level = "success") {
  const made = document.getElementById("toast-template").content.cloneNode(true).firstElementChild;
  made.classList.add(`ms-toast-${level}`);
  made.querySelector("span").textContent = text;
  document.getElementById("toasts").append(made);
  if (level === "success" || level === "info") setTimeout(() => made.remove(), 6000);
}

// Sections of the navigation fold; which are folded is kept in this browser. The page one is on stays in sight.
const FOLDED = "mainstay:nav";

function startNavigation() {
  const folded = new Set((localStorage.getItem(FOLDED) ?? "").split(" "));
  for (const head of document.querySelectorAll("[data-nav-section]")) {
    const name = head.dataset.navSection;
    head.ariaExpanded = String(!folded.has(name));
    head.addEventListener("click", () => {
      folded.has(name) ? folded.delete(name) : folded.add(name);
      head.ariaExpanded = String(!folded.has(name));
      localStorage.setItem(FOLDED, [...folded].filter(Boolean).join(" "));
    });
  }
  const bar = document.getElementById("sidebar");
  const active = bar?.querySelector(".ms-nav-item.active");
  if (active && active.offsetTop + 60 > bar.clientHeight) bar.scrollTop = active.offsetTop - bar.clientHeight / 2;
}

export function startLook() {
  startNavigation();
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".ms-menu[open]")) {
      if (!menu.contains(event.target) || event.target.closest(".ms-menu-list")) menu.open = false;
    }
    for (const [selector, act] of Object.entries(PRESSED)) {
      const element = event.target.closest?.(selector);
      if (element) act(element);
    }
  });
  for (const tabs of document.querySelectorAll(".ms-tabs")) {
    const active = tabs.querySelector(".active");
    if (active) tabs.scrollLeft = active.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - active.clientWidth) / 2;
  }
  for (const shown of document.querySelectorAll(".ms-toast-success, .ms-toast-info")) setTimeout(() => shown.remove(), 6000);
  document.body.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.level));
}

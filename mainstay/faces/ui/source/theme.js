// Sets the theme before the page is painted: what the cookie says, or what the system prefers.
{
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wanted = root.dataset.theme || "auto";
    root.dataset.bsTheme = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
  };
  dark.addEventListener("change", apply);
  root.addEventListener("mainstay:theme", apply);
  try {
    root.dataset.sound = localStorage.getItem("sound") === "on" ? "on" : "off";
  } catch {
    root.dataset.sound = "off";
  }
  apply();
}

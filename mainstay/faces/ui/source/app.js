// The script of every page: live parts, ticking times, keys, the palette, dialogs.
import htmx from "htmx.org/dist/htmx.esm.js";
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";
import { startChoices } from "./parts/choices.js";
import { startDialogs } from "./parts/dialogs.js";
import { startFilters } from "./parts/filters.js";
import { startKeys } from "./parts/keys.js";
import { startLive } from "./parts/live.js";
import { startLook } from "./parts/look.js";
import { startNotices } from "./parts/notices.js";
import { startPalette } from "./parts/palette.js";
import { startSheets } from "./parts/sheet.js";
import { startTicks } from "./parts/ticks.js";
import { startSound } from "./parts/sound.js";
import { startTimes } from "./parts/times.js";

const ROVING = new Set(["tabindex", "aria-current"]); // where the keyboard is, nobody else decides
window.htmx = htmx;
// A live part changes in place: what is open stays open, what has the focus keeps it, nothing jumps.
htmx.defineExtension("morph", {
  isInlineSwap: (style) => style.startsWith("morph"),
  handleSwap(style, target, fragment) {
    if (!style.startsWith("morph")) return false;
    const inner = style === "morph" || style === "morph:innerHTML";
    const keep = (node) => !(node instanceof Element && node.matches("[data-keep]"));
    const callbacks = {
      beforeNodeMorphed: keep,
      beforeAttributeUpdated: (name, node) =>
        !(name === "open" && node.matches("details, dialog")) && !(ROVING.has(name) && node.matches("[data-href]")),
    };
    return Idiomorph.morph(target, fragment.children.length || inner ? fragment.childNodes : [], {
      morphStyle: inner ? "innerHTML" : "outerHTML",
      callbacks,
    });
  },
});
document.body.setAttribute("hx-ext", "morph");

startLook();
startChoices();
startDialogs();
startFilters();
startTimes();
startKeys();
startPalette();
startTicks();
startSheets();
startSound();
startNotices();
startLive(htmx);
document.documentElement.dataset.ready = "";

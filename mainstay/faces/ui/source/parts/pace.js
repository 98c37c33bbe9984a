// How often may a live part be fetched anew? Once a second at most; less often when the server is slow or refuses;
// not at all while the page is hidden. News that come meanwhile become one fetch afterwards.
const SETTLE = 300; // milliseconds: news come in bursts
const LEAST = 1000;
const MOST = 30000;
const SHARE = 3; // a part rests three times as long as the server took for it
const LOST = 60000; // an answer that has not come by then never will

const paces = new Map(); // part id → how it does

function paceOf(part) {
  if (!paces.has(part.id)) paces.set(part.id, { gap: LEAST, next: 0, asked: 0, wanted: false, timer: undefined });
  return paces.get(part.id);
}

export function startPace(htmx) {
  const go = (id) => {
    const [pace, part] = [paces.get(id), document.getElementById(id)];
    pace.timer = undefined;
    if (!part || document.hidden) return; // still wanted: asked for when the page is seen again
    pace.wanted = false;
    pace.asked = Date.now();
    htmx.trigger(part, "live");
  };
  const plan = (part) => {
    const pace = paceOf(part);
    const busy = pace.asked && Date.now() - pace.asked < LOST;
    if (!pace.wanted || busy || pace.timer || document.hidden) return;
    pace.timer = setTimeout(go, Math.max(SETTLE, pace.next - Date.now()), part.id);
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    const part = event.detail.elt;
    if (!part?.id || !paces.has(part.id)) return;
    const pace = paces.get(part.id);
    const took = pace.asked ? Date.now() - pace.asked : 0;
    pace.gap = event.detail.successful ? Math.max(LEAST, took * SHARE) : pace.gap * 2;
    pace.gap = Math.min(MOST, pace.gap);
    pace.next = Date.now() + pace.gap;
    pace.asked = 0;
    const shown = document.getElementById(part.id);
    if (shown) plan(shown);
  });
  return (part) => {
    if (!part.id) return htmx.trigger(part, "live"); // nothing to know it by
    paceOf(part).wanted = true;
    plan(part);
  };
}

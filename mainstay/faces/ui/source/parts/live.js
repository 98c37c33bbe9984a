// Keeps the live parts of a page current: by the event stream, or every two seconds while the stream is away.
import { startPace } from "./pace.js";
import { setServerNow } from "./times.js";

const root = document.documentElement;
const POLL = 2000;

export function startLive(htmx) {
  const url = document.body.dataset.liveUrl;
  const parts = () => [...document.querySelectorAll("[data-live]")];
  if (!parts().length && !url) return;
  const fetchAnew = startPace(htmx);
  let polling;

  const wants = (part, kind) => part.dataset.live.split(/\s+/).some((own) => kind === own || kind.startsWith(`${own}.`));
  const heard = (kind, detail) => {
    document.dispatchEvent(new CustomEvent("mainstay:live", { detail: { ...detail, kind } }));
    for (const part of parts()) if (kind === "*" || wants(part, kind)) fetchAnew(part);
  };
  const poll = () => {
    if (!document.hidden) for (const part of parts()) fetchAnew(part);
  };
  const setStream = (state) => {
    root.dataset.stream = state;
    if (state === "live") {
      clearInterval(polling);
      polling = undefined;
    } else {
      polling ??= setInterval(poll, POLL);
    }
  };
  const read = (event) => {
    setStream("live");
    let detail = {};
    try {
      detail = JSON.parse(event.data);
    } catch {
      // An event may carry a bare word instead of JSON; its kind is then its name.
    }
    if (detail.now) setServerNow(detail.now);
    heard(detail.kind ?? event.type, detail);
  };
  const listen = () => {
    const source = new EventSource(url, { withCredentials: true });
    let missed = false;
    source.onopen = () => {
      setStream("live");
      if (missed) heard("*", {});
      missed = false;
    };
    source.onmessage = read;
    const kinds = new Set(["message", ...parts().flatMap((part) => part.dataset.live.split(/\s+/))]);
    for (const kind of kinds) source.addEventListener(kind, read);
    source.onerror = () => {
      missed = true;
      setStream("away");
      // The browser reconnects by itself, unless the server refused.
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 10000);
    };
    addEventListener("pagehide", () => source.close(), { once: true });
  };
  if (url && "EventSource" in window) listen();
  else setStream("polled");
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) poll();
  });
}

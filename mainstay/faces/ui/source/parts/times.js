// Ticks clocks and relative times from the server's time. The words are those of words.py.
const ZH = document.documentElement.lang.startsWith("zh");
const UNITS = ZH ? { d: "天", h: "小时", min: "分", s: "秒" } : { d: "d", h: "h", min: "min", s: "s" };
const SAY = ZH
  ? { left: (t) => `剩 ${t}`, over: (t) => `超时 ${t}`, ago: (t) => `${t}前`, ahead: (t) => `${t}后`, now: "刚刚" }
  : { left: (t) => `${t} left`, over: (t) => `${t} over`, ago: (t) => `${t} ago`, ahead: (t) => `in ${t}`, now: "just now" };

let offset = 0; // server's clock − browser's clock, in milliseconds

export const serverNow = () => Date.now() + offset;

export function setServerNow(text) {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) offset = at - Date.now();
}

export function duration(seconds, short = false) {
  const whole = Math.floor(Math.abs(seconds));
  const [d, h, min, s] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60];
  const say = (n, unit) => `${n} ${UNITS[unit]}`;
  const pair = (large, small) => (short || !small ? large : `${large} ${small}`);
  if (d) return pair(say(d, "d"), h && say(h, "h"));
  if (h) return pair(say(h, "h"), min && say(min, "min"));
  if (min) return pair(say(min, "min"), min < 5 && s && say(s, "s"));
  return say(s, "s");
}

export function relative(at, now = serverNow()) {
  const seconds = (now - at) / 1000;
  if (Math.abs(seconds) < 10) return SAY.now;
  return seconds > 0 ? SAY.ago(duration(seconds, true)) : SAY.ahead(duration(seconds, true));
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tickClock(clock, now) {
  const passed = (now - Date.parse(clock.dataset.asOf)) / 1000;
  const remaining = Number(clock.dataset.remaining) - passed;
  const total = Number(clock.dataset.total);
  const share = total > 0 ? Math.max(0, Math.min(1, remaining / total)) : 1;
  const over = remaining < 0;
  write(clock.querySelector(".ms-clock-words"), over ? SAY.over(duration(remaining)) : SAY.left(duration(remaining)));
  clock.classList.toggle("is-short", total > 0 && share < 0.25);
  clock.classList.toggle("is-over", over);
  clock.classList.toggle("ms-clock-breached", over);
  clock.classList.toggle("ms-clock-running", !over);
  clock.querySelector(".ms-clock-fill")?.setAttribute("width", over ? "100" : (share * 100).toFixed(1));
}

export function tick() {
  const now = serverNow();
  for (const clock of document.querySelectorAll("[data-clock]")) tickClock(clock, now);
  for (const time of document.querySelectorAll("time[data-relative]")) write(time, relative(Date.parse(time.dateTime), now));
  for (const time of document.querySelectorAll("[data-relative-to]")) write(time, relative(Date.parse(time.dataset.relativeTo), now));
  for (const time of document.querySelectorAll("time[data-since]")) write(time, duration((now - Date.parse(time.dateTime)) / 1000, true));
}

export function startTimes() {
  setServerNow(document.body.dataset.serverNow);
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tick);
}

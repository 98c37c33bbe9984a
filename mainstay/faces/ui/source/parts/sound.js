// What must not be missed is heard: a tune of its own for each kind, once per cause. Asked for, remembered, and muted for
// a quarter of an hour at a time. Until the browser allows sound, the page says so.
const root = document.documentElement;
const MUTED = 15 * 60000;
const APART = 3000; // milliseconds between two tunes: a storm is not a siren
// Notes: pitch in hertz, begin and length in seconds. Quiet enough for a shared room.
const TUNES = {
  aaa: [[880, 0, 0.15], [660, 0.16, 0.15], [880, 0.32, 0.15], [660, 0.48, 0.15]],
  clock: [[1175, 0, 0.07], [1175, 0.12, 0.07], [1175, 0.24, 0.07]],
  silent: [[262, 0, 0.6]],
  down: [[880, 0, 0.15], [660, 0.16, 0.15]],
};
export const KINDS = Object.keys(TUNES); // the most urgent first

let audio;
let last = 0;

const mutedFor = () => Math.max(0, Number(localStorage.getItem("mute-until") ?? 0) - Date.now());

export function play(kind) {
  if (root.dataset.sound !== "on" || mutedFor() || Date.now() - last < APART) return;
  last = Date.now();
  sing(TUNES[kind] ?? TUNES.down);
}

function sing(notes, from = 0) {
  const allowed = context();
  for (const [pitch, begin, length] of notes) {
    const at = allowed.currentTime + from + begin;
    const [tone, volume] = [allowed.createOscillator(), allowed.createGain()];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.15, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + length);
    tone.connect(volume).connect(allowed.destination);
    tone.start(at);
    tone.stop(at + length + 0.01);
  }
}

// All tunes one after the other, muted or not: who asks wants to hear them.
function test() {
  KINDS.forEach((kind, index) => sing(TUNES[kind], index * 1.1));
}

function context() {
  if (!audio) {
    audio = new AudioContext();
    audio.addEventListener("statechange", show);
  }
  if (audio.state === "suspended") audio.resume().catch(() => {});
  return audio;
}

function show() {
  const wanted = root.dataset.sound === "on";
  root.toggleAttribute("data-sound-blocked", wanted && audio !== undefined && audio.state !== "running");
  const left = Math.ceil(mutedFor() / 60000);
  root.toggleAttribute("data-muted", wanted && left > 0);
  for (const button of document.querySelectorAll("button[data-sound]")) button.setAttribute("aria-pressed", String(wanted));
  for (const said of document.querySelectorAll("[data-muted-for]")) said.textContent = said.dataset.mutedFor.replace("{n}", left);
  for (const button of document.querySelectorAll("[data-mute]")) button.setAttribute("aria-pressed", String(left > 0));
}

export function startSound() {
  const pressed = {
    "button[data-sound]": () => {
      root.dataset.sound = root.dataset.sound === "on" ? "off" : "on";
      localStorage.setItem("sound", root.dataset.sound);
      if (root.dataset.sound === "on") sing(TUNES.down);
    },
    "[data-sound-allow]": () => context(),
    "[data-sound-test]": test,
    "[data-mute]": () => localStorage.setItem("mute-until", mutedFor() ? 0 : Date.now() + MUTED),
  };
  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(pressed)) if (event.target.closest(selector)) act();
    if (audio?.state === "suspended") context(); // any click is what the browser waits for
    show();
  });
  addEventListener("storage", show); // another page of this browser has muted
  if (!document.querySelector("[data-mute]")) return;
  if (root.dataset.sound === "on") context();
  show();
  setInterval(show, 5000);
}

// A short sound and a desktop notice for what must not be missed; both are asked for and remembered.
const root = document.documentElement;
let audio;

// Two notes, falling for bad news; quiet enough for a shared room.
export function beep(urgent = true) {
  if (root.dataset.sound !== "on") return;
  audio ??= new AudioContext();
  const notes = urgent ? [880, 660] : [660];
  notes.forEach((pitch, index) => {
    const at = audio.currentTime + index * 0.16;
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.15, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.15);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.16);
  });
}

export function notify(title, body = "", url = "") {
  if (!("Notification" in window) || Notification.permission !== "granted" || !document.hidden) return;
  const notice = new Notification(title, { body, tag: title });
  notice.onclick = () => {
    window.focus();
    if (url) location.assign(url);
  };
}

export function startSound() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-sound]")) {
      root.dataset.sound = root.dataset.sound === "on" ? "off" : "on";
      localStorage.setItem("sound", root.dataset.sound);
      beep(false);
    }
    if (event.target.closest("button[data-notify]")) window.Notification?.requestPermission();
  });
  document.addEventListener("mainstay:alert", (event) => {
    beep(true);
    notify(event.detail.title, event.detail.body, event.detail.url);
  });
}

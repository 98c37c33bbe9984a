// Desktop notices: allowed by a click, shown for new causes on the wall and, on every page, for messages to oneself.
const root = document.documentElement;
const MOST = 3; // at a time: more say nothing more

const able = () => "Notification" in window;
const on = () => able() && Notification.permission === "granted" && localStorage.getItem("notices") === "on";

// The same tag in two pages is one notice.
export function notify({ title, body = "", url = "", tag = title, show = () => url && location.assign(url) }) {
  if (!on()) return;
  const notice = new Notification(title, { body, tag });
  notice.onclick = () => {
    window.focus();
    show();
    notice.close();
  };
}

async function toggle() {
  if (!able()) return;
  const allowed = Notification.permission === "granted" || (await Notification.requestPermission()) === "granted";
  localStorage.setItem("notices", allowed && localStorage.getItem("notices") !== "on" ? "on" : "off");
  say();
}

function say() {
  root.dataset.notices = !able() || Notification.permission === "denied" ? "refused" : on() ? "on" : "off";
  for (const button of document.querySelectorAll("button[data-notify]")) button.setAttribute("aria-pressed", String(on()));
}

// Messages to oneself: the event says that there is one, the server says what it is.
async function tellMessages(address) {
  if (!on()) return;
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { messages } = await answer.json();
  const seen = Number(localStorage.getItem("message-seen") ?? 0);
  for (const message of messages.filter((each) => each.id > seen).slice(-MOST)) {
    notify({ title: message.subject, body: message.body, url: message.url, tag: `message-${message.id}` });
    localStorage.setItem("message-seen", message.id);
  }
}

export function startNotices() {
  say();
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-notify]")) toggle();
  });
  const address = document.body.dataset.messagesUrl;
  if (!address) return;
  document.addEventListener("mainstay:live", (event) => {
    if (event.detail.kind === "message") tellMessages(address);
  });
}

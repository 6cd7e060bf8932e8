// What the person chose on this page, kept in this browser and nowhere else.

/** A choice that is kept in this browser; null where there is none. */
export function kept(name) {
  try {
    return localStorage.getItem(`captionbot.${name}`);
  } catch {
    return null;
  }
}

/** Keep a choice; in a browser that keeps nothing it holds for this visit. */
export function keep(name, value) {
  try {
    localStorage.setItem(`captionbot.${name}`, value);
  } catch {
    // It holds for this visit.
  }
}

const visit = new Map(); // where the browser keeps nothing, for as long as the page is open

/** Whether a switch is on. */
export function isOn(name, byDefault) {
  if (visit.has(name)) return visit.get(name);
  const before = kept(name);
  return before === null ? byDefault : before === "on";
}

/** A checkbox that is such a switch; calls `onSwitch(on)` when the person moves it. */
export function bind(box, name, byDefault, onSwitch = () => {}) {
  box.checked = isOn(name, byDefault);
  box.addEventListener("change", () => {
    visit.set(name, box.checked);
    keep(name, box.checked ? "on" : "off");
    onSwitch(box.checked);
  });
}

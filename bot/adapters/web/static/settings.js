// What the person chose on this page, kept in this browser and nowhere else.

const visit = new Map(); // where the browser keeps nothing, for as long as the page is open

/** Whether a switch is on. */
export function isOn(name, byDefault) {
  if (visit.has(name)) return visit.get(name);
  try {
    const kept = localStorage.getItem(`captionbot.${name}`);
    return kept === null ? byDefault : kept === "on";
  } catch {
    return byDefault;
  }
}

/** A checkbox that is such a switch; calls `onSwitch(on)` when the person moves it. */
export function bind(box, name, byDefault, onSwitch = () => {}) {
  box.checked = isOn(name, byDefault);
  box.addEventListener("change", () => {
    visit.set(name, box.checked);
    try {
      localStorage.setItem(`captionbot.${name}`, box.checked ? "on" : "off");
    } catch {
      // It holds for this visit.
    }
    onSwitch(box.checked);
  });
}

// What the models can do at the moment, and how long the person wants captions to be.

import { keep, kept } from "./settings.js";
import { tell } from "./texts.js";

const KEPT = "length";
const SHORT = "short"; // what every model writes

let known = { questions: false, lengths: [SHORT] };
let chosen = SHORT;

/** Ask the server; `true` where it said. Without it, what is known stays. */
export async function refresh() {
  try {
    const response = await fetch("api/capabilities");
    if (!response.ok) return false;
    known = await response.json();
    return true;
  } catch {
    return false;
  }
}

/** Show what stands on the page for what only some models can do. */
export function showOffered() {
  for (const element of document.querySelectorAll("[data-needs]")) {
    element.hidden = !known[element.dataset.needs];
  }
}

/** Whether questions about a photo are answered. */
export function answersQuestions() {
  return known.questions;
}

/** The length that the next caption is asked for in; "" for the one that nobody has to ask for. */
export function wantedLength() {
  return chosen !== SHORT && known.lengths.includes(chosen) ? chosen : "";
}

/** The switch between lengths. `onSwitch()` is called when the person moves it. */
export function bindLength(select, onSwitch) {
  chosen = kept(KEPT) ?? SHORT;
  select.addEventListener("change", () => {
    chosen = select.value;
    keep(KEPT, chosen);
    onSwitch();
  });
}

/** Show the switch where there is a choice now. */
export function showLengths(label, select) {
  const { lengths } = known;
  label.hidden = lengths.length < 2;
  if ([...select.options].map((option) => option.value).join() === lengths.join()) return;
  select.replaceChildren(
    ...lengths.map((length) => {
      const option = new Option("", length);
      tell(option, `length-${length}`);
      return option;
    }),
  );
  select.value = wantedLength() || SHORT;
}

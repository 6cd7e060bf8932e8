// Buttons that copy a text. Each is as wide as the widest of what it can say, so nothing moves.

import { sentence } from "./say.js";
import { say, tell } from "./texts.js";

const SHOWN = 2000; // milliseconds for which a button says what came of it

/** Prepare a button; `text()` is what it copies. Hidden where the browser cannot copy. */
export function copies(button, text) {
  button.hidden = !navigator.clipboard;
  const [label, done, failed] = [button.dataset.label, "page-copied", "page-copy-failed"].map((id) => {
    const span = document.createElement("span");
    tell(span, id);
    return span;
  });
  button.removeAttribute("data-text");
  button.replaceChildren(label, done, failed);
  let timer;
  const show = (shown) => {
    for (const span of button.children) {
      span.classList.toggle("other", span !== shown);
      span.ariaHidden = String(span !== shown);
    }
  };
  show(label);
  button.addEventListener("click", async () => {
    let outcome = done;
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      outcome = failed;
    }
    show(outcome);
    document.getElementById("live").textContent = say(outcome.dataset.text);
    clearTimeout(timer);
    timer = setTimeout(() => show(label), SHOWN);
  });
}

/** What is copied of a caption: with the hedge, where it is a guess. */
export function copied(said) {
  const whole = sentence(said);
  return said.unsure ? say("unsure", { caption: whole }, { plain: true }) : whole;
}

// Sentences read aloud by the browser's own speech synthesis: nothing leaves this device for it.

import { CAPTIONS, sentence } from "./say.js";
import { say } from "./texts.js";

/** What is read aloud of a caption, of a numbered photo: all in the language of captions. */
export function spoken({ caption, unsure }, number = null) {
  const inEnglish = (id, values) => say(`${id}-english`, values, { plain: true });
  const whole = sentence(caption);
  const text = unsure ? inEnglish("unsure", { caption: whole }) : whole;
  return number === null ? text : `${inEnglish("page-card", { number })}: ${text}`;
}

/** One voice for the page. `onChange(speaking)` is called whenever it starts or falls silent. */
export class Voice {
  constructor(onChange) {
    this.able = "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
    this.onChange = onChange;
    this.left = 0; // sentences to come, the present one included
    this.turn = 0; // which of the calls of stop() this is, to tell late events of earlier ones
    if (this.able) addEventListener("pagehide", () => this.stop());
  }

  get speaking() {
    return this.left > 0;
  }

  /** Read this, behind what is being read already. */
  add(text) {
    if (!this.able) return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = CAPTIONS; // whatever the browser and the page speak
    const turn = this.turn;
    const over = () => {
      if (turn === this.turn && --this.left === 0) this.onChange(false);
    };
    utterance.addEventListener("end", over);
    utterance.addEventListener("error", over);
    this.left += 1;
    if (this.left === 1) this.onChange(true);
    speechSynthesis.speak(utterance);
  }

  /** Read this now, instead of whatever is being read. */
  say(text) {
    this.stop();
    this.add(text);
  }

  stop() {
    if (!this.speaking) return;
    this.turn += 1;
    this.left = 0;
    speechSynthesis.cancel();
    this.onChange(false);
  }
}

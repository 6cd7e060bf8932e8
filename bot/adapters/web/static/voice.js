// Sentences read aloud by the browser's own speech synthesis: nothing leaves this device for it.

import { languageOf } from "./captions.js";
import { sentence } from "./say.js";
import { say } from "./texts.js";

/** What is read aloud of a caption, of a numbered photo: `{text, lang}`, all in its language. */
export function spoken(said, number = null) {
  const lang = languageOf(said);
  const inIts = (id, values) => say(id, values, { plain: true, inLanguage: lang });
  const whole = sentence(said);
  const text = said.unsure ? inIts("unsure", { caption: whole }) : whole;
  return { text: number === null ? text : `${inIts("page-card", { number })}: ${text}`, lang };
}

/** What is read aloud of an answer to a question. */
export function spokenAnswer(answer) {
  return spoken({ ...answer, caption: answer.answer });
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
  add({ text, lang }) {
    if (!this.able) return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = lang; // whatever the browser and the page speak; it picks a voice for it
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
  say(what) {
    this.stop();
    this.add(what);
  }

  stop() {
    if (!this.speaking) return;
    this.turn += 1;
    this.left = 0;
    speechSynthesis.cancel();
    this.onChange(false);
  }
}

// Questions about the photo that is shown, and their answers.

import { askAbout } from "./ask.js";
import { answersQuestions } from "./capabilities.js";
import { languageOf, put } from "./captions.js";
import { howSure, sentence, standing } from "./say.js";
import { Problem } from "./send.js";
import { hush, say, tell } from "./texts.js";

const $ = (id) => document.getElementById(id);

function make(tag, className = "") {
  return Object.assign(document.createElement(tag), { className });
}

/** The conversation about the photo that is shown; there is one on the page.
 *
 * `onAnswer(answer)` is called for each answer, `onRead(answer)` when one is to be read aloud, and
 * `onRefused()` where the models answer no questions any more. `voice` is whether anything can be
 * read aloud.
 */
export class Conversation {
  constructor({ onAnswer, onRead, onRefused, voice }) {
    Object.assign(this, { onAnswer, onRead, onRefused, voice });
    this.kept = new WeakMap(); // a photo → {answers, draft}
    this.said = this.file = this.asking = null;
    $("ask").addEventListener("submit", (event) => {
      event.preventDefault(); // the answer comes onto this page
      this.submit();
    });
  }

  /** Talk about a photo, or go on where it was left.
   *
   * `file` is what to send again should the server have forgotten the photo; without it, nothing
   * can be asked.
   */
  begin(said, file) {
    this.end();
    if (file === null) return;
    Object.assign(this, { said, file });
    if (!this.kept.has(file)) this.kept.set(file, { answers: [], draft: "" });
    const { answers, draft } = this.kept.get(file);
    $("conversation").replaceChildren(...answers.map((answer) => this.turn(answer)));
    $("question").value = draft;
    this.offer();
  }

  /** Talk about nothing. An answer that is under way is given up, and its question kept. */
  end() {
    this.asking?.abort();
    if (this.file !== null) this.kept.get(this.file).draft = $("question").value;
    this.said = this.file = this.asking = null;
    $("conversation").replaceChildren();
    $("question").value = "";
    this.rest();
    this.offer();
  }

  /** Show the field while questions are answered, and what was asked before at any time. */
  offer() {
    const able = answersQuestions() && this.file !== null;
    $("asking").hidden = !able && $("conversation").childElementCount === 0;
    $("ask").hidden = $("ask-hint").hidden = !able;
  }

  /** Nothing is under way, and nothing is wrong. */
  rest() {
    hush($("ask-state"));
    $("ask-wrong").replaceChildren();
    $("ask-send").removeAttribute("aria-disabled");
  }

  async submit() {
    const question = $("question").value.trim();
    if (this.asking !== null || this.file === null) return;
    if (question === "") return $("question").focus();
    const { said, file } = this;
    const mine = (this.asking = new AbortController());
    this.rest();
    $("ask-send").setAttribute("aria-disabled", "true"); // `disabled` would lose the focus
    const onWaiting = (state) => mine === this.asking && tell($("ask-state"), ...standing(state));
    onWaiting({});
    try {
      const answer = await askAbout(said, question, { file, onWaiting, signal: mine.signal });
      if (mine === this.asking) this.add(answer);
    } catch (error) {
      if (mine === this.asking) this.fail(error);
    }
  }

  add(answer) {
    this.asking = null;
    this.rest();
    const turn = this.turn(answer);
    this.kept.get(this.file).answers.push(answer);
    $("conversation").append(turn);
    $("question").value = "";
    turn.scrollIntoView({ block: "nearest" });
    this.onAnswer(answer);
  }

  turn(answer) {
    const [turn, asked, answered] = [make("div", "turn"), make("p", "asked"), make("p", "answered")];
    const question = Object.assign(make("span"), { textContent: answer.question, dir: "auto" });
    asked.append(this.label("page-asked"), " ", question);
    const whole = sentence({ ...answer, caption: answer.answer });
    answered.append(this.label("page-answered"), " ", put(make("span", "text"), whole, languageOf(answer)));
    turn.append(asked, answered);
    if (answer.unsure) {
      const sure = make("p", "hint");
      tell(sure, howSure(answer));
      turn.append(sure);
    }
    if (this.voice) {
      const read = Object.assign(make("button", "button small read"), { type: "button" });
      tell(read, "button-speech");
      read.addEventListener("click", () => this.onRead(answer));
      turn.append(read);
    }
    return turn;
  }

  /** For those who do not see which is which. */
  label(text) {
    const label = make("span", "unseen");
    tell(label, text);
    return label;
  }

  fail(error) {
    this.asking = null;
    this.rest();
    if (!(error instanceof Problem)) console.error(error);
    const text = make("p");
    if (error.code) text.textContent = error.detail; // says it all, to a person
    else if (error instanceof Problem) text.textContent = `${error.title}. ${error.detail}`;
    else text.textContent = `${say("page-wrong")}. ${say("page-wrong-more")}`;
    $("ask-wrong").replaceChildren(text);
    if (error.code === "not_offered") this.onRefused();
  }

  /** Whether something is read aloud, which every button can stop. */
  showSpeaking(speaking) {
    for (const button of $("conversation").querySelectorAll(".read")) {
      tell(button, speaking ? "page-read-stop" : "button-speech");
    }
  }
}

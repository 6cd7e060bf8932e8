// Which language captions are in: what the person wants, what there is, and what a caption came in.

import { keep, kept } from "./settings.js";
import { directionOf, language, nameOf, say } from "./texts.js";

const KEPT = "captions";
const TOLD = "told"; // of which language the person knows that captions are not in it
const ENGLISH = "en"; // what entries of the history are in that are older than other languages

let chosen = ""; // "": the language of the page
let told = "";

/** The language that the next caption is asked for in. */
export function wanted() {
  return chosen || language();
}

/** The language that a caption is in. */
export function languageOf(said) {
  return said.language ?? ENGLISH;
}

/** Let an element hold words of a caption, with their language and direction. */
export function put(element, text, code) {
  return Object.assign(element, { textContent: text, lang: code, dir: directionOf(code) });
}

/** What to say once of a caption that is in another language than the one wanted; "" else. */
export function remark(said) {
  const [want, got] = [wanted(), languageOf(said)];
  if (primary(want) === primary(got) || told === want || kept(TOLD) === want) return "";
  told = want;
  keep(TOLD, want);
  return say("page-captions-not-in", { wanted: nameOf(want), used: nameOf(got) });
}

function primary(code) {
  return code.split("-")[0];
}

/** The switch: shown where there is a choice. `onSwitch()` is called when the person moves it. */
export async function bindCaptions(label, select, onSwitch) {
  let languages;
  try {
    const response = await fetch("api/languages");
    if (!response.ok) return;
    ({ languages } = await response.json());
  } catch {
    return;
  }
  if (languages.length < 2) return;
  for (const { code, name } of languages) {
    select.append(Object.assign(new Option(name, code), { lang: code }));
  }
  const before = kept(KEPT) ?? "";
  if (languages.some(({ code }) => code === before)) select.value = chosen = before;
  select.addEventListener("change", () => {
    chosen = select.value;
    keep(KEPT, chosen);
    onSwitch();
  });
  label.hidden = false;
}

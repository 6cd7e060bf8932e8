// What the page says, in the reader's language. The server writes it into the page, from the same
// files as the bots' texts; another language is fetched when it is chosen.

const KEPT = "captionbot.language";
const ATTRIBUTES = ["aria-label", "alt"];
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ps", "ur"]);
const RUNS_LEFT = /[\u0590-\u08ff\ufb1d-\ufefc]/; // a letter of Arabic, Hebrew and the like
const root = document.documentElement;

let texts = JSON.parse(document.getElementById("texts").textContent);
let rules;
const others = new Map(); // language → its texts, as far as they were needed
const values = new WeakMap(); // element → the values of its text and of its attributes, by name
const onChange = new Set();
adopt(root.lang);

function adopt(language) {
  root.lang = language;
  root.dir = directionOf(language);
  others.set(language, texts);
  const tag = `${language}-u-nu-latn`; // digits as in the server's texts
  rules = {
    plural: new Intl.PluralRules(language),
    number: new Intl.NumberFormat(tag),
    list: new Intl.ListFormat(language, { type: "unit", style: "short" }),
    name: new Intl.DisplayNames(language, { type: "language" }),
    time: new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }),
  };
}

/** The language that the page speaks. */
export function language() {
  return root.lang;
}

/** Which way a language is written: "ltr" or "rtl". */
export function directionOf(code) {
  return RIGHT_TO_LEFT.has(code.split("-")[0]) ? "rtl" : "ltr";
}

/** The name of a language in the one that the page speaks. */
export function nameOf(code) {
  return rules.name.of(code) ?? code;
}

/** Fetch the texts of another language, for `say`; without the server, it goes without them. */
export async function learn(code) {
  if (others.has(code)) return;
  try {
    const response = await fetch(`static/texts/${code}.json`);
    if (response.ok) others.set(code, await response.json());
  } catch {
    // The page's own language will do.
  }
}

/** A text with its values put in; `plain` for what leaves the page, such as what is copied.
 *
 * In another language than the page's where `inLanguage` is one that was learnt.
 */
export function say(id, given = {}, { plain = false, inLanguage = language() } = {}) {
  // A name or a caption in another direction must not turn the words around it.
  const show = (value) => {
    if (typeof value === "number") return rules.number.format(value);
    const isolate = !plain && (root.dir === "rtl" || RUNS_LEFT.test(value));
    return isolate ? `\u2068${value}\u2069` : value;
  };
  const format = (text) => (typeof text === "string" ? text : text.map(part).join(""));
  const part = (one) => {
    if (typeof one === "string") return one;
    if ("value" in one) return show(given[one.value]);
    const value = given[one.choose];
    const key = typeof value === "number" ? rules.plural.select(value) : value;
    return format(one.cases[value] ?? one.cases[key] ?? one.cases[one.otherwise]);
  };
  return format((others.get(inLanguage) ?? texts)[id]);
}

/** "2 captioned, 1 to come". */
export function list(parts) {
  return rules.list.format(parts);
}

/** A date and time of day. */
export function time(date) {
  return rules.time.format(date);
}

/** Let an element, or one of its attributes, say a text, in whichever language is chosen later. */
export function tell(element, id, given = {}, attribute = "") {
  element.setAttribute(attribute ? `data-text-${attribute}` : "data-text", id);
  values.set(element, { ...values.get(element), [attribute]: given });
  put(element, attribute);
}

/** Let an element say nothing. */
export function hush(element) {
  element.removeAttribute("data-text");
  element.textContent = "";
}

function put(element, attribute) {
  const id = element.getAttribute(attribute ? `data-text-${attribute}` : "data-text");
  const text = say(id, values.get(element)?.[attribute]);
  if (attribute) element.setAttribute(attribute, text);
  else element.textContent = text;
}

function translate() {
  for (const element of document.querySelectorAll("[data-text]")) put(element, "");
  for (const attribute of ATTRIBUTES) {
    for (const element of document.querySelectorAll(`[data-text-${attribute}]`)) {
      put(element, attribute);
    }
  }
}

/** Call `react` whenever another language was chosen: for what is put together from texts. */
export function whenTranslated(react) {
  onChange.add(react);
}

let asked = 0; // which choice is the last

/** Speak another language from now on. Without the server, the page stays as it is. */
async function speak(wanted) {
  const mine = ++asked;
  await learn(wanted);
  if (mine !== asked || !others.has(wanted)) return;
  texts = others.get(wanted);
  adopt(wanted);
  translate();
  onChange.forEach((react) => react());
}

/** The switch between languages; what is chosen is kept in this browser. */
export function bindLanguages(select) {
  const known = new Set([...select.options].map((option) => option.value));
  select.value = root.lang; // a browser may have kept what was chosen before a reload
  select.addEventListener("change", async () => {
    await speak(select.value);
    select.value = root.lang;
    try {
      localStorage.setItem(KEPT, root.lang);
    } catch {
      // It holds for this visit.
    }
  });
  if (new URLSearchParams(location.search).has("lang")) return;
  try {
    const kept = localStorage.getItem(KEPT);
    if (known.has(kept) && kept !== root.lang) {
      select.value = kept;
      speak(kept).then(() => (select.value = root.lang));
    }
  } catch {
    // The browser's languages decide.
  }
}

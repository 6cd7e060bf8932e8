// What the page says, in the reader's language. The server writes it into the page, from the same
// files as the bots' texts; another language is fetched when it is chosen.

const KEPT = "captionbot.language";
const ATTRIBUTES = ["aria-label", "alt"];
const RIGHT_TO_LEFT = new Set(["ar"]);
const root = document.documentElement;

let texts = JSON.parse(document.getElementById("texts").textContent);
let rules;
const values = new WeakMap(); // element → the values of its text and of its attributes, by name
const onChange = new Set();
adopt(root.lang);

function adopt(language) {
  root.lang = language;
  root.dir = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
  const tag = `${language}-u-nu-latn`; // digits as in the server's texts
  rules = {
    plural: new Intl.PluralRules(language),
    number: new Intl.NumberFormat(tag),
    list: new Intl.ListFormat(language, { type: "unit", style: "short" }),
    time: new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }),
  };
}

/** The language that the page speaks. */
export function language() {
  return root.lang;
}

/** A text with its values put in; `plain` for what leaves the page, such as what is copied. */
export function say(id, given = {}, { plain = false } = {}) {
  // A name or a caption in another direction must not turn the words around it.
  const isolate = !plain && root.dir === "rtl";
  const show = (value) => {
    if (typeof value === "number") return rules.number.format(value);
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
  return format(texts[id]);
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
  let found;
  try {
    const response = await fetch(`static/texts/${wanted}.json`);
    if (!response.ok) return;
    found = await response.json();
  } catch {
    return;
  }
  if (mine !== asked) return;
  texts = found;
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

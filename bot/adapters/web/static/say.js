// Numbers as what a text can say of them. Pure functions: no document, no language.

const PLACES = [
  ["top-left", "top", "top-right"],
  ["left", "middle", "right"],
  ["bottom-left", "bottom", "bottom-right"],
];
// The model looked at a place only if half of its attention is on at most so much of the photo, and
// so much of it in one ninth. Had it looked everywhere alike, these would be 0.5 and 0.11.
const SPREAD = 0.3;
const LEAST = 0.18;

const FULL_STOPS = { ja: "。", zh: "。" };

/** A caption as a whole sentence, with one full stop. */
export function sentence({ caption, language = "en" }) {
  const text = caption.trim().replace(/[.\s]+$/, "");
  const ended = /[!?…。！？؟]$/u.test(text);
  const stop = ended ? "" : (FULL_STOPS[language.split("-")[0]] ?? ".");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${stop}`;
}

/** The text that says how far to trust a caption; not to be asked where `confidence` is null. */
export function howSure({ unsure }) {
  return unsure ? "page-unsure" : "page-sure"; // the server draws the line
}

/** Where most of the attention lies on a grid of rows × columns: "top-left" … "bottom-right".
 *
 * "nowhere" where it is spread over the photo, "" without attention.
 */
export function whereabouts(attention, [rows, columns]) {
  if (attention.length === 0 || attention.length !== rows * columns) return "";
  const total = attention.reduce((sum, weight) => sum + weight, 0);
  let half = total / 2;
  const cells = [...attention].sort((a, b) => b - a).findIndex((weight) => (half -= weight) <= 0);
  const ninths = new Float64Array(9);
  attention.forEach((weight, cell) => {
    const row = Math.floor((3 * (Math.floor(cell / columns) + 0.5)) / rows);
    const column = Math.floor((3 * ((cell % columns) + 0.5)) / columns);
    ninths[3 * row + column] += weight;
  });
  const most = Math.max(...ninths);
  const spread = (cells + 1) / attention.length > SPREAD || most < LEAST * total;
  if (!(total > 0) || spread) return "nowhere";
  const strongest = ninths.indexOf(most);
  return PLACES[Math.floor(strongest / 3)][strongest % 3];
}

const SURE = { sure: "yes", likely: "likely", doubtful: "no" };

/** How far to trust a word. Older entries of the history have no levels. */
function sureOf({ level, sure }) {
  if (level !== undefined) return SURE[level] ?? "unknown";
  return sure === null ? "unknown" : sure ? "yes" : "no";
}

/** What a word was written from, as the values of the text "page-word". */
export function reading(word, grid) {
  return {
    word: word.word,
    sure: sureOf(word),
    place: whereabouts(word.attention, grid) || "unknown",
  };
}

/** How likely each sentence is beside the first, as a text and as a share of it, at most 1.
 *
 * Scores are fair to long sentences; times `length` they are what a sentence as long as the first
 * would have as `log_prob`. Older entries of the history have no scores.
 */
export function compared(sentences) {
  const [first] = sentences;
  const length = first.score ? first.log_prob / first.score : 1;
  const scores = sentences.map((one) => length * (one.score ?? one.log_prob));
  return scores.map((score, i) => {
    const share = Math.min(1, Math.exp(score - scores[0]));
    if (i === 0) return { share, text: "page-likely-chosen" };
    if (share >= 0.8) return { share, text: "page-likely-near" };
    return { share, text: share >= 0.4 ? "page-likely-less" : "page-likely-little" };
  });
}

/** What happens to a photo that was sent and has no caption yet: a text and its values. */
export function standing({ waking = false, turn = false, ahead = 0 }) {
  if (waking) return ["page-waking"];
  if (turn) return ["page-turn"];
  return ahead > 0 ? ["waiting", { ahead }] : ["page-looking"];
}

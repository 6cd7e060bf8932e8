// Numbers in words. Pure functions: no document.

const PLACES = [
  ["the upper left", "the top", "the upper right"],
  ["the left", "the middle", "the right"],
  ["the lower left", "the bottom", "the lower right"],
];
const EVERYWHERE = 1.6 / 9; // of the attention in the strongest ninth: hardly more than in any

/** How far to trust the sentence; the server draws the line, the same on every platform. */
export function howSure({ unsure }) {
  return unsure
    ? "CaptionBot is not sure of this: take it as a guess."
    : "CaptionBot is fairly sure of this, but it can be wrong.";
}

/** Where most of the attention lies on a grid of rows × columns, or "" without attention. */
export function whereabouts(attention, [rows, columns]) {
  if (attention.length === 0 || attention.length !== rows * columns) return "";
  const ninths = new Float64Array(9);
  let total = 0;
  attention.forEach((weight, cell) => {
    const row = Math.floor((3 * (Math.floor(cell / columns) + 0.5)) / rows);
    const column = Math.floor((3 * ((cell % columns) + 0.5)) / columns);
    ninths[3 * row + column] += weight;
    total += weight;
  });
  const strongest = ninths.indexOf(Math.max(...ninths));
  if (ninths[strongest] <= EVERYWHERE * total) return "all over the photo";
  return PLACES[Math.floor(strongest / 3)][strongest % 3];
}

function certainty(probability) {
  if (probability >= 0.6) return "sure of it";
  if (probability >= 0.25) return "fairly sure of it";
  return "guessing";
}

/** What a word was written from: "fairly sure of it, looking at the upper left". */
export function reading(word, grid) {
  const place = whereabouts(word.attention, grid);
  const sure = certainty(Math.exp(word.log_prob));
  return place ? `${sure}, looking at ${place}` : sure;
}

/** How much less likely each sentence is than the first, in words and as a share of it. */
export function compared(logProbs) {
  return logProbs.map((logProb, i) => {
    const share = Math.exp(logProb - logProbs[0]);
    if (i === 0) return { share, words: "its choice" };
    if (share >= 0.8) return { share, words: "nearly as likely" };
    return { share, words: share >= 0.4 ? "less likely" : "much less likely" };
  });
}

/** What happens to a photo that was sent and has no caption yet. */
export function standing({ waking = false, turn = false, ahead = 0 }) {
  if (waking) return "CaptionBot is still waking up";
  if (turn) return "Waiting for a turn";
  if (ahead > 0) return ahead === 1 ? "One photo is in front of it" : `${ahead} photos are in front of it`;
  return "Looking at your photo";
}

/** "1 photo", "6 photos". */
export function photos(count) {
  return count === 1 ? "1 photo" : `${count} photos`;
}

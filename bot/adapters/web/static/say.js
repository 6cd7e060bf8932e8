// Numbers in words. Pure functions: no document.

const PLACES = [
  ["the upper left", "the top", "the upper right"],
  ["the left", "the middle", "the right"],
  ["the lower left", "the bottom", "the lower right"],
];
const EVERYWHERE = 1.6 / 9; // of the attention in the strongest ninth: hardly more than in any

/** "72 %"; never "0 %" for what is possible nor "100 %" for what is not certain. */
export function percent(share) {
  if (share > 0 && share < 0.01) return "under 1 %";
  if (share < 1 && share > 0.99) return "over 99 %";
  return `${Math.round(share * 100)} %`;
}

/** How sure the model is of the whole sentence; `confidence` is the mean share of a word. */
export function howSure(confidence) {
  if (confidence >= 0.65) return "CaptionBot is quite sure of this.";
  if (confidence >= 0.45) return "CaptionBot is fairly sure of this.";
  if (confidence >= 0.3) return "CaptionBot is not so sure of this.";
  return "CaptionBot is mostly guessing.";
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

/** What a word was written from: "83 % sure, looking at the upper left". */
export function reading(word, grid) {
  const place = whereabouts(word.attention, grid);
  const sure = `${percent(Math.exp(word.log_prob))} sure`;
  return place ? `${sure}, looking at ${place}` : sure;
}

/** Each log-probability's share of what they amount to together. */
export function shares(logProbs) {
  const most = Math.max(...logProbs);
  const weights = logProbs.map((logProb) => Math.exp(logProb - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

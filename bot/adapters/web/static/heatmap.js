// Where the model looked, as light on the photo: what it did not look at goes dark.

const CELL = 16; // drawn pixels for each cell of the grid; the browser stretches them smoothly
const FADE = 220; // milliseconds from one word to the next
const DARK = [16, 12, 10];
const WARM = [255, 138, 36];
const DARKEST = 0.68; // opacity where the model did not look at all
const WARMEST = 0.2; // opacity of the tint where it looked most

/** A canvas over the photo. The grid is stretched over all of it, as the photo was for the model. */
export class Heatmap {
  constructor(canvas, { still = () => false } = {}) {
    this.canvas = canvas;
    this.still = still; // whether the person wants no motion
    this.clear();
  }

  /** Forget the last photo. */
  clear() {
    cancelAnimationFrame(this.frame);
    this.grid = [0, 0];
    this.canvas.width = this.canvas.height = 1;
    this.field = this.target = null;
    this.strength = 0;
  }

  /** Prepare for a photo with this grid. */
  prepare([rows, columns]) {
    this.clear();
    this.grid = [rows, columns];
    this.canvas.width = Math.max(1, columns * CELL);
    this.canvas.height = Math.max(1, rows * CELL);
    this.field = new Float32Array(this.canvas.width * this.canvas.height);
  }

  /** Show attention weights, or the bare photo for null. */
  show(attention) {
    const [rows, columns] = this.grid;
    const bare = attention === null || attention.length !== rows * columns || rows === 0;
    if (bare && this.strength === 0) return;
    const target = bare ? this.field : enlarge(relative(attention), rows, columns);
    if (this.strength === 0) this.field.set(target); // nothing to come from: only fade in
    this.fade(target, bare ? 0 : 1);
  }

  fade(target, strength) {
    cancelAnimationFrame(this.frame);
    const [from, weak, began] = [this.field.slice(), this.strength, performance.now()];
    const step = (now) => {
      const linear = this.still() ? 1 : Math.min(1, Math.max(0, (now - began) / FADE));
      const part = linear * linear * (3 - 2 * linear);
      for (let i = 0; i < from.length; i++) this.field[i] = from[i] + part * (target[i] - from[i]);
      this.strength = weak + part * (strength - weak);
      this.draw();
      if (linear < 1) this.frame = requestAnimationFrame(step);
    };
    step(began);
  }

  draw() {
    const context = this.canvas.getContext("2d");
    const picture = context.createImageData(this.canvas.width, this.canvas.height);
    const pixels = picture.data;
    this.field.forEach((looked, i) => {
      const dark = DARKEST * (1 - looked) * (1 - looked);
      const warm = WARMEST * looked;
      const opacity = dark + warm;
      for (let c = 0; c < 3; c++) {
        pixels[4 * i + c] = opacity && (dark * DARK[c] + warm * WARM[c]) / opacity;
      }
      pixels[4 * i + 3] = 255 * this.strength * opacity;
    });
    context.putImageData(picture, 0, 0);
  }
}

/** Weights from 0 to 1; those that hardly differ are not made to look as if they did. */
function relative(attention) {
  const [least, most] = [Math.min(...attention), Math.max(...attention)];
  const range = Math.max(most - least, 1 / attention.length);
  return attention.map((weight) => (weight - least) / range);
}

/** The grid's values, CELL times as many in each direction, by cubic B-splines: no edges show. */
function enlarge(values, rows, columns) {
  const wide = stretch(values, rows, columns, columns, 1);
  const field = stretch(wide, columns * CELL, rows, 1, columns * CELL);
  const peak = field.reduce((most, value) => Math.max(most, value), 0);
  const wanted = Math.max(...values);
  return peak > 0 ? field.map((value) => value * (wanted / peak)) : field;
}

/** `lines` lines of `count` values each, `line` and `step` apart, stretched along the line. */
function stretch(values, lines, count, line, step) {
  const long = count * CELL;
  const out = new Float32Array(lines * long);
  const outLine = step === 1 ? long : 1;
  for (let k = 0; k < long; k++) {
    const at = (k + 0.5) / CELL - 0.5;
    const cell = Math.floor(at);
    const t = at - cell;
    const taps = [
      (1 - t) ** 3 / 6,
      (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
      (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
      t ** 3 / 6,
    ];
    for (let n = 0; n < lines; n++) {
      let sum = 0;
      for (let tap = 0; tap < 4; tap++) {
        const near = Math.min(count - 1, Math.max(0, cell - 1 + tap));
        sum += taps[tap] * values[n * line + near * step];
      }
      out[n * outLine + k * step] = sum;
    }
  }
  return out;
}

// Where the model looked, as light on the photo: what it did not look at goes dark, and a line
// surrounds what it looked at. Both a bright and a dark photo show one of the two at least.

const SIDE = 448; // drawn pixels of the grid's longer side; the browser stretches them smoothly
const FADE = 220; // milliseconds from one word to the next
const DARK = [16, 12, 10];
const WARM = [255, 138, 36];
const LIGHT = [255, 206, 140]; // on dark photos
const DARKEST = 0.68; // opacity where the model did not look at all
const WARMEST = 0.2; // opacity of the tint where it looked most
const LIGHTEST = 0.62; // the same on a black photo
const DIM = 0.45; // brightness of a photo from which on the tint is as warm as it gets
const EDGE = 0.5; // of the strongest attention: there the line is
const LINE = 3.4; // drawn pixels from its middle to its end, its dark border included

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
    this.bright = 1;
    this.canvas.width = this.canvas.height = 1;
    this.field = this.target = null;
    this.strength = 0;
  }

  /** Prepare for a photo with this grid; `photo` is the image that shows it. */
  prepare([rows, columns], photo) {
    this.clear();
    this.grid = [rows, columns];
    this.cell = Math.max(4, Math.floor(SIDE / Math.max(rows, columns, 1)));
    this.canvas.width = Math.max(1, columns * this.cell);
    this.canvas.height = Math.max(1, rows * this.cell);
    this.field = new Float32Array(this.canvas.width * this.canvas.height);
    const { field } = this;
    brightness(photo).then((bright) => {
      if (field !== this.field) return; // it is another photo by now
      this.bright = bright;
      if (this.strength > 0) this.draw();
    });
  }

  /** Show attention weights, or the bare photo for null. */
  show(attention) {
    const [rows, columns] = this.grid;
    const bare = attention === null || attention.length !== rows * columns || rows === 0;
    if (bare && this.strength === 0) return;
    const target = bare ? this.field : enlarge(relative(attention), rows, columns, this.cell);
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
    const { width, height } = this.canvas;
    const context = this.canvas.getContext("2d");
    const picture = context.createImageData(width, height);
    const pixels = picture.data;
    const dim = Math.max(0, 1 - this.bright / DIM);
    const warmest = WARMEST + dim * (LIGHTEST - WARMEST);
    const tint = WARM.map((value, c) => value + dim * (LIGHT[c] - value));
    this.field.forEach((looked, i) => {
      const dark = DARKEST * (1 - looked) * (1 - looked);
      const warm = warmest * looked;
      const line = this.line(i, width);
      const opacity = dark + warm;
      for (let c = 0; c < 3; c++) {
        const colour = opacity && (dark * DARK[c] + warm * tint[c]) / opacity;
        pixels[4 * i + c] = colour + line.share * (line.colour - colour);
      }
      pixels[4 * i + 3] = 255 * this.strength * (opacity + line.share * (1 - opacity));
    });
    context.putImageData(picture, 0, 0);
  }

  /** How much of a pixel is of the line around what was looked at: white with a dark border. */
  line(i, width) {
    const at = this.field[i] - EDGE;
    const across = this.field[i + 1] - this.field[i - 1] || 0;
    const down = this.field[i + width] - this.field[i - width] || 0;
    const slope = Math.hypot(across, down) / 2;
    const far = Math.abs(at) / Math.max(slope, 1e-6);
    if (far >= LINE) return { share: 0, colour: 0 };
    const white = Math.min(1, Math.max(0, LINE / 2 + 0.5 - far));
    return { share: 0.9 * Math.min(1, (LINE - far) / 1.2), colour: 20 + 235 * white };
  }
}

/** The mean brightness of an image, from 0 to 1; 1 if it cannot be seen. */
async function brightness(photo) {
  try {
    await photo.decode();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 16;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(photo, 0, 0, 16, 16);
    const { data } = context.getImageData(0, 0, 16, 16);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) {
      sum += 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
    }
    return sum / 255 / (data.length / 4);
  } catch {
    return 1;
  }
}

/** Weights from 0 to 1; those that hardly differ are not made to look as if they did. */
function relative(attention) {
  const [least, most] = [Math.min(...attention), Math.max(...attention)];
  const range = Math.max(most - least, 1 / attention.length);
  return attention.map((weight) => (weight - least) / range);
}

/** The grid's values, `cell` times as many in each direction, by cubic B-splines: no edges show. */
function enlarge(values, rows, columns, cell) {
  const wide = stretch(values, rows, columns, columns, 1, cell);
  const field = stretch(wide, columns * cell, rows, 1, columns * cell, cell);
  const peak = field.reduce((most, value) => Math.max(most, value), 0);
  const wanted = Math.max(...values);
  return peak > 0 ? field.map((value) => value * (wanted / peak)) : field;
}

/** `lines` lines of `count` values each, `line` and `step` apart, stretched along the line. */
function stretch(values, lines, count, line, step, times) {
  const long = count * times;
  const out = new Float32Array(lines * long);
  const outLine = step === 1 ? long : 1;
  for (let k = 0; k < long; k++) {
    const at = (k + 0.5) / times - 0.5;
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

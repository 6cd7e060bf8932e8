// Sending a photo or a question with patience: a server that is waking up is waited for, not
// complained about.

import { languageOf } from "./captions.js";
import { Problem, isWaking, send, sendQuestion } from "./send.js";
import { learn } from "./texts.js";

const WAKING = 3; // seconds between questions whether it is awake, where the server names none
const TURN = 5; // seconds until the next try, likewise
const NEXT_TURN = new Set(["slow_down", "person_busy", "uploads_full", "queue_full"]);
const MOST_TURNS = 40; // then whoever waits is told

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(new DOMException("given up", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    }, seconds * 1000);
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
}

/** As `send`, but a server that is waking up is waited for, however long that takes.
 *
 * With `patient`, so is a server that has too much to do: for who sends many photos, that is no
 * failure. `onWaiting` gets `{waking: true}` or `{turn: true}` then.
 */
export function ask(photo, { onProgress, onWaiting, signal, patient = false }) {
  const attempt = () => send(photo, { onProgress, onWaiting, signal });
  return patiently(attempt, { onWaiting, signal, patient });
}

/** As `sendQuestion`, with the same patience. A photo that the server has forgotten is sent again,
 * and `said` gets its new id.
 */
export async function askAbout(said, question, { file, onWaiting, signal }) {
  const attempt = () => sendQuestion(said, question, { onWaiting, signal });
  try {
    return await patiently(attempt, { onWaiting, signal });
  } catch (error) {
    if (error.code !== "forgotten") throw error;
    said.id = (await ask(file, { onProgress: () => {}, onWaiting, signal })).id;
    return await patiently(attempt, { onWaiting, signal });
  }
}

async function patiently(attempt, { onWaiting, signal, patient = false }) {
  for (let turns = 0; ; ) {
    try {
      const said = await attempt();
      await learn(languageOf(said)); // to read it aloud
      return said;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "not_ready") {
        onWaiting({ waking: true });
        do await pause(error.retryAfter ?? WAKING, signal);
        while (await isWaking(signal));
      } else if (patient && NEXT_TURN.has(error.code) && ++turns < MOST_TURNS) {
        onWaiting({ turn: true });
        await pause(error.retryAfter ?? TURN, signal);
      } else {
        throw error;
      }
    }
  }
}

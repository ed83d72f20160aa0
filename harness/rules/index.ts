import type { Answer } from "./answer.ts";

export { answer } from "./answer.ts";
export { answerForHost, checkLock } from "./live.ts";
export { renderAnswer, renderAnswerJson } from "./render.ts";

/** Exit code of `./xenloop rules`: 1 where the page's minimum is not met. */
export function exitCodeOf({ minimumMet }: Answer): 0 | 1 {
  return minimumMet ? 0 : 1;
}

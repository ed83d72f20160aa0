import { defineOptions } from "./table.ts";

/** A cell that is new must show that it is not there by luck. */
export const PASSES_OF_NEW_CELLS = 3;

export const CHANGED_OPTION = defineOptions([
  {
    name: "changed-since",
    argument: "REVISION",
    type: "text",
    description: `also the scenarios that differ from this git revision; they must pass ${PASSES_OF_NEW_CELLS} times in a row`,
    since: "0.1.0",
  },
]);

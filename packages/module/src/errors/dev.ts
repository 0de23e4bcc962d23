import { defineErrors } from "./define.ts";

/** The development loop. */
export const devErrors = defineErrors({
  DEV_ENDED: {
    message: "the process of the platform ended {how}",
    fix: "Mend what it said last; with the next change it is started again.",
    why: "platformctl dev runs the platform in a process of its own, so that it can go on when that one cannot.",
  },
});

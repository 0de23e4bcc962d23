import { defineErrors } from "./define.ts";

/** The development loop. */
export const devErrors = defineErrors({
  DEV_ENDED: {
    message: "the process of the platform ended {how}",
    fix: "Mend what it said last; with the next change it is started again.",
    why: "The platform that platformctl dev runs has a process of its own, so that dev can go on when that one cannot.",
  },
});

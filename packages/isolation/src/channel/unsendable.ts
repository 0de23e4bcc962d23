import { serialize } from "node:v8";
import { platformError } from "@plinth/module";
import { NotCloneable } from "./frame.ts";
import { FrameTooLarge } from "./frame-channel.ts";
import { AnswerUnsent } from "./wire.ts";

/**
 * Says what of a message could not be sent; any other error is returned as it is.
 *
 * @param what the call, as a part of a sentence.
 * @param args the arguments of a call, so that the one at fault can be named.
 * @param limit the most bytes that a message may have.
 */
export function sendingError(error: unknown, what: string, args: readonly unknown[], limit: number): unknown {
  if (error instanceof AnswerUnsent) return sendingError(error.fault, `the answer to ${what}`, [], limit);
  if (error instanceof FrameTooLarge) {
    return platformError("ISOLATION_MESSAGE_TOO_LARGE", { what, size: error.size, limit });
  }
  if (!(error instanceof NotCloneable)) return error;
  for (const [index, value] of args.entries()) {
    const reason = whyNot(value);
    if (reason === undefined) continue;
    return platformError("ISOLATION_NOT_CLONEABLE", { what: `argument ${index + 1} of ${what}`, reason });
  }
  return platformError("ISOLATION_NOT_CLONEABLE", { what, reason: withoutStop(error.message) });
}

function whyNot(value: unknown): string | undefined {
  try {
    serialize(value);
    return undefined;
  } catch (error) {
    return withoutStop(error instanceof Error ? error.message : String(error));
  }
}

function withoutStop(message: string): string {
  return message.replace(/\.$/, "");
}

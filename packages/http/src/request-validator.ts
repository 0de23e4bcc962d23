import AjvCompiler, { type BuildCompilerFromPool } from "@fastify/ajv-compiler";
import type { Logger } from "@plinth/module";
import type { FastifyServerOptions } from "fastify";

type Compile = ReturnType<BuildCompilerFromPool>;

/**
 * How the schemas of routes are held against requests. Parameters, queries and headers are text, so
 * they are turned into what the schema asks for; a body says itself what its values are, so a number
 * for a text is refused there. Keys that a schema does not allow are refused, not dropped. What is
 * odd about a schema is said in the log.
 */
export function requestValidators(log: () => Logger): NonNullable<FastifyServerOptions["schemaController"]> {
  const ajvLog = {
    log: (text: string) => log().debug(text),
    warn: (text: string) => log().warn(text),
    error: (text: string) => log().error(text),
  };
  const buildValidator: BuildCompilerFromPool = (externalSchemas, options) => {
    const compiler = (coerceTypes: boolean | "array"): Compile =>
      AjvCompiler.default()(externalSchemas, {
        ...(options?.mode === "JTD" ? {} : options),
        customOptions: { coerceTypes, removeAdditional: false, logger: ajvLog },
      });
    const ofText = compiler("array");
    const ofBody = compiler(false);
    // Fastify hands over the schema together with the part of the request that it is for.
    return (route) => {
      const { httpPart } = route as { readonly httpPart?: string };
      return httpPart === "body" ? ofBody(route) : ofText(route);
    };
  };
  return { compilersFactory: { buildValidator } };
}

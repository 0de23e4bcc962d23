import type { ServerResponse } from "node:http";
import { type HttpProblem, problemType } from "./problem.ts";

/** Answers with a text; a HEAD request gets the headers alone. */
export function respond(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(body), ...headers });
  response.end(body);
}

export function respondJson(response: ServerResponse, status: number, value: unknown): void {
  respond(response, status, "application/json", JSON.stringify(value));
}

export function respondProblem(response: ServerResponse, problem: HttpProblem): void {
  respond(response, problem.statusCode, problemType, JSON.stringify(problem.document), problem.headers);
}

/** The bytes of an answer to a connection on which no request could be read. It closes the connection. */
export function rawProblem({ statusCode, document }: HttpProblem): string {
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${statusCode} ${document.title}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

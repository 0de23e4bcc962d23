/** An answer of the helpdesk. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; `undefined` where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  readonly body: any;
}

/** Somebody who uses the helpdesk over HTTP. */
export interface Client {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

/** A client that is signed in by a token, or by none. */
export function client(url: string, token?: string): Client {
  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  }
  return {
    get: (path) => call("GET", path),
    post: (path, body) => call("POST", path, body),
    put: (path, body) => call("PUT", path, body),
    delete: (path) => call("DELETE", path),
  };
}

/** Signs in; all demo users have the default password. */
export async function signIn(url: string, email: string, password = "try-the-helpdesk"): Promise<Client> {
  const { status, body } = await client(url).post("/identity/sessions", { email, password });
  if (status !== 201) throw new Error(`signing in as ${email} gave ${status}`);
  return client(url, body.token);
}

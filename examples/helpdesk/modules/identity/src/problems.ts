import { HttpProblem } from "@plinth/http";

/** The answer to somebody who registers with the address of another user. */
export function emailTaken(): HttpProblem {
  return new HttpProblem(409, "Somebody has registered with this e-mail address already.", {
    type: "urn:helpdesk:problem:email-taken",
  });
}

/** The answer to a wrong password and to an address of nobody: which of the two is not said. */
export function credentialsRefused(): HttpProblem {
  return new HttpProblem(401, "E-mail address and password do not fit together.", {
    type: "urn:helpdesk:problem:credentials-refused",
    headers: { "www-authenticate": "Bearer" },
  });
}

/** The answer to somebody who tries too often. */
export function tooManyAttempts(waitMs: number): HttpProblem {
  const seconds = Math.ceil(waitMs / 1000);
  return new HttpProblem(429, `Too many attempts: try again in ${seconds} s.`, {
    type: "urn:helpdesk:problem:too-many-attempts",
    headers: { "retry-after": String(seconds) },
  });
}

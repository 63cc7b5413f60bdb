import type { Problem } from '../api.js';

/** A refusal, or that nobody was there to ask: `message` is a sentence, `hint` what to do next. */
export class Refused extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number,
  ) {
    super(problem.message);
    this.name = 'Refused';
  }
}

export interface Question {
  readonly token?: string | undefined;
  /** Sent as JSON with POST; without it the question is a GET. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Asks the gateway. @throws Refused for every answer that is no success, and when there is none. */
export async function ask<Answer>(address: string, question: Question = {}): Promise<Answer> {
  const response = await send(address, question);
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as Answer;
}

/** As `ask`, for the answer as it comes. An abort is thrown as it is. */
export async function send(address: string, { token, body, signal }: Question, more = {}): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...more };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) Object.assign(headers, { 'content-type': 'application/json', 'moot-write': '1' });
  const method = body === undefined ? 'GET' : 'POST';
  try {
    return await fetch(address, {
      method,
      headers,
      signal: signal ?? null,
      credentials: 'omit',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Refused(nobody, 0);
  }
}

export async function refusal(response: Response): Promise<Refused> {
  const said: unknown = await response.json().catch(() => null);
  return new Refused(isProblem(said) ? said : unread(response.status), response.status);
}

/** What to show of anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  return { ...unread(0), message: 'Something in this page failed.', hint: 'Reload the page.' };
}

function isProblem(said: unknown): said is Problem {
  return typeof said === 'object' && said !== null && 'message' in said && typeof said.message === 'string';
}

const nobody: Problem = {
  code: 'unavailable',
  message: 'The gateway cannot be reached.',
  field: null,
  hint: 'Check the connection, and that the gateway still runs; then try again.',
  retryAfterMs: null,
};

function unread(status: number): Problem {
  const message = `The gateway gave an answer that cannot be read (${status}).`;
  return { code: 'internal', message, field: null, hint: 'Try again in a moment.', retryAfterMs: null };
}

import type { Appended, Submission } from '../../core/stores.js';

/** Submissions on their way to the writer: flat, because a thread copies one long list faster than many objects. */
export interface PackedBatch {
  readonly nowMs: number;
  /** About how much it takes. */
  readonly bytes: number;
  readonly fields: readonly (string | number | undefined)[];
}

/** What became of them, in order. */
export interface PackedAcks {
  readonly origin: string;
  /** '' for a refusal. */
  readonly ids: readonly string[];
  /**
   * For each: epoch, seq, date, and a sum of 1 where the key had made its article before and 2 where it is held; for a refusal
   * why (0: for its key, 1 and 2: the day's articles or bytes are used up, 3: too many are held), the quota, and when the next day begins.
   */
  readonly numbers: Float64Array;
}

type Packed = [
  string,
  string | undefined,
  string | undefined,
  string,
  number | undefined,
  string | undefined,
  string | undefined,
  string,
  string,
  string,
  number | undefined,
];
type Refused = Extract<Appended, { readonly refused: unknown }>['refused'];
const submissionWidth = 11;
const ackWidth = 4;

export function packSubmission({ draft, member, key, holdBelow }: Submission): Packed {
  const { topic, author, title, body, publishedAtMs, replyTo, mediaType } = draft;
  const { memberId, memberName } = member;
  return [topic, author, title, body, publishedAtMs, replyTo, mediaType, memberId, memberName, key, holdBelow];
}

export function unpackSubmissions({ fields }: PackedBatch): Submission[] {
  const submissions: Submission[] = [];
  for (let at = 0; at < fields.length; at += submissionWidth) {
    const packed = fields.slice(at, at + submissionWidth) as Packed;
    const [topic, author, title, body, publishedAtMs, replyTo, mediaType, memberId, memberName, key, holdBelow] =
      packed;
    const draft = { topic, author, title, body, publishedAtMs, replyTo, mediaType };
    submissions.push({ draft, member: { memberId, memberName }, key, holdBelow });
  }
  return submissions;
}

export function submissionsIn({ fields }: PackedBatch): number {
  return fields.length / submissionWidth;
}

/** About what a submission takes while it waits. */
export function submissionBytes({ draft, key }: Submission): number {
  return 256 + key.length + 2 * (draft.body.length + (draft.title?.length ?? 0));
}

export function packAcks(origin: string, results: readonly Appended[]): PackedAcks {
  const numbers = new Float64Array(results.length * ackWidth);
  const ids = results.map((result, at) => {
    if ('refused' in result) {
      const { refused } = result;
      if (refused === 'too many are held') numbers.set([3], at * ackWidth);
      else if (refused !== 'key has another draft')
        numbers.set([refused.of === 'articles' ? 1 : 2, refused.most, refused.untilMs], at * ackWidth);
      return '';
    }
    const { epoch, seq, publishedAtMs, duplicate, held, id } = result.published;
    numbers.set([epoch, seq, publishedAtMs, (duplicate ? 1 : 0) + (held ? 2 : 0)], at * ackWidth);
    return id;
  });
  return { origin, ids, numbers };
}

export function unpackAcks({ origin, ids, numbers }: PackedAcks): Appended[] {
  return ids.map((id, entry) => {
    const numbered = numbers.subarray(entry * ackWidth, (entry + 1) * ackWidth);
    if (id === '') return { refused: unpackRefusal(numbered) };
    const [epoch = 0, seq = 0, publishedAtMs = 0, marks = 0] = numbered;
    const published = { id, origin, epoch, seq, publishedAtMs, duplicate: marks % 2 === 1 };
    return { published: marks >= 2 ? { ...published, held: true } : published };
  });
}

function unpackRefusal([why = 0, most = 0, untilMs = 0]: Float64Array): Refused {
  if (why === 0) return 'key has another draft';
  return why === 3 ? 'too many are held' : { of: why === 1 ? 'articles' : 'bytes', most, untilMs };
}

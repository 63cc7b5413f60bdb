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
  /** For each: epoch, seq, date, and 1 where the key had made its article before. */
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
];
const submissionWidth = 10;
const ackWidth = 4;

export function packSubmission({ draft, member, key }: Submission): Packed {
  const { topic, author, title, body, publishedAtMs, replyTo, mediaType } = draft;
  return [topic, author, title, body, publishedAtMs, replyTo, mediaType, member.memberId, member.memberName, key];
}

export function unpackSubmissions({ fields }: PackedBatch): Submission[] {
  const submissions: Submission[] = [];
  for (let at = 0; at < fields.length; at += submissionWidth) {
    const packed = fields.slice(at, at + submissionWidth) as Packed;
    const [topic, author, title, body, publishedAtMs, replyTo, mediaType, memberId, memberName, key] = packed;
    const draft = { topic, author, title, body, publishedAtMs, replyTo, mediaType };
    submissions.push({ draft, member: { memberId, memberName }, key });
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
    if ('refused' in result) return '';
    const { epoch, seq, publishedAtMs, duplicate, id } = result.published;
    numbers.set([epoch, seq, publishedAtMs, duplicate ? 1 : 0], at * ackWidth);
    return id;
  });
  return { origin, ids, numbers };
}

export function unpackAcks({ origin, ids, numbers }: PackedAcks): Appended[] {
  return ids.map((id, entry) => {
    if (id === '') return { refused: 'key has another draft' };
    const at = entry * ackWidth;
    const [epoch = 0, seq = 0, publishedAtMs = 0, duplicate = 0] = numbers.subarray(at, at + ackWidth);
    return { published: { id, origin, epoch, seq, publishedAtMs, duplicate: duplicate === 1 } };
  });
}

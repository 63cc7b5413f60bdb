import type { AskFrame, AskRequest } from '../../src/core/asking.js';
import type { SealedArticle } from '../../src/core/entry.js';
import type { FollowFrame } from '../../src/core/following.js';
import type { Commit } from '../../src/core/log.js';
import type { Row } from '../../src/core/row.js';

/** What messages of the network take, as gRPC sends them; a test holds these figures to the real encoder. */

/** The length that gRPC puts before a message (5), and the head of the HTTP/2 frame around it (9). */
const envelope = 14;
/** An id as a field: 52 characters, a tag and a length. */
const idBytes = 54;
const placeBytes = 60;
const headBytes = 202;
const sealBytes = 231;
/** Limit, order, fan-out, hop, budget. */
const askNumbers = 13;

export function askBytes({ queryId, requestId, visited, have, avoid }: AskRequest): number {
  const ids = visited.length + have.length;
  return (
    envelope + askNumbers + textBytes(queryId) + textBytes(requestId) + ids * idBytes + avoid.length * (2 * idBytes + 2)
  );
}

export function askFrameBytes(frame: AskFrame): number {
  switch (frame.kind) {
    case 'row':
      return envelope + rowBytes(frame.row);
    case 'articles':
      return envelope + frame.articles.reduce((sum, article) => sum + articleBytes(article), 0);
    default:
      return envelope + 4;
  }
}

function rowBytes({ name, via, reason, signed }: Row): number {
  const said = signed ? 3 + signed.statement.length + 34 + 66 : 0;
  return 10 + idBytes + textBytes(name) + (via === '' ? 0 : idBytes) + textBytes(reason) + said;
}

function articleBytes({ bytes, proof }: SealedArticle): number {
  return 3 + bytes.length + sealBytes + proof.path.length * 34 + 15;
}

/** The bytes that a server signs in its row. */
export function statementBytes(queryId: string, { name, links }: Row): number {
  return textBytes(queryId) + idBytes + textBytes(name) + 36 + links.length * idBytes;
}

export function followFrameBytes(frame: FollowFrame): number {
  switch (frame.kind) {
    case 'carrying': {
      const { name, path, head } = frame.carried;
      return envelope + 3 + idBytes * (1 + path.length) + textBytes(name) + placeBytes + (head ? headBytes : 0);
    }
    case 'commits':
      return envelope + frame.commits.reduce((sum, commit) => sum + commitBytes(commit), 0);
    case 'heads':
      return envelope + 4 + frame.heads.length * headBytes;
    default:
      return envelope + placeBytes;
  }
}

function commitBytes({ entries }: Commit): number {
  return entries.reduce((sum, { bytes }) => sum + 3 + (bytes?.length ?? 36), sealBytes + 10);
}

function textBytes(text: string): number {
  return text === '' ? 0 : text.length + 2;
}

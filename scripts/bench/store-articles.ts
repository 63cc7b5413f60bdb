import type { Submission } from '../../src/core/stores.js';

/** Articles as a busy community has them: 260 bytes of text, 100 topics, 1,000 bylines; the same ones in each run. */
export const articleTopics = 100;
const articleAuthors = 1000;
const bodyBytes = 260;

const vocabulary =
  'the of and to in community server article topic peer query network link log seal commit frame writer reader disk sync chess rook pawn raft term leader vote index quorum news feed group thread reply server port stream retry cache shard';

export function* articles(): Generator<Submission, never> {
  const words = vocabulary.split(' ');
  let state = 12_345;
  const below = (end: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
  for (;;) {
    let body = '';
    while (body.length < bodyBytes) body += `${words[below(words.length)]} `;
    const author = `author ${below(articleAuthors)}`;
    const draft = { topic: topicNamed(below(articleTopics)), author, body: body.slice(0, bodyBytes) };
    yield { draft, member: { memberId: `member-${author}`, memberName: author }, key: '' };
  }
}

export function topicNamed(number: number): string {
  return `subject.t${number}`;
}

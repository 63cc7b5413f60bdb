/** Where the rows are asked: the addresses and files of one network that lives as long as the test. */
export interface WrongPlace {
  readonly registry: string;
  readonly folder: string;
  readonly hamlet: { readonly port: string; readonly address: string };
  /** Registered once, gone since. */
  readonly dead: string;
  /** The token of a page of another query. */
  readonly page: string;
  /** A registry where another community has the name Hamlet. */
  readonly second: string;
}

export interface WrongInput {
  readonly what: string;
  readonly command: (place: WrongPlace) => readonly string[];
  /** 2: what was typed cannot be meant; 1: it was refused. */
  readonly status: 1 | 2;
  /** What the sentence must name: the field or flag, and why. */
  readonly says: readonly (string | RegExp)[];
}

const publish =
  (...more: string[]) =>
  (): readonly string[] => ['publish', 'Hamlet', '--topic', 'chess', ...more];
const topic = (name: string) => (): readonly string[] => ['publish', 'Hamlet', '--topic', name, '--body', 'b'];
const query =
  (...more: string[]) =>
  (): readonly string[] => ['query', 'Hamlet', ...more];
const row = (
  what: string,
  command: WrongInput['command'],
  status: 1 | 2,
  ...says: (string | RegExp)[]
): WrongInput => ({ what, command, status, says });

const publishing: readonly WrongInput[] = [
  row('an empty title', publish('--title', '', '--body', 'b'), 1, /title/),
  row('a blank title', publish('--title', '   ', '--body', 'b'), 1, /title/),
  row('a title of 301 characters', publish('--title', 'x'.repeat(301), '--body', 'b'), 1, /title/, '300'),
  row('a title with control characters', publish('--title', 'a\u0007b', '--body', 'b'), 1, /title/),
  row('an empty body', publish('--body', ''), 1, /body/),
  row('a blank body', publish('--body', ' \n '), 1, /body/),
  row(
    'a body over 256 KiB',
    ({ folder }) => [...publish()(), '--file', `${folder}/large.txt`],
    2,
    'large.txt',
    '262144',
  ),
  row('a body with control characters', publish('--body', 'a\u0001b'), 1, /body/),
  row('a body that is not UTF-8', ({ folder }) => [...publish()(), '--file', `${folder}/latin.txt`], 2, 'not UTF-8'),
  row('no body', publish(), 2, 'no body', '--body'),
  row('a body that is no file', publish('--file', 'nowhere.txt'), 2, 'nowhere.txt', 'no such file'),
  row('an empty topic', topic(''), 2, '--topic'),
  row('a blank topic', topic('  '), 2, '--topic'),
  row('a topic of 65 characters', topic('x'.repeat(65)), 2, '--topic', '64'),
  row('a topic with control characters', topic('a\u0000b'), 2, '--topic'),
  row('a topic that is not taken here', topic('weather'), 1, 'topic weather is not taken here', 'chess'),
  row('a reply to what is no id', publish('--body', 'b', '--reply-to', 'me'), 2, '--reply-to'),
  row(
    'publishing before joining',
    () => ['publish', 'Othello', '--topic', 'x', '--body', 'b'],
    1,
    'not a member',
    'moot join',
  ),
];

const asking: readonly WrongInput[] = [
  row('a date that is no date', query('--since', '2026-02-30'), 2, '--since', 'not a date'),
  row('since after until', query('--since', '2026-02-02', '--until', '2026-02-01'), 2, /since/i, /until/i),
  ...['0', '-1', '501', '1000000000', 'many'].map((limit) =>
    row(`limit ${limit}`, query(`--limit=${limit}`), 2, '--limit', 'from 1 to 500', limit),
  ),
  row('a garbage page token', query('--page', 'garbage'), 1, /page/),
  row('the page token of another query', ({ page }) => ['query', 'Hamlet', '--author', 'x', '--page', page], 1, /page/),
  row('a fan-out of 65', query('--fan-out', '65'), 2, '--fan-out', '64'),
];

const servers: readonly WrongInput[] = [
  row('an unknown SERVER', () => ['query', 'Hamlt'], 1, 'Hamlt', 'did you mean Hamlet'),
  row(
    'an ambiguous SERVER',
    ({ registry, second }) => ['join', 'Hamlet', '--registry', registry, '--registry', second],
    1,
    'Hamlet',
    /may be Hamlet .*, Hamlet .*/,
  ),
  row('a dead SERVER', ({ dead }) => ['query', dead], 1, /cannot be reached|does not answer/),
  row('a link to itself', () => ['connect', 'Hamlet', 'Hamlet'], 1, 'itself'),
  row('a link that is there', () => ['connect', 'Hamlet', 'Othello'], 1, 'already'),
  row('a link to a dead server', ({ dead }) => ['connect', 'Hamlet', dead], 1, /cannot be reached|does not answer/),
  row(
    'a wrong operator token',
    ({ folder }) => ['peers', 'Hamlet', '--operator-token-file', `${folder}/wrong.token`],
    1,
    'operator',
  ),
  row('joining twice', () => ['join', 'Hamlet', '--as', 'ada'], 1, 'member of Hamlet already', 'moot leave'),
  row('leaving unjoined', () => ['leave', 'Othello'], 1, 'not a member of Othello', 'moot join'),
  ...[
    ['65 characters', 'n'.repeat(65)],
    ['only dots', '...'],
    ['control characters', 'a\u0007b'],
  ].flatMap(([what = '', name = '']) => [
    row(`joining under a name of ${what}`, () => ['join', 'Othello', '--as', name], 2, '--as'),
    row(`a server's name of ${what}`, () => ['server', '0', '--name', name], 2, '--name'),
  ]),
  row('the registry away', () => ['servers', '--registry', 'localhost:1'], 1, 'does not answer', 'moot registry'),
];

const files: readonly WrongInput[] = [
  row(
    'importing broken lines',
    ({ folder }) => ['import', 'Hamlet', `${folder}/broken.ndjson`],
    1,
    'broken.ndjson:1',
    'not JSON',
  ),
  row('importing an empty file', ({ folder }) => ['import', 'Hamlet', `${folder}/empty.ndjson`], 2, 'empty'),
  row('importing a folder', ({ folder }) => ['import', 'Hamlet', folder], 2, 'folder'),
  row('importing what is not there', () => ['import', 'Hamlet', 'nowhere.ndjson'], 2, 'no such file'),
  row('a port in use', ({ hamlet }) => ['server', hamlet.port, '--data', 'other'], 1, /in use/),
  row('a port of 70000', () => ['server', '70000'], 2, 'PORT', '70000'),
  row('a registry port of 70000', () => ['registry', '--port', '70000'], 2, '--port', '65535'),
  row('a data folder in use', ({ folder }) => ['server', '0', '--data', `${folder}/Hamlet`], 1, 'in use by process'),
  row(
    'a data folder that is a file',
    ({ folder }) => ['server', '0', '--data', `${folder}/wrong.token`],
    1,
    'a file is in its place',
  ),
  row('an unknown flag', query('--topc', 'chess'), 2, '--topc', '--topic'),
  row('a flag of no command', query('--zzzzzz'), 2, '--zzzzzz', 'moot query --help'),
  row('an unknown command', () => ['qurey', 'Hamlet'], 2, 'qurey', 'moot query'),
  row('no SERVER', () => ['query'], 2, 'server'),
];

export const wrongInputs: readonly WrongInput[] = [...publishing, ...asking, ...servers, ...files];

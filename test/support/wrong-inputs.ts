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
  /** `usage`, status 2: what was typed cannot be meant. Any other, status 1: it was refused. */
  readonly code: string;
  /** What is at fault, as scripts are told; null where it is none of what was sent. */
  readonly field: string | null;
  /** What the sentence for people must name, and why. */
  readonly says: readonly (string | RegExp)[];
  readonly env: Readonly<Record<string, string>>;
}

const row = (
  what: string,
  command: WrongInput['command'],
  code: string,
  field: string | null,
  ...says: (string | RegExp)[]
): WrongInput => ({ what, command, code, field, says, env: {} });

const publish =
  (...more: string[]) =>
  (): readonly string[] => ['publish', 'Hamlet', '--topic', 'chess', ...more];
const withFile =
  (name: string) =>
  ({ folder }: WrongPlace): readonly string[] => [...publish()(), '--file', `${folder}/${name}`];
const topic = (name: string) => (): readonly string[] => ['publish', 'Hamlet', '--topic', name, '--body', 'b'];
const query =
  (...more: string[]) =>
  (): readonly string[] => ['query', 'Hamlet', ...more];
const words =
  (...argv: string[]) =>
  (): readonly string[] =>
    argv;

const publishing: readonly WrongInput[] = [
  row('an empty title', publish('--title', '', '--body', 'b'), 'invalid', 'title', 'title is blank'),
  row('a blank title', publish('--title', '   ', '--body', 'b'), 'invalid', 'title', 'title is blank'),
  row(
    'a title of 301 characters',
    publish('--title', 'x'.repeat(301), '--body', 'b'),
    'invalid',
    'title',
    '301',
    '300',
  ),
  row('a title with control characters', publish('--title', 'a\u0007b', '--body', 'b'), 'invalid', 'title', 'U+0007'),
  row('an empty body', publish('--body', ''), 'invalid', 'body', 'body is required'),
  row('a blank body', publish('--body', ' \n '), 'invalid', 'body', 'body is required'),
  row('a body over 256 KiB', publish('--body', 'x'.repeat(262_145)), 'invalid', 'body', '262145', '262144'),
  row('a file over 256 KiB', withFile('large.txt'), 'usage', 'body', 'large.txt', '262144'),
  row('a body with control characters', publish('--body', 'a\u0001b'), 'invalid', 'body', 'U+0001'),
  row('a body that is not UTF-8', withFile('latin.txt'), 'usage', 'body', 'latin.txt', 'not UTF-8'),
  row('no body', publish(), 'usage', 'body', 'no body', '--body'),
  row('a body that is no file', withFile('nowhere.txt'), 'usage', 'file', 'nowhere.txt', 'no such file'),
  row('a body that is a folder', withFile('Hamlet'), 'usage', 'file', 'Hamlet', 'folder'),
  row('an empty topic', topic(''), 'usage', 'topic', '--topic'),
  row('a blank topic', topic('  '), 'usage', 'topic', '--topic'),
  row('a topic of 65 characters', topic('x'.repeat(65)), 'usage', 'topic', '--topic', '64'),
  row('a topic with control characters', topic('a\u0000b'), 'usage', 'topic', '--topic'),
  row('a topic that is not taken here', topic('weather'), 'invalid', 'topic', 'topic weather is not taken', 'chess'),
  row('no topic', words('publish', 'Hamlet', '--body', 'b'), 'usage', 'topic', '--topic', 'publish --help'),
  row('a reply to what is no id', publish('--body', 'b', '--reply-to', 'me'), 'usage', 'replyTo', '--reply-to'),
  row('a key of 129 characters', publish('--body', 'b', '--key', 'k'.repeat(129)), 'usage', 'key', '129', '128'),
  row('a byline with control characters', publish('--body', 'b', '--author', 'a\u0007'), 'invalid', 'author', 'author'),
  row(
    'publishing before joining',
    words('publish', 'Othello', '--topic', 'x', '--body', 'b'),
    'unauthenticated',
    'server',
    'not a member',
    'moot join',
  ),
];

const asking: readonly WrongInput[] = [
  row('a date that is no date', query('--since', '2026-02-30'), 'usage', 'since', '--since', 'not a date'),
  row('an end that is no date', query('--until', 'tomorrow'), 'usage', 'until', '--until', 'not a date'),
  row(
    'since after until',
    query('--since', '2026-02-02', '--until', '2026-02-01'),
    'usage',
    'since',
    'since is not before until',
  ),
  ...['0', '-1', '501', '1000000000', '1e9', 'many'].map((limit) =>
    row(`limit ${limit}`, query(`--limit=${limit}`), 'usage', 'limit', '--limit', 'from 1 to 500', limit),
  ),
  row('a garbage page token', query('--page', 'garbage'), 'invalid', 'pageToken', /page/),
  row(
    'the page token of another query',
    ({ page }) => [...query('--author', 'x')(), '--page', page],
    'invalid',
    'pageToken',
    /page/,
  ),
  row('a fan-out of 65', query('--fan-out', '65'), 'usage', 'fanOut', '--fan-out', '64'),
  row('an origin that is no id', query('--origin', 'Hamlet'), 'usage', 'origin', 'origin is not an id'),
  row('words that are none', query('--text', '...'), 'usage', 'text', 'no word'),
  row('a scope that is none', query('--scope', 'world'), 'usage', 'scope', '--scope', 'local, network'),
  row('asking before joining', words('query', 'Othello'), 'unauthenticated', 'server', 'not a member', 'moot join'),
];

const servers: readonly WrongInput[] = [
  row('an unknown SERVER', words('query', 'Hamlt'), 'not_found', 'server', 'Hamlt', 'did you mean Hamlet'),
  row('a SERVER like no other', words('query', 'Fortinbras'), 'not_found', 'server', 'Fortinbras', 'moot servers'),
  row(
    'an ambiguous SERVER',
    ({ registry, second }) => ['join', 'Hamlet', '--registry', registry, '--registry', second],
    'invalid',
    'server',
    /may be Hamlet \(.* at localhost:\d+\), Hamlet \(.* at localhost:\d+\)\ntry: the id or the address of one, as in localhost:/,
  ),
  row('a dead SERVER', ({ dead }) => ['query', dead], 'unavailable', null, 'cannot be reached'),
  row('a SERVER on no port', words('query', 'localhost:x'), 'invalid', 'address', 'localhost:x', 'not a port'),
  row('a link to itself', words('connect', 'Hamlet', 'Hamlet'), 'invalid', 'id', 'itself'),
  row('a link that is there', words('connect', 'Hamlet', 'Othello'), 'already_exists', 'id', 'already'),
  row('a link to a dead server', ({ dead }) => ['connect', 'Hamlet', dead], 'unavailable', null, 'cannot be reached'),
  row('a link to what is unknown', words('connect', 'Hamlet', 'Othelo'), 'not_found', 'server', 'did you mean Othello'),
  row('a link away that is none', words('disconnect', 'Othello', 'Hamlet'), 'not_found', null, 'no link', 'moot peers'),
  row(
    'a wrong operator token',
    ({ folder }) => ['peers', 'Hamlet', '--operator-token-file', `${folder}/wrong.token`],
    'unauthenticated',
    null,
    'operator',
    '--operator-token-file',
  ),
  row(
    'no operator token',
    words('peers', 'Hamlet', '--operator-token-file', 'nowhere'),
    'unauthenticated',
    'operatorToken',
    'nowhere',
    '--operator-token-file',
  ),
  row(
    'joining twice',
    words('join', 'Hamlet', '--as', 'ada'),
    'already_exists',
    'server',
    'member of Hamlet already',
    'moot leave',
  ),
  row('leaving unjoined', words('leave', 'Othello'), 'unauthenticated', 'server', 'not a member', 'moot join'),
  ...[
    ['65 characters', 'n'.repeat(65)],
    ['only dots', '...'],
    ['control characters', 'a\u0007b'],
    ['nothing', ''],
  ].flatMap(([what = '', name = '']) => [
    row(`joining under a name of ${what}`, words('join', 'Othello', '--as', name), 'usage', 'as', '--as'),
    row(`a server's name of ${what}`, words('server', '0', '--name', name), 'usage', 'name', '--name'),
  ]),
  row(
    'the registry away',
    words('servers', '--registry', 'localhost:1'),
    'unavailable',
    'registry',
    'does not answer',
    'moot registry',
  ),
];

const importing =
  (name: string) =>
  ({ folder }: WrongPlace): readonly string[] => ['import', 'Hamlet', `${folder}/${name}`];
const server =
  (port: string, data: string, ...more: string[]) =>
  ({ folder }: WrongPlace): readonly string[] => ['server', port, '--data', `${folder}/${data}`, ...more];

const files: readonly WrongInput[] = [
  row('importing broken lines', importing('broken.ndjson'), 'invalid', 'line', 'broken.ndjson:1', 'not JSON'),
  row('importing a line that is not UTF-8', importing('latin.txt'), 'invalid', 'line', 'latin.txt:1', 'not UTF-8'),
  row('importing a line without a body', importing('bodiless.ndjson'), 'invalid', 'body', 'bodiless.ndjson:1', 'body'),
  row('importing a bad date', importing('dated.ndjson'), 'invalid', 'publishedAt', 'dated.ndjson:1', 'ISO 8601'),
  row('importing what is not taken', importing('weather.ndjson'), 'invalid', 'topic', 'weather.ndjson:1', 'not taken'),
  row('importing a folder', importing('Hamlet'), 'usage', 'file', 'is a folder', '*.ndjson'),
  row('importing what is not there', importing('nowhere.ndjson'), 'usage', 'file', 'no such file'),
  row(
    'a port in use',
    ({ hamlet, folder }) => ['server', hamlet.port, '--data', `${folder}/other`],
    'already_exists',
    'port',
    'in use',
    'another port',
  ),
  row('a port of 70000', words('server', '70000'), 'usage', 'port', 'PORT', '70000'),
  row('a registry port of 70000', words('registry', '--port', '70000'), 'usage', 'port', '--port', '65535'),
  row('a host of another machine', server('0', 'other', '--host', '192.0.2.1'), 'denied', 'host', '--insecure'),
  row(
    'an address that is not here',
    server('0', 'other', '--host', '192.0.2.1', '--insecure'),
    'invalid',
    'host',
    'not an address of this machine',
  ),
  row('a data folder in use', server('0', 'Hamlet'), 'already_exists', 'data', /in use by process \d+/),
  row('a data folder that is a file', server('0', 'wrong.token'), 'unavailable', 'data', 'a file is in its place'),
  row('a read-only data folder', server('0', 'read-only/data'), 'unavailable', 'data', /read-only|permission denied/),
  row('a store that is none', server('0', 'stored', '--store', 'mysql:x'), 'invalid', 'store', 'mysql:x', 'sqlite:'),
];

const misspelt: readonly WrongInput[] = [
  row('an unknown flag', query('--topc', 'chess'), 'usage', 'topc', '--topc', 'try: --topic'),
  row('a flag of no command', query('--zzzzzz'), 'usage', 'zzzzzz', '--zzzzzz', 'moot query --help'),
  row('a flag without its value', query('--limit'), 'usage', 'limit', '--limit', 'moot query --help'),
  ...[
    ['qurey', 'query'],
    ['serves', 'server'],
    ['jion', 'join'],
    ['publsh', 'publish'],
    ['conect', 'connect'],
  ].map(([typed = '', meant = '']) =>
    row(`${typed}, which is ${meant}`, words(typed, 'Hamlet'), 'usage', 'command', typed, `try: moot ${meant}`),
  ),
  row('an unknown command', words('frobnicate'), 'usage', 'command', 'frobnicate', 'moot --help'),
  row('no SERVER', words('query'), 'usage', 'server', 'server'),
  row('one word too many', words('query', 'Hamlet', 'Othello'), 'usage', 'arguments', 'too many'),
  row('a map in no such format', words('map', '--format', 'svg'), 'usage', 'format', 'svg', 'mermaid'),
  row('a top of no lines', words('top', '--count', '0'), 'usage', 'count', '--count'),
  row('a walk from nobody', words('map', '--walk', 'Nobody'), 'not_found', 'server', 'Nobody', 'moot servers'),
  row('a timeout that is none', words('servers', '--timeout', '5'), 'usage', 'timeout', '--timeout', '5s'),
  row('a registry that is no address', words('servers', '--registry', 'x'), 'usage', 'registry', 'HOST:PORT'),
  {
    ...row('an unknown variable', words('servers'), 'usage', 'MOOT_TIMEOT', 'try: MOOT_TIMEOUT'),
    env: { MOOT_TIMEOT: '5s' },
  },
  {
    ...row(
      'a variable with a bad value',
      words('servers'),
      'usage',
      'MOOT_TIMEOUT',
      'MOOT_TIMEOUT: --timeout "5"',
      '5s',
    ),
    env: { MOOT_TIMEOUT: '5' },
  },
];

export const wrongInputs: readonly WrongInput[] = [...publishing, ...asking, ...servers, ...files, ...misspelt];

/** What a row starts from: files that were made once, and an address where somebody listens. */
export interface BadPlace {
  readonly folder: string;
  /** A port where a registry listens. */
  readonly taken: string;
}

export interface BadConfiguration {
  readonly what: string;
  /** After `moot`; `DATA` is a folder that is not there. */
  readonly command: (place: BadPlace) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The text of config.toml. */
  readonly toml: string | undefined;
  /** 2: what was written cannot be meant. 1: it was refused. 65: it is damaged. */
  readonly status: 1 | 2 | 65;
  readonly says: readonly (string | RegExp)[];
  /** The line that begins `try:`. */
  readonly hint: string | RegExp;
}

type More = Partial<Pick<BadConfiguration, 'env' | 'toml'>>;

function row(
  what: string,
  command: readonly string[] | BadConfiguration['command'],
  status: BadConfiguration['status'],
  says: BadConfiguration['says'],
  hint: BadConfiguration['hint'],
  { env = {}, toml }: More = {},
): BadConfiguration {
  return { what, command: typeof command === 'function' ? command : () => command, env, toml, status, says, hint };
}

const server = (...flags: string[]): readonly string[] => ['server', '0', '--data', 'DATA', '--name', 'Bad', ...flags];
const registry = (...flags: string[]): readonly string[] => ['registry', '--port', '0', ...flags];
const folder = (name: string): readonly string[] => ['server', '0', '--data', name];
const tls = (cert: string, key: string): readonly string[] => server('--tls-cert', cert, '--tls-key', key);
const long = 'n'.repeat(65);

const listening: readonly BadConfiguration[] = [
  row('a public address in plaintext', server('--host', '0.0.0.0'), 1, ['0.0.0.0', 'plaintext'], '--tls-cert FILE'),
  row('a registry in plaintext', registry('--host', '0.0.0.0'), 1, ['0.0.0.0', 'plaintext'], '--tls-cert FILE'),
  row(
    'a wildcard that nobody can dial',
    server('--host', '0.0.0.0', '--insecure'),
    1,
    ['others cannot dial 0.0.0.0'],
    '--advertise HOST:PORT',
  ),
  row(
    'a wildcard that is advertised',
    server('--advertise', '0.0.0.0:50052'),
    1,
    ['others cannot dial 0.0.0.0:50052'],
    '--advertise HOST:PORT',
  ),
  row('port 0 advertised', server('--advertise', 'a.org:0'), 1, ['others cannot dial a.org:0'], '--advertise'),
  row(
    'a URL advertised',
    server('--advertise', 'https://a.org:443'),
    1,
    ['advertise "https', 'not HOST:PORT'],
    'write',
  ),
  row('a socket advertised', server('--advertise', 'unix:/a'), 1, ['advertise "unix:/a" is not HOST:PORT'], 'write'),
  row('a host that is a socket', server('--host', 'unix:/a'), 1, ['host "unix:/a"', 'no IP address'], '--host 127.'),
  row(
    'a host of another machine',
    server('--host', '192.0.2.1', '--insecure'),
    1,
    ['192.0.2.1 is not an address of this machine'],
    '--host 127.0.0.1',
  ),
  row('a port of 70000', ['server', '70000', '--data', 'DATA'], 2, ['PORT "70000"', '65535'], '50052'),
  row('port 0 without a name', ['server', '0'], 2, ['port 0 needs --name or --data'], 'moot server 0 --name'),
  row(
    'a port in use',
    ({ taken }) => ['server', taken, '--data', 'DATA'],
    1,
    [/port \d+ of 127.0.0.1 is in use/],
    'another port',
  ),
];

const certificates: readonly BadConfiguration[] = [
  row('a certificate without its key', server('--tls-cert', 'c.pem'), 2, ['--tls-cert needs --tls-key'], '--tls-key'),
  row('a key without its certificate', server('--tls-key', 'c.key'), 2, ['--tls-key needs --tls-cert'], '--tls-cert'),
  row('the key of another', tls('c.pem', 'other.key'), 1, ['other.key is not the key', 'c.pem'], '--tls-key FILE'),
  row('a key that is missing', tls('c.pem', 'none'), 1, ['--tls-key none cannot be read', 'no such'], '--tls-key FILE'),
  row('a key that is a folder', tls('c.pem', 'empty'), 1, ['--tls-key empty cannot be read'], '--tls-key FILE'),
  row('a key that is none', tls('c.pem', 'text'), 1, ['--tls-key text does not hold'], '--tls-key FILE'),
  row('a certificate that is none', tls('text', 'c.key'), 1, ['--tls-cert text does not hold'], '--tls-cert FILE'),
  row('an authority that is none', server('--tls-ca', 'text'), 2, ['--tls-ca text', 'no certificate'], '--tls-ca FILE'),
  row('an authority that is missing', server('--tls-ca', 'none'), 2, ['--tls-ca none cannot be read'], '--tls-ca FILE'),
];

const written: readonly BadConfiguration[] = [
  row('a key nearly right', server(), 2, ['config.toml', '"tiemout"'], 'timeout', { toml: 'tiemout = "9s"' }),
  row('a key nearly right in its table', server(), 2, ['"server.admision"'], 'admission', {
    toml: '[server]\nadmision = "open"',
  }),
  row('an unknown table', server(), 2, ['config.toml', '"sevrer"'], 'server', { toml: '[sevrer]\nname = "x"' }),
  row('a value of the wrong type', server(), 2, ['timeout is the number 5'], 'timeout = "5s"', { toml: 'timeout = 5' }),
  row('a file that is no TOML', server(), 2, ['config.toml:2:'], 'key = "value"', { toml: '[server]\nname = "x' }),
  row('no members in the file', server(), 2, ['config.toml: server.max-members', 'at least 1'], '--max-members 1', {
    toml: '[server]\nmax-members = 0',
  }),
  row('a variable nearly right', server(), 2, ['MOOT_TIMEOT'], 'MOOT_TIMEOUT', { env: { MOOT_TIMEOT: '5s' } }),
  row('no members in a variable', server(), 2, ['MOOT_SERVER_MAX_MEMBERS', 'at least 1'], '--max-members 1', {
    env: { MOOT_SERVER_MAX_MEMBERS: '0' },
  }),
  row(
    'an unknown level in a variable',
    server(),
    2,
    ['MOOT_SERVER_PEERING "all"', 'closed'],
    'MOOT_SERVER_PEERING=open',
    {
      env: { MOOT_SERVER_PEERING: 'all' },
    },
  ),
  row('a registry that is no address', server(), 2, ['MOOT_REGISTRY "x" is not HOST:PORT'], 'localhost:', {
    env: { MOOT_REGISTRY: 'x' },
  }),
];

const values: readonly BadConfiguration[] = [
  row('a name of 65 characters', server('--name', long), 2, ['--name has 65 characters', '64'], '--name Hamlet'),
  row('a name of dots', server('--name', '...'), 2, ['--name "..."', 'dots'], '--name Hamlet'),
  row('a topic that is none', server('--topics', 'a,b c'), 2, ['--topics "b c" is not a topic'], '--topics'),
  row('no members', server('--max-members', '0'), 2, ['--max-members', 'at least 1', '"0"'], '--max-members 1'),
  row('days less than none', server('--mirror-days=-1'), 2, ['--mirror-days', 'from 1 to'], '--mirror-days 1'),
  row('a century too many', server('--mirror-days', '99999'), 2, ['--mirror-days'], '--mirror-days 36500'),
  row('a lease too short', registry('--lease', '10ms'), 2, ['--lease 10ms is too short'], '--lease 1s'),
  row('a lease that is none', registry('--lease', '5'), 2, ['--lease "5" is not a duration'], '5s'),
  row('an unknown admission', server('--admission', 'invit'), 2, ['--admission "invit"'], '--admission invite'),
  row('an unknown peering', server('--peering', 'all'), 2, ['--peering "all"', 'closed'], '--peering'),
  row('an unknown store', server('--store', 'mysql:x'), 1, ['store "mysql:x"'], 'sqlite:FILE'),
  row('an unknown bus', server('--bus', 'redis://a:p4ss@b'), 1, ['bus "redis://…@b" is not one'], 'nats://HOST:4222'),
  row('a bus at no port', server('--bus', 'nats://b:x'), 1, ['b:x is not HOST:PORT'], 'nats://HOST:4222'),
  row('a store in no folder', server('--store', 'sqlite:none/x.db'), 1, ['--store sqlite:none/x.db'], 'mkdir -p'),
  row(
    'a store that is a folder',
    server('--store', 'sqlite:empty'),
    1,
    ['--store sqlite:empty is a folder'],
    '--store',
  ),
  row('an empty data folder', ['server', '0', '--data', ''], 2, ['--data is empty'], 'without --data'),
];

const folders: readonly BadConfiguration[] = [
  row('a data folder in use', folder('used'), 1, [/data folder used is in use by process \d+/], /./),
  row(
    'a data folder that is a file',
    folder('text'),
    1,
    ['data folder text', 'a file is in its place'],
    'name a folder',
  ),
  row(
    'a data folder on a disk that is read-only',
    folder('/proc/moot'),
    1,
    [/data folder \/proc\/moot cannot be used: /],
    'name a folder',
  ),
  row('a database of a newer version', folder('newer'), 65, ['format 999', 'this version'], 'version of moot'),
  row('a database that lost its end', folder('cut'), 65, ['the database is damaged'], 'put a copy in its place'),
  row('a database that is none', folder('foreign'), 65, ['the file is no database'], 'put a copy in its place'),
  row(
    'a key that is no identity',
    folder('keyless'),
    65,
    ['keyless/identity.pem holds no identity'],
    'put back a copy',
  ),
  row('no key beside a database', folder('lost'), 1, ['there is no identity lost/identity.pem'], '--identity FILE'),
  row('the key of another community', folder('mixed'), 1, ['another community’s'], 'identity file'),
  row('a token that is none', folder('tokenless'), 65, ['tokenless/operator.token holds no token'], 'delete it'),
  row('an identity that is none', server('--identity', 'text'), 65, ['text holds no identity'], 'put back a copy'),
  row(
    'an identity that is a folder',
    server('--identity', 'empty'),
    1,
    ['identity empty cannot be read'],
    '--identity',
  ),
  row('a home that is a file', server('--home', 'text'), 1, ['home text cannot be used'], '--home'),
];

export const badConfigurations: readonly BadConfiguration[] = [
  ...listening,
  ...certificates,
  ...written,
  ...values,
  ...folders,
];

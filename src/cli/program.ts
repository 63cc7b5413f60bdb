import { Command } from 'commander';
import { clientVerb } from './commands/client.js';
import { configVerb } from './commands/config.js';
import { connectVerb } from './commands/connect.js';
import { connectorVerb } from './commands/connector.js';
import { demoVerb } from './commands/demo.js';
import { disconnectVerb } from './commands/disconnect.js';
import { doctorVerb } from './commands/doctor.js';
import { importVerb } from './commands/import.js';
import { joinVerb } from './commands/join.js';
import { leaveVerb } from './commands/leave.js';
import { peersVerb } from './commands/peers.js';
import { publishVerb } from './commands/publish.js';
import { queryVerb } from './commands/query.js';
import { registryVerb } from './commands/registry.js';
import { serverVerb } from './commands/server.js';
import { serversVerb } from './commands/servers.js';
import { addGlobalFlags } from './settings.js';
import { examples, type Runner, type Verb } from './verb.js';

const verbs: readonly Verb[] = [
  registryVerb,
  serverVerb,
  serversVerb,
  joinVerb,
  leaveVerb,
  publishVerb,
  importVerb,
  queryVerb,
  connectVerb,
  disconnectVerb,
  peersVerb,
  clientVerb,
  connectorVerb,
  demoVerb,
  configVerb,
  doctorVerb,
];

export interface ProgramParts {
  readonly version: string;
  readonly runner: Runner;
  /** Takes the help and the version. */
  readonly print: (text: string) => void;
}

/** `moot` with all its commands. It ends no process and writes nothing by itself: errors are thrown. */
export function createProgram({ version, runner, print }: ProgramParts): Command {
  const program = new Command('moot')
    .description('A federated community network: communities keep their own servers and read each other.')
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined })
    .configureHelp({ showGlobalOptions: true })
    .version(version, '--version', 'the version of this program')
    .helpOption('--help', 'this help')
    .addHelpText(
      'after',
      examples('moot demo', 'moot servers', 'moot join Server50052', 'moot query Server50052 --text chess') +
        '\nSERVER is an exact name, the start of an id (6 characters or more), or HOST:PORT.\n',
    );
  addGlobalFlags(program);
  for (const verb of verbs) verb(program, runner);
  return program;
}

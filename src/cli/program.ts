import { Command } from 'commander';
import { admitVerb } from './commands/admit.js';
import { approveVerb } from './commands/approve.js';
import { auditVerb } from './commands/audit.js';
import { backupVerb } from './commands/backup.js';
import { bansVerb } from './commands/bans.js';
import { chatVerb } from './commands/chat.js';
import { clientVerb } from './commands/client.js';
import { completeVerb, completionVerb } from './commands/completion.js';
import { configVerb } from './commands/config.js';
import { connectVerb } from './commands/connect.js';
import { connectorVerb } from './commands/connector.js';
import { demoVerb } from './commands/demo.js';
import { deniedVerb } from './commands/denied.js';
import { denyVerb } from './commands/deny.js';
import { disconnectVerb } from './commands/disconnect.js';
import { doctorVerb } from './commands/doctor.js';
import { heldVerb } from './commands/held.js';
import { hiddenVerb } from './commands/hidden.js';
import { hideVerb, unhideVerb } from './commands/hide.js';
import { importVerb } from './commands/import.js';
import { inviteVerb } from './commands/invite.js';
import { invitesVerb } from './commands/invites.js';
import { joinVerb } from './commands/join.js';
import { keysVerb } from './commands/keys.js';
import { leaveVerb } from './commands/leave.js';
import { mapVerb } from './commands/map.js';
import { membersVerb } from './commands/members.js';
import { migrateVerb } from './commands/migrate.js';
import { peersVerb } from './commands/peers.js';
import { demoteVerb, promoteVerb } from './commands/promote.js';
import { publishVerb } from './commands/publish.js';
import { publisherVerb } from './commands/publisher.js';
import { queryVerb } from './commands/query.js';
import { refuseVerb } from './commands/refuse.js';
import { registryVerb } from './commands/registry.js';
import { refuseArticleVerb, releaseVerb } from './commands/release.js';
import { removeVerb } from './commands/remove.js';
import { requestsVerb } from './commands/requests.js';
import { restoreVerb } from './commands/restore.js';
import { retractVerb } from './commands/retract.js';
import { serverVerb } from './commands/server.js';
import { serversVerb } from './commands/servers.js';
import { shellVerb } from './commands/shell.js';
import { subscribeVerb } from './commands/subscribe.js';
import { subscriberVerb } from './commands/subscriber.js';
import { tokensVerb } from './commands/tokens.js';
import { topVerb } from './commands/top.js';
import { traceVerb } from './commands/trace.js';
import { unbanVerb } from './commands/unban.js';
import { webVerb } from './commands/web.js';
import { addGlobalFlags } from './settings.js';
import { examples, type Runner, type Verb } from './verb.js';

/** In the order of the help; a string begins a group. */
const verbs: readonly (Verb | string)[] = [
  'Run a network:',
  registryVerb,
  serverVerb,
  webVerb,
  demoVerb,
  'Take part:',
  serversVerb,
  joinVerb,
  leaveVerb,
  membersVerb,
  publishVerb,
  importVerb,
  queryVerb,
  subscribeVerb,
  retractVerb,
  traceVerb,
  'See the network:',
  mapVerb,
  topVerb,
  'Work at a terminal:',
  clientVerb,
  connectorVerb,
  shellVerb,
  chatVerb,
  publisherVerb,
  subscriberVerb,
  'Link communities:',
  connectVerb,
  disconnectVerb,
  peersVerb,
  approveVerb,
  denyVerb,
  deniedVerb,
  'Look after a community:',
  inviteVerb,
  invitesVerb,
  requestsVerb,
  admitVerb,
  refuseVerb,
  removeVerb,
  bansVerb,
  unbanVerb,
  promoteVerb,
  demoteVerb,
  tokensVerb,
  hideVerb,
  unhideVerb,
  hiddenVerb,
  heldVerb,
  releaseVerb,
  refuseArticleVerb,
  auditVerb,
  'Set up and check:',
  configVerb,
  completionVerb,
  completeVerb,
  doctorVerb,
  keysVerb,
  migrateVerb,
  backupVerb,
  restoreVerb,
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
  for (const verb of verbs)
    if (typeof verb === 'string') program.commandsGroup(verb);
    else verb(program, runner);
  program.helpCommand('help [command]', 'this help, or that of a command');
  return program;
}

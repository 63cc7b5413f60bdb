import type { Command as Program } from 'commander';

export interface RoleFlags {
  readonly id?: string;
  readonly ownPort?: string;
  readonly host: string;
  readonly port: string;
  readonly file?: string;
  readonly strict?: boolean;
}

export function addRoleFlags(program: Program): Program {
  return program
    .option('-i, --id <name>', 'its name there (default: your login name); it joins by itself')
    .option('-r, --own-port <port>', 'not needed; old command lines have it')
    .option('-H, --host <host>', 'where the community is', 'localhost')
    .requiredOption('-p, --port <port>', 'the port of the community')
    .option('-f, --file <file>', 'commands to begin with, SECONDS verb TOPIC [WORDS…], one a line')
    .option('--strict', 'exit with status 1 when a line of the file was wrong or refused');
}

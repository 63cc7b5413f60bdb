import { Argument } from 'commander';
import { bashScript } from '../completion/bash-script.js';
import { candidatesFor } from '../completion/candidates.js';
import { knownServers } from '../completion/known-network.js';
import { placeOf } from '../completion/wanted.js';
import { oneLine } from '../render/plain.js';
import { examples, type Verb } from '../verb.js';

const install = `
bash  in ~/.bashrc: eval "$(moot completion bash)"
zsh   in ~/.zshrc, after compinit: eval "$(moot completion zsh)"
fish  moot completion fish > ~/.config/fish/completions/moot.fish
`;

export const completionVerb: Verb = (program, runner) => {
  program
    .command('completion')
    .description('print what makes the Tab key complete commands, flags, communities and topics')
    .addArgument(new Argument('<shell>', 'the shell that it is for').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', install + examples('moot completion bash', 'eval "$(moot completion bash)"'))
    .action(
      runner(async (session, _flags, shell = '') => {
        if (shell === 'bash') await session.io.stdout.write(bashScript);
        else (await import('@bomb.sh/tab')).script(shell, 'moot', 'moot');
      }),
    );
};

/**
 * What the scripts call: one candidate a line with a tab and what it is, then whether files may be offered besides (`:0`) or
 * not (`:4`).
 */
export const completeVerb: Verb = (program, runner) => {
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(
      runner(async (session, _flags, ...words) => {
        const place = placeOf(program, words);
        const found = await candidatesFor(place, () => knownServers(session));
        const lines = found.map(({ word, about }) => `${oneLine(word)}\t${oneLine(about)}\n`);
        await session.io.stdout.write(`${lines.join('')}:${place.wanted.kind === 'file' ? 0 : 4}\n`);
      }),
    );
};

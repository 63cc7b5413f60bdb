import { applyLayers, configured, type InForce } from '../config/layers.js';
import { table } from '../render/table.js';
import { examples, type Verb } from '../verb.js';

export const configVerb: Verb = (program, runner) => {
  program
    .command('config')
    .description('show what is in force, and where it comes from: flag, environment, config.toml or default')
    .addHelpText('after', examples('moot config', 'moot config --json'))
    .action(
      runner(async (session) => {
        const { env } = session.io;
        const { file, inForce, home, homeFrom, operatorToken } = session.settings;
        const ofCommands = program.commands
          .filter((command) => configured.some((name) => name === command.name()))
          .flatMap((command) => applyLayers(command, env, file));
        const rest = [...inForce.filter(({ key }) => key !== 'home'), ...ofCommands].map((one) =>
          shown(one, session.settings.registries),
        );
        const token: InForce = {
          key: 'operator-token',
          // It is a secret: that there is one is all that is told.
          value: operatorToken === undefined ? undefined : '(set; not shown)',
          from: operatorToken === undefined ? 'default' : 'MOOT_OPERATOR_TOKEN',
        };
        const lines = [{ key: 'home', value: home, from: homeFrom }, token, ...rest];
        for (const { key, value, from } of lines) await session.give({ key, value: value ?? null, from });
        await session.say(
          table<InForce>(
            [
              { head: 'KEY', text: ({ key }) => key },
              { head: 'VALUE', text: ({ value }) => inText(value) },
              { head: 'FROM', text: ({ from }) => from },
            ],
            lines,
            session.columns,
          ),
        );
      }),
    );
};

const secretive: ReadonlySet<string> = new Set(['server.store', 'server.bus']);

function shown(one: InForce, registries: readonly string[]): InForce {
  if (one.key === 'registries') return { ...one, value: registries };
  // Where somebody is named before an @, that is a secret.
  if (typeof one.value === 'string' && secretive.has(one.key))
    return { ...one, value: one.value.replace(/^([a-z]+:\/\/)?.*@/is, '$1…@') };
  if (one.key === 'timeout') return { ...one, value: `${String(one.value)}ms` };
  return one;
}

function inText(value: unknown): string {
  if (value === undefined) return '–';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

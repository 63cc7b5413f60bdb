/** What the Dockerfile of this project is written in; anything else is refused, so that no step is passed over. */
const known = /^(FROM|ENV|RUN|COPY|WORKDIR|USER|VOLUME|EXPOSE|STOPSIGNAL|HEALTHCHECK|ENTRYPOINT|CMD)\s+(.*)$/s;

export interface Step {
  readonly name: string;
  readonly value: string;
}

/** The steps of a Dockerfile in their order, continued lines joined. @throws Error naming a line that is not understood. */
export function parseDockerfile(text: string): readonly Step[] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name, value] = known.exec(line.trim()) ?? [];
      if (name === undefined || value === undefined) throw new Error(`this step is not understood: ${line}`);
      return { name, value };
    });
}

/** `["program", "argument"]`, or a line for the shell. */
export function commandOf(value: string): readonly string[] {
  return value.startsWith('[') ? (JSON.parse(value) as string[]) : ['/bin/sh', '-c', value];
}

/** `A=1 B=2`. */
export function pairsOf(value: string): Readonly<Record<string, string>> {
  return Object.fromEntries(value.split(/\s+/).map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

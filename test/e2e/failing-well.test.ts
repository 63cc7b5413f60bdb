import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Processes } from '../support/processes.js';

const open: Processes[] = [];
afterEach(async () => {
  for (const network of open.splice(0)) await network.close();
});

describe('a damaged database', () => {
  it('is not served: the start ends with status 65 and says what to do', async () => {
    const network = new Processes();
    open.push(network);
    const server = await network.startServer('Damaged');
    await network.ok('join', server.address);
    for (let n = 0; n < 3; n += 1) await network.ok('publish', server.address, '--topic', 'a', '--body', `${n}`);
    await server.end();
    truncateSync(join(network.folder, 'Damaged', 'moot.db'), 8192);
    const args = ['server', '0', '--name', 'Damaged', '--data', join(network.folder, 'Damaged')];
    const again = await network.run(args);
    expect(again.status).toBe(65);
    const { error } = JSON.parse(again.stderr) as { error: object };
    expect(error).toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/^cannot run Damaged: .*database/),
      try: expect.stringContaining('a copy'),
    });
  });
});

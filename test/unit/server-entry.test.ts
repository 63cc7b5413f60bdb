import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../../src/core/errors.js';
import type { ServerEntry } from '../../src/core/server-entry.js';
import { createIdentity } from '../../src/identity/keys.js';
import { isHeadValid, signHead } from '../../src/identity/seal.js';
import {
  fromWireListed,
  fromWireSignedEntry,
  openServerEntry,
  signServerEntry,
  toWireListed,
  toWireSignedEntry,
} from '../../src/wire/convert-server-entry.js';
import { ListedServer } from '../../src/wire/gen/moot/v1/registry.js';

const [self, other] = [createIdentity(), createIdentity()];
const head = signHead(self, { epoch: 1, seq: 9, lastSeal: new Uint8Array(32) }, 1_700_000_000_000);
const entry: ServerEntry = {
  id: self.id,
  counter: 7,
  rotations: 0,
  name: 'Chess Club',
  addresses: ['localhost:50052'],
  topics: ['sports.chess'],
  articles: 12,
  members: 3,
  links: [other.id],
  head,
  admission: 'open',
  peering: 'open',
  readable: 'members',
};

describe('a server entry', () => {
  it('arrives through a registry as it was signed', () => {
    const signed = signServerEntry(self, entry);
    const wire = toWireListed({ entry, signed, renewedAtMs: 1, expiresAtMs: 2 });
    const listed = fromWireListed(ListedServer.decode(ListedServer.encode(wire).finish()));
    expect(listed.entry.head && isHeadValid(listed.entry.head)).toBe(true);
    const bytes = { lastSeal: Buffer.from(head.lastSeal), signature: Buffer.from(head.signature) };
    const publicKey = Buffer.from(head.publicKey);
    expect(listed).toMatchObject({ entry: { ...entry, head: { ...head, ...bytes, publicKey } }, renewedAtMs: 1 });
    expect(openServerEntry(fromWireSignedEntry(toWireSignedEntry(signed)))).toMatchObject({ name: 'Chess Club' });
  });

  it('is believed from the key it names alone', () => {
    const byOther = signServerEntry(other, entry);
    expect(() => openServerEntry(byOther)).toThrow('another server');
    expect(() => openServerEntry({ ...byOther, publicKey: self.publicKey })).toThrow('not signed');
    const signed = signServerEntry(self, entry);
    fc.assert(
      fc.property(fc.nat(signed.entry.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(signed.entry);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        expect(() => openServerEntry({ ...signed, entry: bytes })).toThrow();
      }),
    );
  });

  it('holds to the limits, even when it is signed', () => {
    const bad: Partial<ServerEntry>[] = [
      { name: 'a:b' },
      { name: '' },
      { addresses: ['unix:/tmp/x'] },
      { addresses: ['http://localhost:1'] },
      { topics: ['No Topic'] },
      { links: ['x'] },
      { admission: 'x'.repeat(33) },
      { addresses: Array.from({ length: 33 }, () => 'localhost:1') },
    ];
    for (const more of bad) {
      let error: unknown;
      try {
        openServerEntry(signServerEntry(self, { ...entry, ...more }));
      } catch (caught) {
        error = caught;
      }
      expect([more, codeOf(error)]).toEqual([more, 'invalid']);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import { limits } from '../../src/core/limits.js';
import { Traffic } from '../../src/rpc/traffic.js';

const lookMs = 500;
const pingBytes = 17;

/** A connection by the bytes on it. */
class Line {
  bytesRead = 0;
  bytesWritten = 0;
  readonly traffic = new Traffic(this);

  /** Looks after each of so many times `bytes`. @returns when it was first called noise; undefined: never. */
  noiseAfter(looks: number, step: (at: number) => void): number | undefined {
    for (let at = 1; at <= looks; at += 1) {
      step(at);
      if (this.traffic.look(lookMs) === 'noise') return at;
    }
    return undefined;
  }
}

describe('a connection that makes no call', () => {
  it('is noise before it has sent 200,000 pings, however they are spread over 10 s', () => {
    for (const looks of [1, 2, 5, 20]) {
      const line = new Line();
      const after = line.noiseAfter(looks, () => {
        line.bytesRead += (200_000 * pingBytes) / looks;
        line.bytesWritten += (200_000 * pingBytes) / looks;
      });
      expect(after).toBeLessThanOrEqual(looks);
    }
  });

  it('is none while it sends a thousand pings a second, for an hour', () => {
    const line = new Line();
    expect(
      line.noiseAfter(7200, () => {
        line.bytesRead += 500 * pingBytes;
      }),
    ).toBeUndefined();
  });
});

describe('a connection that works is no noise', () => {
  it('while 64 messages of the largest size drip in side by side', () => {
    const line = new Line();
    for (let call = 0; call < 64; call += 1) line.traffic.callBegins();
    const looks = 40;
    expect(
      line.noiseAfter(looks, (at) => {
        line.bytesRead += (64 * limits.messageBytes) / looks;
        if (at < looks) return;
        for (let call = 0; call < 64; call += 1) {
          line.traffic.messageComes();
          line.traffic.requestEnds();
        }
      }),
    ).toBeUndefined();
    // What they explained they do not explain twice.
    expect(
      line.noiseAfter(2, () => {
        line.bytesRead += 2 * limits.messageBytes;
      }),
    ).toBe(1);
  });

  it('while it sends calls as fast as they are taken, refused or not', () => {
    const line = new Line();
    expect(
      line.noiseAfter(100, () => {
        for (let call = 0; call < 1000; call += 1) {
          line.traffic.callBegins();
          line.bytesRead += 4096;
          line.traffic.requestEnds();
        }
      }),
    ).toBeUndefined();
  });

  it('while it reads without end, and says for each frame that it has it', () => {
    const line = new Line();
    expect(
      line.noiseAfter(1000, () => {
        line.bytesWritten += 50e6;
        line.bytesRead += 50e6 / 5;
      }),
    ).toBeUndefined();
  });
});

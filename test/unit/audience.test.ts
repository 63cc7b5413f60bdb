import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { Audience } from '../../src/community/audience.js';

const ada = { memberId: '1', memberName: 'ada' };
const bea = { memberId: '2', memberName: 'bea' };

function audienceOf(): { clock: VirtualClock; audience: Audience; told: string[] } {
  const clock = new VirtualClock();
  const told: string[] = [];
  const audience = new Audience(clock, ({ kind, member, topics }) =>
    told.push([member.memberName, kind, ...topics].join(' ')),
  );
  return { clock, audience, told };
}

describe('S2.5 who listens', () => {
  it('connects, is lost and comes back; who leaves by themselves is not lost', async () => {
    const { clock, audience, told } = audienceOf();
    const over = audience.subscribed(ada, ['sky']);
    await clock.settle();
    over(true);
    await clock.settle();
    const again = audience.subscribed(ada, ['sky']);
    await clock.settle();
    again(false);
    await clock.settle();
    audience.subscribed(ada, []);
    await clock.settle();
    expect(told).toEqual([
      'ada connected sky',
      'ada lost sky',
      'ada came back sky',
      'ada unsubscribed sky',
      'ada connected',
    ]);
  });

  it('changes topics by ending one subscription and beginning another, and only the change is told', async () => {
    const { clock, audience, told } = audienceOf();
    const first = audience.subscribed(ada, ['sky', 'town']);
    await clock.settle();
    const probe = audience.subscribed(ada, ['sea']);
    probe(false);
    first(false);
    audience.subscribed(ada, ['sky', 'sea']);
    await clock.settle();
    expect(told).toEqual(['ada connected sky town', 'ada unsubscribed town', 'ada subscribed sea']);
    expect(audience.view().subscribers).toEqual([{ name: 'ada', topics: ['sky', 'sea'] }]);
  });

  it('is one member with any number of subscriptions: lost with the last of them', async () => {
    const { clock, audience, told } = audienceOf();
    const [one, two] = [audience.subscribed(ada, ['sky']), audience.subscribed(ada, ['sky'])];
    audience.subscribed(bea, ['sky']);
    await clock.settle();
    expect(audience.view().subscribers).toHaveLength(3);
    one(true);
    await clock.settle();
    two(true);
    await clock.settle();
    expect(told).toEqual(['ada connected sky', 'bea connected sky', 'ada lost sky']);
    expect(audience.view().subscribers).toEqual([{ name: 'bea', topics: ['sky'] }]);
  });

  it('who was there for a moment is not told of', async () => {
    const { clock, audience, told } = audienceOf();
    audience.subscribed(ada, ['sky'])(true);
    await clock.settle();
    expect(told).toEqual([]);
  });

  it('counts who reads without being a member, and tells nothing of them', async () => {
    const { clock, audience, told } = audienceOf();
    const over = audience.subscribed(undefined, ['sky']);
    audience.subscribed(undefined, ['sky']);
    await clock.settle();
    expect(audience.view().subscribers).toEqual([
      { name: '', topics: ['sky'] },
      { name: '', topics: ['sky'] },
    ]);
    over(true);
    await clock.settle();
    expect(audience.view().subscribers).toHaveLength(1);
    expect(told).toEqual([]);
  });
});

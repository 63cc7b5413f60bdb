import { article, type DemoCommunity } from './demo-community.js';

export const workshop: DemoCommunity = {
  name: 'Workshop',
  about: 'Tools, protocols and the craft of programs that talk to each other.',
  topics: ['craft', 'protocols', 'systems'],
  articles: [
    article(
      'What happened before what',
      { topic: 'systems.time', author: 'Dana Okafor', at: '2025-01-29 09:15' },
      `In 1978 Leslie Lamport published a paper of eight pages which says that two computers need not agree on the time, only on the
      order. Each keeps a counter, raises it with every event, writes it on every message, and on receiving one jumps past what it
      says. Then whatever could have caused something has a smaller number than the thing it caused.

      The idea came to him from special relativity, in which “at the same time” depends on who is asked, while “could have been the
      cause of” does not. The counter cannot tell you that two events had nothing to do with each other; for that one needs a
      counter for each machine. But a surprising number of systems that wanted clocks wanted only this.`,
    ),
    article(
      'A hash of hashes',
      { topic: 'systems.integrity', author: 'Yusuf Demir', at: '2025-02-20 14:00' },
      `Ralph Merkle applied for his patent in 1979. Hash each record; hash the hashes two by two; go on until one is left.
      That one number now speaks for everything below it, and to prove that a record belongs to a million others takes twenty hashes.

      Git keeps your work that way, and Certificate Transparency keeps watch over the web’s certificates with it. RFC 9162, which
      describes the latter, adds a detail that is easily missed: a zero byte goes before each record and a one before each pair.
      Without that, someone could show you an inner node and call it a record. Most attacks on good ideas live in such places,
      where two things look alike that are not.`,
    ),
    article(
      'The parliament that nobody understood',
      { topic: 'systems.consensus', author: 'Dana Okafor', at: '2025-03-19 10:30' },
      `Lamport handed in “The Part-Time Parliament” in 1990. It tells of legislators on the island of Paxos who wander in and out
      and still agree on every law, and it was written as archaeology, with Greek names and lost manuscripts. The
      reviewers found it mildly interesting and asked him to take the jokes out. It appeared in 1998.

      In 2014 Diego Ongaro and John Ousterhout began from the other end. They wanted an algorithm that could be taught, split it
      into electing a leader, copying a log and staying safe, and tested it on students: of 43 who learned both, 33 did better in
      the questions on Raft. A lesson for
      anybody who writes: being understood is part of being right.`,
    ),
    article(
      'News over telephone lines',
      { topic: 'protocols.usenet', author: 'Rosa Lindgren', at: '2025-04-25 19:45' },
      `Late in 1979 two students at Duke, Tom Truscott and Jim Ellis, thought of letting Unix machines pass notes to each other over
      the telephone at night. Steve Bellovin, at the university next door, wrote the first version as shell scripts, and Usenet
      began with three sites.

      It had no centre. Each machine handed on whatever it had to the neighbours it had, and loops were harmless for two
      reasons: an article carried the path it had taken, and it carried an id, so a site that had seen it threw it away. Nearly
      every network that has since grown without an owner rests on these two, or has had to find them again.

      What it lacked was any way to know what had not arrived.`,
    ),
    article(
      'How to leave a maze',
      { topic: 'systems.graphs', author: 'Yusuf Demir', at: '2025-05-30 16:05' },
      `In the nineteenth century a French engineer named Trémaux gave a rule for mazes. Mark each passage as you enter
      and as you leave it. At a new junction take any path you have not taken; when you come to an old one, turn back; never
      walk a passage a third time. You will see the whole maze and end where you began.

      A century later Robert Tarjan showed, in 1972, how much can be had from this one walk: with a number for each place and a
      little care, the strongly connected parts of a graph in a single pass, in time that grows with its edges and no faster.

      The rule is all in the chalk. Without marks, one loop is enough to keep you there for good.`,
    ),
    article(
      'Whose job is it',
      { topic: 'protocols.design', author: 'Rosa Lindgren', at: '2025-07-21 08:20' },
      `Saltzer, Reed and Clark asked in the early eighties where a function belongs, and their answer goes by the name of the
      end-to-end argument. Suppose you move a file from one disk to another. Every link between may check every packet, and the file can
      still be broken, since memory fails and programs have faults. Only the two ends can tell that it is whole. So they must
      check anyway, and what the links do besides is a matter of speed, not of correctness.

      The paper tells of a gateway that spoilt data while it copied it from one buffer to another, behind the back of
      all the checksums on the wire. Source code had passed through it for some time. People repaired it by hand, from old listings.`,
    ),
    article(
      'Seven bits at a time',
      { topic: 'protocols.encoding', author: 'Ben Achterberg', at: '2025-08-28 13:35' },
      `A protobuf number takes as many bytes as it needs. Each byte holds seven bits of it, the lowest first, and the eighth says
      whether more follow. So 1 is 01, and 300 becomes AC 02: the low seven bits are 0101100, with the mark on top; what is left is
      binary 10.

      It is a good bargain for small numbers and a bad one for negative ones, which as plain integers always take ten bytes.
      “Zigzag” mends that by counting 0, −1, 1, −2, 2 and so on.

      One trap: the format does not promise that equal messages have equal bytes. Fields may be written in another order, and a
      library may drop what it does not know. If you sign something, sign bytes, keep those bytes, and never encode them again.`,
    ),
    article(
      'Wait a while, but not the same while',
      { topic: 'protocols.retries', author: 'Dana Okafor', at: '2025-09-30 11:25' },
      `On ALOHAnet, which joined the islands of Hawaiʻi by radio from 1971, two stations that talked at once spoilt each other’s
      packet. The remedy was to wait for a random time and send again. Ethernet refined it: after each collision, double the range from
      which the wait is drawn.

      Programs that call servers forget the first half. They double the wait faithfully, 1 second, 2, 4, 8, and since all of them
      were cut off by the same failure, they all come back in step and knock the server down again. Let the wait be anything
      between nothing and the limit. It feels careless. But measured on a thousand clients it does the least work and is done
      soonest, or nearly.`,
    ),
    article(
      'The disk said yes',
      { topic: 'systems.storage', author: 'Ben Achterberg', at: '2025-11-12 15:50' },
      `A program that must not lose anything calls fsync and waits. In 2018 the PostgreSQL developers learned what Linux does when
      that fails: the error was reported once, the pages that could not be written were marked clean, and the next fsync
      succeeded. The data were gone, and the second call had said that all was well.

      PostgreSQL had retried, as one does. Since then it stops with a panic on the first failure and recovers from its log, which
      is rude, and correct.

      The general lesson is not about disks. If an operation can fail in such a way that you no longer know what is true, then trying
      it again does not give you an answer. It gives you another question.`,
    ),
    article(
      'Two generals and a valley',
      { topic: 'systems.consensus', author: 'Yusuf Demir', at: '2025-12-18 17:40' },
      `Two armies on two hills must attack together, and their messengers cross a valley in which some are caught. A sends “at
      dawn”. B agrees; but B cannot know that the answer came through, so A must confirm, and A cannot know either. No number of
      messages is enough: take the shortest exchange that would do, leave out its last message, which might have been lost anyway, and
      a shorter one had to do as well.

      The puzzle is fifty years old. Three people at Stony Brook, Akkoyunlu, Ekanadham and Huber, wrote it down in 1975, with gangsters, and
      Jim Gray gave it its generals. In practice we send the order with a number on it, repeat it until somebody answers, and see to it that hearing it
      twice does no harm.`,
    ),
    article(
      'The back comes first',
      { topic: 'craft.sharpening', author: 'Ilse Brandt', at: '2026-01-31 12:55' },
      `An edge is where two surfaces meet, so a chisel with a polished bevel and a rough back is half sharp. Flatten the last two or three
      centimetres of the back first, on a fine stone, once in its life.

      Then the bevel: grind at 25 degrees, and hone only the very tip at 30. Such a small second bevel needs a dozen
      strokes, where the whole face would need a hundred, and you will do it far more often for that. Feel for the burr with a thumb drawn
      away from the edge, never along it, turn the chisel over, and take the burr off flat.

      To test it, pare the end grain of pine. A dull edge crushes it white. A sharp one leaves it shining.`,
    ),
    article(
      'Be liberal, up to a point',
      { topic: 'protocols.design', author: 'Rosa Lindgren', at: '2026-02-25 09:05' },
      `Jon Postel wrote it into a draft of TCP in January 1980: “be conservative in what you do, be liberal in what you accept from
      others”. It helped the Internet to be born, for at that time no two programs read the text alike.

      It also has a cost that came due slowly. What one program forgives, another begins to rely on, until the fault is the
      protocol and a newcomer has to copy it. Two parsers that forgive differently can be played off against each other, and that
      is how a good many security holes are made. RFC 9413, of 2023, looks back on all this and prefers another virtue: keep on maintaining it.

      My own rule: accept only what you can explain, and say very kindly what you refused.`,
    ),
    article(
      'A database in one file',
      { topic: 'systems.storage', author: 'Ben Achterberg', at: '2026-04-16 10:45' },
      `Richard Hipp began SQLite in 2000, when he worked on software for a destroyer of the United States Navy. The program had to go on
      when the database server was down, and he asked himself why there had to be a server at all.

      Since version 3.7.0 of 2010 it can keep a write-ahead log. Changes are appended to a second file, readers go on undisturbed with what
      they began with, and from time to time the log is folded back in. One writer at a time, any number of readers.

      Know its one dial. In that mode, “synchronous=NORMAL” does not sync at each commit: a crash of your program loses nothing, but a
      cut of the power may take the last transactions. FULL waits for the disk.`,
    ),
    article(
      'Signatures without dice',
      { topic: 'systems.integrity', author: 'Yusuf Demir', at: '2026-05-28 18:30' },
      `The older elliptic signatures, ECDSA, want a fresh secret number for every message. Use one twice, and your private key follows
      from school algebra. In 2010 it turned out that a maker of game consoles had used the same number each time.

      Ed25519, published in 2011 by Daniel Bernstein and four colleagues, takes that number from a hash of the key and the message
      instead. No dice at signing, so no loaded dice. Keys are 32 bytes and signatures 64, and it is fast.

      Verifying costs more than signing, though, so whoever checks a great many things should look for a way to
      have one signature speak for many of them. A tree of hashes is such a way.`,
    ),
    article(
      'Rumours, on purpose',
      { topic: 'systems.gossip', author: 'Dana Okafor', at: '2026-08-06 14:15' },
      `In 1987 Alan Demers and his colleagues at Xerox had a directory copied to some hundreds of machines, and the mails that kept
      the copies alike were choking the network. They took their remedy from the mathematics of epidemics. Each machine now
      and then picks another at random and they compare notes. News spreads as a cold does, to everyone, in a number of rounds that grows with
      the logarithm of how many there are.

      They also met the ghost that haunts all such systems. Delete something, and a neighbour who missed the deletion kindly gives it
      back to you. One must therefore spread the news of a death as well, and keep that notice for a long time. They called it a
      death certificate. We still do it, mostly under politer names.`,
    ),
  ],
};

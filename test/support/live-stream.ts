import type { LiveArticle } from '../../src/web/api.js';

/** A page's stream of what comes, over one connection. */
export class LiveStream {
  readonly bodies: string[] = [];
  readonly seenMs = new Map<string, number>();
  readonly types: string[] = [];
  hasEnded = false;
  private readonly closing = new AbortController();

  async open(url: string): Promise<void> {
    const { body } = await fetch(url, { signal: this.closing.signal });
    const stream = body?.pipeThrough(new TextDecoderStream());
    if (!stream) throw new Error('there is no stream');
    await new Promise<void>((begun) => void this.read(stream, begun));
  }

  close(): void {
    this.closing.abort();
  }

  private async read(stream: ReadableStream<string>, begun: () => void): Promise<void> {
    let rest = '';
    try {
      for await (const text of stream) {
        const events = (rest + text).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) this.take(event, begun);
      }
    } catch {
      // It was closed, by us or by the gateway: the test knows which.
    }
    this.hasEnded = true;
  }

  private take(event: string, begun: () => void): void {
    const [, type = ''] = /^event: (.*)$/m.exec(event) ?? [];
    const [, data = 'null'] = /^data: (.*)$/m.exec(event) ?? [];
    this.types.push(type);
    if (type === 'caughtUp') begun();
    if (type !== 'article') return;
    const { article } = JSON.parse(data) as LiveArticle;
    this.bodies.push(article.body);
    if (!this.seenMs.has(article.body)) this.seenMs.set(article.body, performance.now());
  }
}

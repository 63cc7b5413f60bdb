import { signal } from '@preact/signals';
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force';
import type { Network, NetworkLink, NetworkServer } from '../../api.js';

/** A community with its place on the map. */
export interface Placed extends SimulationNodeDatum {
  readonly id: string;
  server: NetworkServer;
  radius: number;
  x: number;
  y: number;
}

export interface PlacedLink {
  readonly source: Placed;
  readonly target: Placed;
  link: NetworkLink;
}

/** How long the drawing may hold up the page at once. */
const sliceMs = 12;

/** Places that follow the network: who was there stays about where it was. */
export class Layout {
  readonly placed = signal<readonly Placed[]>([]);
  readonly links = signal<readonly PlacedLink[]>([]);
  private readonly forces = forceSimulation<Placed>().stop();
  private shape = '';
  private frame = 0;

  /** Follows the network. `isCalm`: the places are found before anything is drawn, and nothing glides. */
  update(network: Network, isCalm: boolean): void {
    const before = new Map(this.placed.value.map((placed) => [placed.id, placed]));
    const order = inWalkingOrder(network);
    const placed = order.map((server, index) => place(server, before.get(server.id), beginning(index, order.length)));
    const byId = new Map(placed.map((one) => [one.id, one]));
    const links = network.links.flatMap((link) => {
      const [source, target] = [byId.get(link.from), byId.get(link.to)];
      return source && target ? [{ source, target, link }] : [];
    });
    const shape = JSON.stringify([placed.map(({ id }) => id), network.links.map(({ from, to }) => [from, to])]);
    const isSame = shape === this.shape;
    this.shape = shape;
    if (!isSame) this.settle(placed, links, isCalm || before.size === 0);
    this.placed.value = placed;
    this.links.value = links;
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }

  private settle(placed: Placed[], links: PlacedLink[], atOnce: boolean): void {
    this.forces
      .nodes(placed)
      .force('link', forceLink<Placed, PlacedLink>(links).distance(110).strength(0.35))
      .force('apart', forceManyBody().strength(-420).distanceMax(900))
      .force(
        'room',
        forceCollide<Placed>((one) => one.radius + 16),
      )
      .force('x', forceX(0).strength(0.05))
      .force('y', forceY(0).strength(0.07))
      .alpha(1);
    this.stop();
    const until = performance.now() + (atOnce ? 250 : sliceMs);
    this.tick(until);
    const glide = (): void => {
      if (this.forces.alpha() < 0.01) return;
      this.tick(performance.now() + sliceMs);
      this.placed.value = [...this.placed.value];
      this.frame = requestAnimationFrame(glide);
    };
    this.frame = requestAnimationFrame(glide);
  }

  private tick(untilMs: number): void {
    while (this.forces.alpha() >= 0.01 && performance.now() < untilMs) this.forces.tick();
  }
}

function place(server: NetworkServer, before: Placed | undefined, begin: Beginning): Placed {
  const radius = 9 + Math.min(25, Math.sqrt(server.articles ?? 0) * 0.9);
  if (before) return Object.assign(before, { server, radius });
  return { id: server.id, server, radius, ...begin };
}

interface Beginning {
  readonly x: number;
  readonly y: number;
}

/** More than these would not fit on a circle. */
const mostOnCircle = 60;

/** The same network gets the same map: few begin on a circle, so that a ring of links crosses itself nowhere; many on a spiral. */
function beginning(index: number, count: number): Beginning {
  const isFew = count <= mostOnCircle;
  const angle = isFew ? (index / count) * 2 * Math.PI - Math.PI / 2 : index * 2.4;
  const far = isFew ? 20 + 18 * count : 26 * Math.sqrt(index + 0.5);
  return { x: far * Math.cos(angle), y: far * Math.sin(angle) };
}

/** Along the links, so that those who read each other begin side by side. */
function inWalkingOrder({ servers, links }: Network): readonly NetworkServer[] {
  const near = new Map<string, string[]>();
  for (const { from, to } of links) {
    near.set(from, [...(near.get(from) ?? []), to]);
    near.set(to, [...(near.get(to) ?? []), from]);
  }
  const order = new Set<string>();
  for (const { id } of servers) {
    const walk = [id];
    for (let next = walk.pop(); next !== undefined; next = walk.pop()) {
      if (order.has(next)) continue;
      order.add(next);
      walk.push(...(near.get(next) ?? []));
    }
  }
  const byId = new Map(servers.map((server) => [server.id, server]));
  return [...order].flatMap((id) => byId.get(id) ?? []);
}

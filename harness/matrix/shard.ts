import { ShardInvalid } from "./errors.ts";

export interface ShardAddress {
  /** From 1. */
  index: number;
  count: number;
}

/** Reads `2/4`. @throws ShardInvalid */
export function parseShard(text: string): ShardAddress {
  const [, index = 0, count = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > count) throw new ShardInvalid(text);
  return { index, count };
}

export function formatShard({ index, count }: ShardAddress): string {
  return `${index}/${count}`;
}

/** What sharding has to know of a cell. */
export interface Load {
  id: string;
  host: string;
  seconds: number;
  excluded?: string;
}

/** The cells of one host that go to one shard together. */
interface Block<Cell> {
  cells: Cell[];
  seconds: number;
}

/**
 * Distributes cells over at most `count` shards, none of them empty, so that the longest takes
 * as short as can be found: every host stays whole first, because each shard that has a cell of
 * it prepares it, and is split as long as that makes the longest shard shorter. Longest blocks
 * go first, each to the shard that is shortest so far. The same cells give the same shards.
 *
 * @param preparation seconds that a host takes once in each shard it occurs in
 */
export function balance<Cell extends Load>(
  cells: readonly Cell[],
  count: number,
  preparation: (host: string) => number,
): Cell[][] {
  const running = cells.filter(({ excluded }) => excluded === undefined);
  const hosts = [...new Set(running.map(({ host }) => host))].map((host) => ({
    own: running.filter((cell) => cell.host === host),
    preparation: preparation(host),
  }));
  const attempt = (pieces: readonly number[]): Block<Cell>[][] =>
    fill(
      hosts.flatMap((host, i) => split(host.own, pieces[i] ?? 1, host.preparation)),
      count,
      ({ seconds }) => seconds,
    );
  let pieces = hosts.map(() => 1);
  let best = attempt(pieces);
  for (;;) {
    const next = pieces
      .map((_, i) => pieces.map((number, j) => (i === j ? number + 1 : number)))
      .filter((tried) => tried.every((number, i) => number <= (hosts[i]?.own.length ?? 0)))
      .map((tried) => ({ tried, shards: attempt(tried) }))
      .reduce<{ tried: number[]; shards: Block<Cell>[][] } | undefined>(
        (a, b) => (a === undefined || isBetter(b.shards, a.shards) ? b : a),
        undefined,
      );
    if (next === undefined || !isBetter(next.shards, best)) break;
    ({ tried: pieces, shards: best } = next);
  }
  const chosen = best
    .map((blocks) => new Set(blocks.flatMap((block) => block.cells)))
    .filter((shard) => shard.size > 0);
  // Numbered by the plan, so that small differences in cost change nothing.
  const firstOf = (shard: ReadonlySet<Cell>) => cells.findIndex((cell) => shard.has(cell));
  return withExcluded(
    cells,
    chosen.sort((a, b) => firstOf(a) - firstOf(b)),
  );
}

/** Fewer empty shards, then a shorter longest one. */
function isBetter(a: readonly Block<unknown>[][], b: readonly Block<unknown>[][]): boolean {
  const empty = (shards: typeof a) => shards.filter((blocks) => blocks.length === 0).length;
  const longest = (shards: typeof a) =>
    Math.max(...shards.map((blocks) => blocks.reduce((sum, { seconds }) => sum + seconds, 0)));
  return empty(a) < empty(b) || (empty(a) === empty(b) && longest(a) < longest(b));
}

function split<Cell extends Load>(
  cells: readonly Cell[],
  pieces: number,
  preparation: number,
): Block<Cell>[] {
  return fill(cells, pieces, ({ seconds }) => seconds).map((part) => ({
    cells: part,
    seconds: part.reduce((sum, { seconds }) => sum + seconds, preparation),
  }));
}

/** Longest first, each into the bin that is emptiest so far; equal ones in their order. */
function fill<Item>(
  items: readonly Item[],
  count: number,
  secondsOf: (item: Item) => number,
): Item[][] {
  const bins = Array.from({ length: count }, () => ({ items: [] as Item[], seconds: 0 }));
  for (const item of items.toSorted((a, b) => secondsOf(b) - secondsOf(a))) {
    const emptiest = bins.reduce((a, b) =>
      b.seconds < a.seconds || (b.seconds === a.seconds && b.items.length < a.items.length) ? b : a,
    );
    emptiest.items.push(item);
    emptiest.seconds += secondsOf(item);
  }
  return bins.map(({ items }) => items);
}

/** Cells in the order of the plan; one that will not run is told of where its host is, or first. */
function withExcluded<Cell extends Load>(
  cells: readonly Cell[],
  shards: readonly ReadonlySet<Cell>[],
): Cell[][] {
  if (shards.length === 0) return cells.length === 0 ? [] : [[...cells]];
  const hosts = shards.map((shard) => new Set([...shard].map(({ host }) => host)));
  const shardOf = (cell: Cell): number =>
    cell.excluded === undefined
      ? shards.findIndex((shard) => shard.has(cell))
      : Math.max(
          0,
          hosts.findIndex((names) => names.has(cell.host)),
        );
  return shards.map((_, i) => cells.filter((cell) => shardOf(cell) === i));
}

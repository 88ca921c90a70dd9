import type { EnterpriseVerdict } from '../../domain/contracts/enterprise.ts';
import type { HeadStatus } from '../head-status.table.ts';

/** What the platform counts of itself since it started, for the dashboard and for Prometheus; nothing of any content. */
export interface Metrics {
  /** One HTTP request answered. */
  request(asked: { readonly route: string; readonly status: number; readonly ms: number }): void;
  /** One call of an interface answered: its `head.status`, and its verdict where it had one. */
  call(asked: { readonly path: string; readonly status: string; readonly verdict?: string | undefined }): void;
  /** One call answered for this matter. */
  matter(itemName: string): void;
  /** One province asked by the fusion service. */
  province(asked: { readonly name: string; readonly answered: boolean; readonly ms: number }): void;
  /** A peer whose requests were abnormal. */
  abnormal(what: 'prompted' | 'cut-off'): void;
  read(): Figures;
}

/** A copy of the counts. */
export interface Figures {
  readonly startedAt: number;
  readonly routes: ReadonlyMap<string, RouteFigures>;
  readonly statuses: ReadonlyMap<string, number>;
  readonly calls: ReadonlyMap<string, number>;
  readonly verdicts: ReadonlyMap<string, number>;
  readonly matters: ReadonlyMap<string, number>;
  readonly provinces: ReadonlyMap<string, { readonly answered: number; readonly unanswered: number; readonly ms: number }>;
  readonly abnormal: ReadonlyMap<string, number>;
  /** Each of the last sixty minutes, the oldest first; what waits for the holder is neither passed nor refused. */
  readonly minutes: readonly MinuteFigures[];
}

/** What was answered within one minute. */
export interface MinuteFigures {
  readonly requests: number;
  readonly refused: number;
  readonly waiting: number;
}

/** `buckets[n]` counts requests of at most `latencyBounds[n]` ms, the last one all. */
export interface RouteFigures {
  readonly count: number;
  readonly sumMs: number;
  readonly buckets: readonly number[];
}

/** Upper bounds of the latency buckets, ms. */
export const latencyBounds = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000] as const;
const keptMinutes = 60;
const minuteMs = 60_000;
/** Names come from requests in part: a stranger must not make them many. */
const mostNames = 200;

/** Empty counts. */
export function createMetrics(now: () => number): Metrics {
  const startedAt = now();
  const routes = new Map<string, { count: number; sumMs: number; buckets: number[] }>();
  const counts = { statuses: new Map<string, number>(), calls: new Map<string, number>(), verdicts: new Map<string, number>(), matters: new Map<string, number>(), abnormal: new Map<string, number>() };
  const provinces = new Map<string, { answered: number; unanswered: number; ms: number }>();
  const minutes = new Map<number, { requests: number; refused: number; waiting: number }>();
  const minute = () => {
    const key = Math.floor(now() / minuteMs);
    const current = minutes.get(key) ?? { requests: 0, refused: 0, waiting: 0 };
    minutes.set(key, current);
    for (const old of minutes.keys()) if (old <= key - keptMinutes) minutes.delete(old);
    return current;
  };
  return {
    request: ({ route, status, ms }) => {
      const known = routes.get(route) ?? { count: 0, sumMs: 0, buckets: latencyBounds.map(() => 0) };
      routes.set(route, known);
      known.count++;
      known.sumMs += ms;
      for (const [n, bound] of latencyBounds.entries()) if (ms <= bound) known.buckets[n] = (known.buckets[n] ?? 0) + 1;
      add(counts.statuses, String(status));
      minute().requests++;
    },
    call: ({ path, status, verdict }) => {
      add(counts.calls, `${path} ${status}`);
      if (verdict !== undefined) add(counts.verdicts, verdict);
      if (isWaiting({ status, verdict })) minute().waiting++;
      else if (status !== '0' || (verdict !== undefined && verdict !== 'valid')) minute().refused++;
    },
    province: ({ name, answered, ms }) => {
      const known = provinces.get(name) ?? { answered: 0, unanswered: 0, ms: 0 };
      provinces.set(name, known);
      known[answered ? 'answered' : 'unanswered']++;
      known.ms += ms;
    },
    matter: (itemName) => add(counts.matters, itemName),
    abnormal: (what) => add(counts.abnormal, what),
    read: () => {
      const last = Math.floor(now() / minuteMs);
      const ages = Array.from({ length: keptMinutes }, (_, n) => last - keptMinutes + 1 + n);
      return { startedAt, routes, ...counts, provinces, minutes: ages.map((key) => minutes.get(key) ?? { requests: 0, refused: 0, waiting: 0 }) };
    },
  };
}

/** The holder is asked once more and has not answered yet (5.4.4): the counter asks again by itself. */
function isWaiting({ status, verdict }: { readonly status: string; readonly verdict: string | undefined }): boolean {
  return status === ('45' satisfies HeadStatus) || (status === '0' && verdict === ('secondAuthentication' satisfies EnterpriseVerdict));
}

function add(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < mostNames ? name : 'other';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The counts in the text format of Prometheus. */
export function printPrometheus(figures: Figures): string {
  const lines: string[] = [];
  const family = (name: string, type: 'counter' | 'histogram' | 'gauge', help: string) => lines.push(`# HELP counter_platform_${name} ${help}`, `# TYPE counter_platform_${name} ${type}`);
  const line = (name: string, labels: Readonly<Record<string, string>>, value: number) =>
    lines.push(`counter_platform_${name}{${Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`).join(',')}} ${value}`);
  family('http_responses_total', 'counter', 'HTTP responses by status');
  for (const [status, count] of figures.statuses) line('http_responses_total', { status }, count);
  family('calls_total', 'counter', 'Interface calls by path and head.status');
  for (const [call, count] of figures.calls) line('calls_total', { path: call.split(' ')[0] ?? '', status: call.split(' ')[1] ?? '' }, count);
  family('verdicts_total', 'counter', 'Enterprise queries by verdict');
  for (const [verdict, count] of figures.verdicts) line('verdicts_total', { verdict }, count);
  family('provinces_total', 'counter', 'Questions to provinces by outcome');
  for (const [province, { answered, unanswered }] of figures.provinces) {
    line('provinces_total', { province, outcome: 'answered' }, answered);
    line('provinces_total', { province, outcome: 'unanswered' }, unanswered);
  }
  family('abnormal_total', 'counter', 'Peers prompted and cut off for abnormal requests');
  for (const [what, count] of figures.abnormal) line('abnormal_total', { what }, count);
  family('request_seconds', 'histogram', 'Time to answer by route');
  for (const [route, { buckets, count, sumMs }] of figures.routes) {
    for (const [n, bound] of latencyBounds.entries()) line('request_seconds_bucket', { route, le: String(bound / 1000) }, buckets[n] ?? 0);
    line('request_seconds_bucket', { route, le: '+Inf' }, count);
    line('request_seconds_sum', { route }, sumMs / 1000);
    line('request_seconds_count', { route }, count);
  }
  return `${lines.join('\n')}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** The latency that this part of the requests stays below, ms: the bound of the bucket it falls into. */
export function quantile({ buckets, count }: RouteFigures, part: number): number {
  const at = buckets.findIndex((below) => below >= count * part);
  return latencyBounds[at] ?? Number.POSITIVE_INFINITY;
}

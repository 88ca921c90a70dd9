/** One family of the text format of Prometheus (version 0.0.4), its samples in their order. */
export interface MetricFamily {
  readonly type: string;
  readonly samples: readonly MetricSample[];
}

interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const sampleForm = new RegExp(`^(${metricName})(?:\\{(.*)\\})? (\\S+)$`);
const labelForm = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;

/** Reads the format as its specification has it; throws for whatever a Prometheus server would not take, and for histograms that do not add up. */
export function readPrometheus(text: string): ReadonlyMap<string, MetricFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, { type: string; samples: MetricSample[] }>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind = '', name = '', rest = ''] = comment;
      if (kind === 'TYPE' && !/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(`type ${rest}`);
      const family = families.get(name) ?? { type: '', samples: [] };
      if (family.samples.length > 0 || (kind === 'TYPE' && family.type !== '')) throw new Error(`${name} again`);
      families.set(name, { ...family, type: kind === 'TYPE' ? rest : family.type });
      current = name;
      continue;
    }
    const sample = readSample(line);
    const family = families.get(current);
    const own = family?.type === 'histogram' ? [`${current}_bucket`, `${current}_sum`, `${current}_count`] : [current];
    if (family === undefined || !own.includes(sample.name)) throw new Error(`${sample.name} outside its family`);
    const series = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted())}`;
    if (seen.has(series)) throw new Error(`${series} twice`);
    seen.add(series);
    family.samples.push(sample);
  }
  for (const [name, { samples, type }] of families) if (type === 'histogram') checkHistogram(name, samples);
  return families;
}

function readSample(line: string): MetricSample {
  const [, name, body = '', said = ''] = sampleForm.exec(line) ?? [];
  const value = said === '+Inf' ? Number.POSITIVE_INFINITY : Number(said);
  if (name === undefined || Number.isNaN(value)) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = body; rest !== ''; ) {
    const [whole, label = '', text = ''] = labelForm.exec(rest) ?? [];
    if (whole === undefined || Object.hasOwn(labels, label)) throw new Error(`labels: ${line}`);
    labels[label] = text.replaceAll(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
  }
  return { name, labels, value };
}

function checkHistogram(name: string, samples: readonly MetricSample[]): void {
  const seriesOf = ({ labels }: MetricSample) => JSON.stringify(Object.entries(labels).filter(([label]) => label !== 'le').toSorted());
  for (const [series, own] of Map.groupBy(samples, seriesOf)) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`).map(({ labels, value }) => [labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']), value] as const);
    const isGrowing = buckets.every(([le, value], n) => n === 0 || (le > (buckets[n - 1]?.[0] ?? 0) && value >= (buckets[n - 1]?.[1] ?? 0)));
    const count = own.find((sample) => sample.name === `${name}_count`)?.value;
    const hasSum = own.some((sample) => sample.name === `${name}_sum`);
    if (!isGrowing || !hasSum || buckets.at(-1)?.[0] !== Number.POSITIVE_INFINITY || buckets.at(-1)?.[1] !== count) throw new Error(`${name} ${series} does not add up`);
  }
}

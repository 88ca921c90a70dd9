import { runPayloads } from '../soak/payload-runs.ts';
import { type Figure, printMs } from './measuring.ts';

/** How many hostile payloads a second go through hub and classifier, one after the other, and the slowest one in a hundred. */
export async function measureHub(): Promise<Figure[]> {
  const { payloads, seconds, p50Ms, p99Ms, cpuP99Ms } = await runPayloads({ payloads: 50_000, seed: 1 });
  return [
    {
      area: 'Scan hub',
      what: 'hostile payloads through hub and classifier',
      value: `${Math.round(payloads / seconds).toLocaleString('en-US')}/s, median ${printMs(p50Ms)}, 99 of 100 within ${printMs(p99Ms)} by the clock, ${printMs(cpuP99Ms)} CPU`,
      compared: '',
      ratio: '',
      aim: 'p99 < 1 ms',
    },
  ];
}

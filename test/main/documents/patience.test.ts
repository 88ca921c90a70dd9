import { expect, test } from 'vitest';
import { createPatience } from '../../../main/documents/patience.ts';

/** How many waits of 1,000 ms are given when each brings so much processor time and so much sleep. */
function waits(cpu: number, slept: number, wordsAfter: readonly number[] = []): number {
  const clocks = { cpu: 5000, slept: 700 };
  const patience = createPatience({ waitMs: 1000, cpuMs: () => clocks.cpu, sleptMs: () => clocks.slept });
  for (let wait = 1; ; wait += 1) {
    clocks.cpu += cpu;
    clocks.slept += slept;
    if (patience.isOver()) return wait;
    if (wordsAfter.includes(wait)) patience.restart();
  }
}

test('work without a word ends after one wait on a machine with time for it', () => {
  expect(waits(1000, 0)).toBe(1);
  expect(waits(500, 0)).toBe(1);
});

test('a machine that is busy elsewhere gives more waits, as many as the work needs to be tried fairly', () => {
  expect(waits(499, 0)).toBe(2);
  expect(waits(100, 0)).toBe(5);
  // Waiting for pictures that other threads encode: asleep, and yet at work.
  expect(waits(100, 1000)).toBe(5);
});

test('six waits are the most', () => {
  expect(waits(0, 0)).toBe(6);
  expect(waits(60, 900)).toBe(6);
});

test('a thread that sleeps while nothing is done waits for what never comes', () => {
  expect(waits(10, 1000)).toBe(1);
  expect(waits(49, 951)).toBe(1);
});

test('a word begins everything anew', () => {
  expect(waits(400, 0, [1, 2, 3])).toBe(5);
  expect(waits(0, 0, [5])).toBe(11);
});

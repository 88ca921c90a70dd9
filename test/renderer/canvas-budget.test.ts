import { beforeEach, expect, test } from 'vitest';
import { CanvasBudgetError, createCanvasBudget } from '../../renderer/documents/canvas-budget.ts';

const made: [number, number][] = [];
beforeEach(() => void made.splice(0));

/** Stands in for the worker's canvas; `context` is what drawing on it would go to. */
function budget(mostPixels: number, context: object | null = {}) {
  const makeCanvas = (width: number, height: number): OffscreenCanvas => {
    made.push([width, height]);
    return { width, height, getContext: () => context } as unknown as OffscreenCanvas;
  };
  return createCanvasBudget({ mostPixels, makeCanvas });
}

test('counts all canvases of one answer together, to the last pixel', () => {
  const { createSurface } = budget(1000);
  expect(createSurface(20, 30)).toMatchObject({ width: 20, height: 30 });
  createSurface(20, 20);
  expect(() => createSurface(1, 1)).toThrow(CanvasBudgetError);
  // The one too many was not made.
  expect(made).toEqual([[20, 30], [20, 20]]);
});

test('a refusal stays until the next answer begins, which has the whole budget again', () => {
  const { createSurface, startCount } = budget(1000);
  expect(() => createSurface(1001, 1)).toThrow(CanvasBudgetError);
  expect(() => createSurface(1, 1)).toThrow(CanvasBudgetError);
  for (let answer = 0; answer < 50; answer += 1) {
    startCount();
    createSurface(1000, 1);
  }
  expect(made).toHaveLength(50);
});

test('a size that is no number is not made', () => {
  expect(() => budget(1000).createSurface(Number.NaN, 1)).toThrow(CanvasBudgetError);
  expect(() => budget(1000).createSurface(Infinity, 0)).toThrow(CanvasBudgetError);
  expect(made).toEqual([]);
});

test('a canvas without a context is a fault, not a budget', () => {
  expect(() => budget(1000, null).createSurface(1, 1)).toThrow('no canvas');
});

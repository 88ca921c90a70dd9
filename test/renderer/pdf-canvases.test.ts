import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PdfCanvases } from '../../renderer/documents/pdf-canvases.ts';

beforeAll(() => void vi.stubGlobal('document', { createElement: () => ({ width: 0, height: 0, getContext: () => ({}) }) }));
afterAll(() => void vi.unstubAllGlobals());

test('canvases of one document are counted while they are held, and one too many is not made', () => {
  const canvases = new PdfCanvases();
  const held = Array.from({ length: 6 }, () => canvases.create(4000, 4000));
  expect(() => canvases.create(4000, 4000)).toThrow('too many pixels');
  canvases.destroy(held[0]!);
  expect(held[0]).toEqual({ canvas: null, context: null });
  const again = canvases.create(4000, 4000);
  expect(() => canvases.reset(again, 8000, 4000)).toThrow('too many pixels');
  canvases.reset(held[1]!, 10, 10);
  expect(() => canvases.create(0, 5)).toThrow('no size');
});

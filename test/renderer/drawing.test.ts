import { expect, test } from 'vitest';
import { shareDrawing } from '../../renderer/documents/drawing.ts';

function makeDrawing(): { draw: ReturnType<typeof shareDrawing>; asked: string[]; end: (index: number, isGood?: boolean) => Promise<void> } {
  const asked: string[] = [];
  const under: PromiseWithResolvers<CanvasImageSource & { width: number; height: number }>[] = [];
  const draw = shareDrawing((page, ratio) => {
    asked.push(`${page} ${ratio}`);
    const own = Promise.withResolvers<CanvasImageSource & { width: number; height: number }>();
    under.push(own);
    return own.promise;
  });
  const end = async (index: number, isGood = true): Promise<void> => {
    if (isGood) under[index]?.resolve({ width: index, height: 1 } as HTMLCanvasElement);
    else under[index]?.reject(new Error('no page'));
    await Promise.allSettled([under[index]?.promise]);
  };
  return { draw, asked, end };
}

test('the same page at the same size is drawn once while it is being drawn', async () => {
  const { draw, asked, end } = makeDrawing();
  const [first, second] = [draw(1, 0.9), draw(1, 0.9)];
  expect(asked).toEqual(['1 0.9']);
  await end(0);
  expect(await second).toBe(await first);
  // What is drawn is not kept: it would be a page's worth of memory.
  void draw(1, 0.9);
  expect(asked).toHaveLength(2);
});

test('another page, another size, and one that failed are drawn anew', async () => {
  const { draw, asked, end } = makeDrawing();
  void draw(1, 0.9);
  void draw(1, 0.8);
  void draw(2, 0.8);
  expect(asked).toEqual(['1 0.9', '1 0.8', '2 0.8']);
  // An earlier one that ends is not the one under way.
  await end(0);
  void draw(2, 0.8);
  expect(asked).toHaveLength(3);
  const last = draw(2, 0.8);
  await end(2, false);
  await expect(last).rejects.toThrow('no page');
  void draw(2, 0.8).catch(() => undefined);
  expect(asked).toHaveLength(4);
});

import { boundsOf, type Matrix } from './geometry.ts';
import { type PaintScope, useMatrix } from './paint-scope.ts';

/** Where a film or sound would play stands what it is, a grey field with the sign for playing or for sound: paper plays nothing. */
export function paintMediaSign(media: 'video' | 'audio', { context, kit }: PaintScope, square: Matrix): void {
  const { x: left, y: top, width, height } = boundsOf({ x: 0, y: 0, width: 1, height: 1 }, square);
  useMatrix(context, [1, 0, 0, 1, left, top]);
  context.fillStyle = '#e3e6ea';
  context.fillRect(0, 0, width, height);
  const side = Math.min(width, height) / 4;
  const [middle, centre] = [width / 2, height / 2];
  const sign = kit.createPath();
  const polygon = (points: readonly (readonly [number, number])[]): void => {
    const [first, ...others] = points.map(([x, y]) => [middle + x * side, centre + y * side] as const);
    if (first === undefined) return;
    sign.moveTo(...first);
    for (const point of others) sign.lineTo(...point);
    sign.closePath();
  };
  if (media === 'video') polygon([[-0.7, -1], [1, 0], [-0.7, 1]]);
  else {
    polygon([[-1, -0.4], [-0.5, -0.4], [0.2, -1], [0.2, 1], [-0.5, 0.4], [-1, 0.4]]);
    polygon([[0.5, -0.6], [0.7, -0.6], [0.7, 0.6], [0.5, 0.6]]);
    polygon([[0.9, -0.9], [1.1, -0.9], [1.1, 0.9], [0.9, 0.9]]);
  }
  context.fillStyle = '#6b7480';
  context.fill(sign);
}

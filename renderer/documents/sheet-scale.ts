/** Width and height in CSS pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

const deskMargin = 14;
const zoomSteps = [0.25, 0.33, 0.5, 0.64, 0.75, 0.9, 1, 1.25, 1.5, 2, 3, 4];

/** The scale that shows a wide page whole and a tall one at the width of the desk, never larger than on paper. */
export function fitScale(page: Room, room: Room): number {
  const byWidth = (room.width - 2 * deskMargin) / page.width;
  const byHeight = (room.height - 2 * deskMargin) / page.height;
  return Math.max(0.1, Math.min(1, byWidth, page.width > page.height ? byHeight : 1));
}

/** The next step of the zoom ladder above or below a scale. */
export function nextZoom(scale: number, direction: 1 | -1): number {
  const ladder = direction === 1 ? zoomSteps : zoomSteps.toReversed();
  return ladder.find((step) => (step - scale) * direction > 0.01) ?? scale;
}

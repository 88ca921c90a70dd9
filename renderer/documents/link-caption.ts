import type { SheetLink, SheetText } from './sheet-source.ts';

const longest = 80;

/** The words of a page that lie in a link's place, leaders of dots left out, an ellipsis for characters that only the file's own font can show; empty where there are none. */
export function captionOf({ place }: Pick<SheetLink, 'place'>, lines: readonly SheetText[]): string {
  if (place === null) return '';
  const covered = lines.filter(({ x, y, width, size }) => {
    const [middleX, middleY] = [x + width / 2, y - size / 3];
    return middleX >= place.x && middleX <= place.x + place.width && middleY >= place.y && middleY <= place.y + place.height;
  });
  const text = covered.map((line) => line.text).join(' ');
  return text.replaceAll(/[.…·]{3,}/g, ' ').replaceAll(/[\p{Co}\p{Cn}]+/gu, '…').replaceAll(/\s+/g, ' ').trim().slice(0, longest);
}

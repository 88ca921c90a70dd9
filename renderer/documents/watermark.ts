const namespace = 'http://www.w3.org/2000/svg';

/** The size of one tile for lines of text: wide enough for the longest line, so that tiles never run into each other. */
export function tileSize(lines: readonly string[], fontSize: number): { readonly width: number; readonly height: number } {
  const longest = Math.max(1, ...lines.map(textWidth));
  return { width: Math.ceil(longest * fontSize + 70), height: Math.ceil(lines.length * fontSize * 1.5 + 78) };
}

/** The width of a line in ems: Chinese characters are one em wide, others a little over half. */
function textWidth(line: string): number {
  let width = 0;
  for (const character of line) width += (character.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.56;
  return width;
}

const fontSize = 13;

/** Draws the tiled watermark as one SVG; text goes in as text nodes, so that nothing in a line is markup. */
export function drawWatermark(lines: readonly string[]): SVGSVGElement {
  const { width, height } = tileSize(lines, fontSize);
  const svg = element('svg', { class: 'watermark', width: '100%', height: '100%', 'aria-hidden': 'true', 'data-testid': 'watermark' });
  const pattern = element('pattern', { id: 'watermark-tile', width: String(width), height: String(height), patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(-22)' });
  lines.forEach((line, index) => {
    const text = element('text', { x: '8', y: String(40 + index * fontSize * 1.5), 'font-size': String(fontSize), class: 'watermark-text' });
    text.textContent = line;
    pattern.append(text);
  });
  const definitions = element('defs', {});
  definitions.append(pattern);
  svg.append(definitions, element('rect', { width: '100%', height: '100%', fill: 'url(#watermark-tile)' }));
  return svg;
}

/** Keeps the watermark on `host`: removed, emptied or altered, it is drawn again at once, and `onTouched` told. Returns how to stop. */
export function guardWatermark(host: HTMLElement, lines: readonly string[], onTouched: () => void = () => {}): () => void {
  let mark = drawWatermark(lines);
  const watch = { childList: true, subtree: true, attributes: true, characterData: true } as const;
  const observer = new MutationObserver(() => {
    observer.disconnect();
    mark.remove();
    mark = drawWatermark(lines);
    host.append(mark);
    host.removeAttribute('style');
    host.removeAttribute('hidden');
    observer.observe(host, watch);
    onTouched();
  });
  host.append(mark);
  observer.observe(host, watch);
  return () => {
    observer.disconnect();
    mark.remove();
  };
}

function element<K extends keyof SVGElementTagNameMap>(name: K, attributes: Readonly<Record<string, string>>): SVGElementTagNameMap[K] {
  const created = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value);
  return created;
}

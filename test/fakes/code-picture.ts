import type { Browser } from 'playwright-core';
import encode from 'qr';

/** Codes side by side on white, as a PNG of the given size. */
export async function drawCodes(browser: Browser, texts: readonly string[], size: { readonly width: number; readonly height: number }): Promise<Uint8Array> {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  await page.setContent(`<body style="margin:0;background:white;height:100vh;display:flex;align-items:center;justify-content:space-evenly">${texts.map(drawCode).join('')}`);
  const picture = await page.screenshot();
  await context.close();
  return picture;
}

function drawCode(text: string): string {
  const modules = encode(text, 'raw', { ecc: 'medium', border: 4 });
  const squares = modules.flatMap((row, y) => row.map((dark, x) => (dark ? `<rect x="${x}" y="${y}" width="1" height="1"/>` : '')));
  return `<svg shape-rendering="crispEdges" height="60%" viewBox="0 0 ${modules.length} ${modules.length}">${squares.join('')}</svg>`;
}

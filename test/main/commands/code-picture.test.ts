import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { expect, test } from 'vitest';
import { drawCodePicture } from '../../../main/commands/code-picture.ts';

test('a service code is drawn as QR of level Q, with a mark below 10 % of its area, and is read back', async () => {
  const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(readFileSync(file)).buffer } });
  const text = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.repeat(7).slice(0, 237);
  for (const scale of [3, 8]) {
    const results = await readBarcodes(drawCodePicture(text, { scale }), { formats: ['QRCodeModel2'] });
    expect(results.map((result) => [result.text, result.ecLevel, result.version])).toEqual([[text, 'Q', '11']]);
  }
});

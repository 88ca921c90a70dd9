import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { encode as encodeJpeg } from 'jpeg-js';
import encodeQR from 'qr';
import { describe, expect, test } from 'vitest';
import { createImageReader } from '../../../main/devices/image-reader.ts';

// Photographs with known contents, kept beside the repository: their makers state no licence.
const photographs = path.resolve(import.meta.dirname, '../../../../shared/data/qr');
const reader = createImageReader();

/** A JPEG of a code, 6 pixels a module. */
function draw(text: string): Uint8Array {
  const modules = encodeQR(text, 'raw', { ecc: 'quartile', border: 4 });
  const side = modules.length * 6;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (modules[Math.floor(y / 6)]?.[Math.floor(x / 6)] === true) data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return new Uint8Array(encodeJpeg({ width: side, height: side, data: Buffer.from(data) }, 90).data);
}

describe('the image reader', () => {
  test('gives text, bytes, symbology and corners', async () => {
    const read = await reader.readCodes(draw('企业服务码 91310000MA1K35T4X6'));
    expect(read.ok && read.value).toHaveLength(1);
    const [code] = read.ok ? read.value : [];
    expect(code).toMatchObject({ text: '企业服务码 91310000MA1K35T4X6', format: 'QRCode' });
    expect(code?.symbology).toMatch(/^\]Q/);
    expect(Buffer.from(code?.bytes ?? []).toString()).toBe(code?.text);
    const [topLeft, topRight, bottomRight] = code?.corners ?? [];
    expect(topLeft!.x).toBeLessThan(topRight!.x);
    expect(topRight!.y).toBeLessThan(bottomRight!.y);
  });

  test.skipIf(!existsSync(photographs))('reads a sample of the photographs', async () => {
    const truth: { file: string; payload: string | null }[] = JSON.parse(readFileSync(path.join(photographs, 'truth.json'), 'utf8'));
    const sample = truth.filter(({ payload }, i) => payload !== null && i % 4 === 0);
    let right = 0;
    for (const { file, payload } of sample) {
      const read = await reader.readCodes(readFileSync(path.join(photographs, file)));
      if (read.ok && read.value.some((code) => code.text === payload)) right += 1;
    }
    expect(sample.length).toBeGreaterThan(20);
    expect(right / sample.length).toBeGreaterThan(0.9);
  });

  test('a picture without a code is an empty list', async () => {
    const data = Buffer.alloc(200 * 200 * 4, 200);
    expect(await reader.readCodes(new Uint8Array(encodeJpeg({ width: 200, height: 200, data }, 80).data))).toEqual({ ok: true, value: [] });
  });

  test('refuses hostile pictures before opening them', async () => {
    const good = draw('x');
    const png = new Uint8Array(Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.from('0000ffff0000ffff0806000000', 'hex'), Buffer.alloc(200)]));
    const jpeg = good.slice();
    const frame = Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xc0]));
    new DataView(jpeg.buffer).setUint32(frame + 5, 0xffffffff);
    const manyScans = new Uint8Array(Buffer.concat([Buffer.from(good), ...Array.from({ length: 100 }, () => Buffer.from([0xff, 0xda]))]));
    const hostile = [new Uint8Array(0), new Uint8Array([0x89]), png, jpeg, manyScans, good.slice(0, good.length / 2), new Uint8Array(Buffer.from('<svg/>'))];
    for (const picture of hostile) {
      const startedAt = performance.now();
      const read = await reader.readCodes(picture);
      expect(performance.now() - startedAt).toBeLessThan(2000);
      if (!read.ok) expect(read.failure.code).toBe('scan/unreadable-image');
    }
    expect((await reader.readCodes(png)).ok).toBe(false);
    expect((await reader.readCodes(jpeg)).ok).toBe(false);
    expect((await reader.readCodes(manyScans)).ok).toBe(false);
  });

  test('never rejects on damaged pictures', async () => {
    const good = draw('91310000MA1K35T4X6');
    for (let i = 0; i < 150; i++) {
      const bad = good.slice();
      for (let k = 0; k < 1 + (i % 7); k++) bad[(i * 7919 + k * 104_729) % bad.length] = (i * 31 + k * 17) & 255;
      const read = await reader.readCodes(bad);
      expect(typeof read.ok).toBe('boolean');
    }
  });
});

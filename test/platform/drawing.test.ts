import { afterAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { FileReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';
import { createDrawing } from '../../platform/sharing/drawing.ts';
import { enrolCounter, firstCompany, fullGrant, purpose, startPlatform } from './test-counter.ts';

describe('drawing in a thread', () => {
  const drawing = createDrawing({ idleMs: 300 });
  afterAll(() => drawing.close());

  test('draws both formats, again after the thread has ended, and fails as a rejection', async () => {
    const certificates = firstCompany().certificates;
    for (const certificate of certificates) {
      const content = await drawing.draw(firstCompany(), certificate);
      expect(new TextDecoder('latin1').decode(content.subarray(0, 4))).toBe(certificate.format === 'PDF' ? '%PDF' : 'PK\u0003\u0004');
    }
    await new Promise((resolve) => setTimeout(resolve, 600));
    const [certificate] = certificates;
    if (certificate === undefined) throw new Error('no certificate');
    expect((await drawing.draw(firstCompany(), certificate)).length).toBeGreaterThan(10_000);
    await expect(drawing.draw(firstCompany(), { ...certificate, surface: null as never })).rejects.toThrow('TypeError');
  });

  test('a drawing that is cut off by closing is rejected', async () => {
    const other = createDrawing();
    const [company] = sampleCompanies;
    const [certificate] = company?.certificates ?? [];
    if (company === undefined || certificate === undefined) throw new Error('no sample');
    const pending = other.draw(company, certificate);
    const rejected = expect(pending).rejects.toThrow('drawing thread ended');
    await other.close();
    await rejected;
  });
});

test('the real certificates come through the interface as announced', async () => {
  const drawing = createDrawing();
  const running = await startPlatform({ draw: drawing.draw });
  const counter = await enrolCounter(running.platform);
  const { certList } = await counter.query((await running.platform.mint(fullGrant())).code);
  for (const { certificateID } of certList ?? []) {
    const [entry] = v.parse(FileReplySchema, (await counter.call(sharingPaths.fileById, { certificateID, ...purpose })).payload).dataList;
    const response = await fetch(entry?.fileUrl ?? '');
    const content = new Uint8Array(await response.arrayBuffer());
    expect(encodeHex(sm3(content))).toBe(entry?.fileSm3);
    expect(response.headers.get('content-type')).toBe(entry?.fileFormat === 'PDF' ? 'application/pdf' : 'application/ofd');
  }
  await drawing.close();
  await running.remove();
});

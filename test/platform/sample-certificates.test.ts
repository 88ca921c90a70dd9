import { strFromU8, unzipSync } from 'fflate';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { describe, expect, it } from 'vitest';
import { createFontLibrary } from '../../platform/sample/cjk-font.ts';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';
import { wrapText } from '../../platform/sample/drawing.ts';
import { drawCertificate } from '../../platform/sample/drawn-certificate.ts';
import type { SampleCertificate, SampleCompany } from '../../platform/sample/sample-company.ts';
import { readTrueType } from '../../platform/sample/true-type.ts';

const held = sampleCompanies.flatMap((company) => company.certificates.map((certificate) => ({ company, certificate })));

describe('drawn certificates', () => {
  it('draws the whole set in under 20 seconds, each in its own format with every value of its face', async () => {
    const started = process.cpuUsage();
    for (const { company, certificate } of held) {
      const text = await readText(certificate, await drawCertificate(company, certificate));
      const expected = [certificate.type, certificate.number, certificate.issueDept, ...Object.values(certificate.surface)];
      for (const value of expected) expect(text, `${company.name} ${certificate.type}`).toContain(squeeze(value));
    }
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(20);
  }, 60_000);

  it('gives equal bytes for equal input, and other bytes for another company', async () => {
    for (const format of ['PDF', 'OFD'] as const) {
      const { company, certificate } = withFormat(0, format);
      const first = await drawCertificate(company, certificate);
      expect(await drawCertificate(company, certificate)).toEqual(first);
      expect(await drawCertificate({ ...company, name: '另一家' }, { ...certificate, surface: { ...certificate.surface, 名称: '另一家' } })).not.toEqual(first);
    }
  });

  it('is a package whose parts name each other', async () => {
    const { company, certificate } = withFormat(0, 'OFD');
    const files = unzipSync(await drawCertificate(company, certificate));
    const part = (name: string): string => strFromU8(files[name] ?? new Uint8Array());
    expect(part('OFD.xml')).toContain('<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>');
    const content = part('Doc_0/Pages/Page_0/Content.xml');
    const resources = part('Doc_0/PublicRes.xml');
    const ids = [...`${content}${resources}`.matchAll(/ ID="(\d+)"/g)].map(([, id]) => Number(id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(part('Doc_0/Document.xml')).toContain(`<ofd:MaxUnitID>${Math.max(...ids) + 1}</ofd:MaxUnitID>`);
    for (const [, font] of content.matchAll(/ Font="(\d+)"/g)) expect(resources).toContain(`<ofd:Font ID="${font}"`);
    for (const [, file] of resources.matchAll(/<ofd:FontFile>(.*?)</g)) expect(files[`Doc_0/Res/${file}`]).toBeDefined();
  });
});

describe('fonts made for a text', () => {
  const library = createFontLibrary();

  it('has an outline for every character, digits and rare ones too, in a font that reads back', async () => {
    const text = '营业执照绍兴翀赟龢0123456789ABCXYZ（）〔〕：；';
    const font = await library.load('serif-700', text);
    const reader = readTrueType(font.bytes);
    for (const character of text) {
      const glyph = reader.glyphOf(character.codePointAt(0) ?? 0);
      expect(glyph?.outline.length, character).toBeGreaterThan(20);
      expect((glyph?.advance ?? 0) / reader.unitsPerEm).toBeCloseTo(font.advance(character), 6);
    }
  });

  it('sets the mark of a missing sort where the family has no glyph', async () => {
    const font = await library.load('serif-400', '𬭎〓');
    const reader = readTrueType(font.bytes);
    expect(reader.glyphOf('𬭎'.codePointAt(0) ?? 0)).toEqual(reader.glyphOf('〓'.codePointAt(0) ?? 0));
  });
});

describe('line breaking', () => {
  const measure = (_face: string, size: number, text: string): number => size * [...text].length;

  it('keeps dates whole, starts no line with a full stop and ends none with a bracket', () => {
    expect(wrapText(measure, 'serif-400', 1, '2022年12月05日至2026年12月04日', 14)).toEqual(['2022年12月05日至', '2026年12月04日']);
    expect(wrapText(measure, 'serif-400', 1, '食品经营。散装食（熟）', 4)).toEqual(['食品经营。', '散装食', '（熟）']);
  });
});

function withFormat(index: number, format: 'PDF' | 'OFD'): { company: SampleCompany; certificate: SampleCertificate } {
  const found = held.filter(({ certificate }) => certificate.format === format)[index];
  if (found === undefined) throw new Error(`no ${format}`);
  return found;
}

/** The text of a file without white space, in the order of drawing; line breaks of the layout do not show in it. */
async function readText(certificate: SampleCertificate, file: Uint8Array): Promise<string> {
  if (certificate.format === 'OFD') {
    const content = strFromU8(unzipSync(file)['Doc_0/Pages/Page_0/Content.xml'] ?? new Uint8Array());
    const codes = [...content.matchAll(/<ofd:TextCode [^>]*>([^<]*)</g)].map(([, text]) => text ?? '');
    return squeeze(codes.join('').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))));
  }
  const document = await getDocument({ data: file.slice(), verbosity: 0 }).promise;
  const { items } = await (await document.getPage(1)).getTextContent();
  return squeeze(items.map((item) => ('str' in item ? item.str : '')).join(''));
}

function squeeze(text: string): string {
  return text.replace(/\s/g, '');
}

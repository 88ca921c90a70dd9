import { expect, test } from 'vitest';
import { compareRevisions } from '../../../main/documents/revision-comparison.ts';

interface Draft {
  readonly text: string;
  readonly table: number;
}

const form = (text: string): string => `<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Length ${text.length} >>\nstream\n${text}\nendstream`;
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** A file of objects 1, 2, 3 … */
function draft(objects: readonly string[]): Draft {
  let text = '%PDF-1.7\n';
  const offsets = objects.map((body, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const table = text.length;
  return { table, text: `${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n` };
}

/** The file with one object written anew behind its end. */
function update({ text, table }: Draft, id: number, body: string): string {
  const added = `${text}${id} 0 obj\n${body}\nendobj\n`;
  return `${added}xref\n${id} 1\n${String(text.length).padStart(10, '0')} 00000 n \ntrailer\n<< /Size 20 /Root 1 0 R /Prev ${table} >>\nstartxref\n${added.length}\n%%EOF\n`;
}

function compare(file: Draft, id: number, body: string) {
  return compareRevisions(bytesOf(file.text), bytesOf(update(file, id, body)));
}

const tree = (more: string): string => `<< /Type /Pages /Kids [3 0 R] /Count 1 ${more} >>`;
const catalogue = '<< /Type /Catalog /Pages 2 0 R >>';
const small = form('0 0 9 9 re f');

test('what a page inherits is part of it: resources, size, rotation', async () => {
  const above = '/MediaBox [0 0 100 100] /Rotate 0 /Resources << /XObject << /A 5 0 R >> >>';
  const file = draft([catalogue, tree(above), '<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>', '<< /Length 5 >>\nstream\n/A Do\nendstream', small, form('9 9 9 9 re f')]);
  expect(await compare(file, 2, tree(above))).toBe('same');
  expect(await compare(file, 2, tree(above.replace('5 0 R', '6 0 R')))).toBe('changed');
  expect(await compare(file, 2, tree(above.replace('100]', '20]')))).toBe('changed');
  expect(await compare(file, 2, tree(above.replace('/Rotate 0', '/Rotate 180')))).toBe('changed');
  expect(await compare(file, 5, form('0 0 88 88 re f'))).toBe('changed');
});

test.each(['P', 'Parent', 'DA', 'DR', 'Metadata', 'Version'])('a picture by the name of /%s is no link upwards', async (name) => {
  const page = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Foo 6 0 R /Resources << /XObject 6 0 R >> /Contents 4 0 R >>`;
  const file = draft([catalogue, tree(''), page, `<< /Length 5 >>\nstream\n/${name} Do\nendstream`, small, `<< /${name} 5 0 R >>`]);
  expect(await compare(file, 5, small)).toBe('same');
  expect(await compare(file, 5, form('0 0 88 88 re f'))).toBe('changed');
});

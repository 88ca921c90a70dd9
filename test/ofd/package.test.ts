import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { openOfdPackage, usualLimits } from '../../ofd/index.ts';

const small = { ...usualLimits, entries: 4, entryBytes: 1000, packageBytes: 1500 };

describe('a package', () => {
  test('gives each entry back as stored', () => {
    const content = crypto.getRandomValues(new Uint8Array(5000));
    const opened = openOfdPackage(zipSync({ 'a/b.bin': content, 'stored.bin': [content, { level: 0 }] }));
    if (!opened.ok) throw new Error(opened.failure.code);
    expect(opened.value.names).toEqual(['a/b.bin', 'stored.bin']);
    expect(opened.value.read('a/b.bin')).toEqual({ ok: true, value: content });
    expect(opened.value.read('stored.bin')).toEqual({ ok: true, value: content });
    expect(code(opened.value.read('A/b.bin'))).toBe('package/entry-missing');
  });

  test('is refused before anything is unpacked when it breaks a limit', () => {
    const zip = (files: Record<string, number>) => zipSync(Object.fromEntries(Object.entries(files).map(([name, size]) => [name, new Uint8Array(size)])));
    expect(code(openOfdPackage(zip({ a: 1, b: 1, c: 1, d: 1 }), small))).toBe('');
    expect(code(openOfdPackage(zip({ a: 1, b: 1, c: 1, d: 1, e: 1 }), small))).toBe('package/too-many-entries');
    expect(code(openOfdPackage(zip({ a: 1000 }), small))).toBe('');
    expect(code(openOfdPackage(zip({ a: 1001 }), small))).toBe('package/entry-too-large');
    expect(code(openOfdPackage(zip({ a: 800, b: 800 }), small))).toBe('package/too-large');
  });

  test('is refused for names that leave it, repeat, or are the same to some systems', () => {
    const named = (...names: string[]) => code(openOfdPackage(zipSync(Object.fromEntries(names.map((name) => [name, strToU8('x')])))));
    expect(named('Doc_0/a..b/..c')).toBe('');
    for (const name of ['../a', 'a/../../b', '/etc/passwd', 'a\\..\\..\\b', 'C:/x', 'a\0b']) expect(named(name), name).toBe('package/unsafe-name');
    expect(named('a.xml', 'A.xml')).toBe('package/duplicate-name');
  });

  test('is refused when encrypted, linked or packed in an unknown way', () => {
    const zip = zipSync({ a: strToU8('content') });
    const directory = zip.length - 22 - 46 - 1;
    const changed = (offset: number, value: number) => code(openOfdPackage(zip.map((byte, at) => (at === directory + offset ? value : byte))));
    expect(changed(5, 0)).toBe('');
    expect(changed(8, 1)).toBe('package/encrypted');
    expect(changed(10, 12)).toBe('package/unknown-compression');
    const linked = zip.slice();
    linked[directory + 5] = 3;
    linked[directory + 41] = 0xa1;
    expect(code(openOfdPackage(linked))).toBe('package/link');
  });

  test('with the end record of ZIP64 is opened by it', () => {
    const zip = zipSync({ 'a.xml': strToU8('x') });
    const end = zip.length - 22;
    const start = new DataView(zip.buffer).getUint32(end + 16, true);
    const large = new Uint8Array(zip.length + 76);
    large.set(zip.subarray(0, end));
    large.set(zip.subarray(end), end + 76);
    const view = new DataView(large.buffer);
    view.setUint32(end, 0x06064b50, true);
    view.setBigUint64(end + 32, 1n, true);
    view.setBigUint64(end + 48, BigInt(start), true);
    view.setUint32(end + 56, 0x07064b50, true);
    view.setBigUint64(end + 64, BigInt(end), true);
    view.setUint16(end + 76 + 10, 0xffff, true);
    view.setUint32(end + 76 + 16, 0xffffffff, true);
    const opened = openOfdPackage(large);
    expect(opened.ok && opened.value.names).toEqual(['a.xml']);
    view.setUint32(end + 56, 0, true);
    expect(code(openOfdPackage(large))).toBe('package/too-many-entries');
  });

  test('that lies about the size of an entry gives a damaged entry, never more bytes than declared', () => {
    const zip = zipSync({ a: new Uint8Array(900) });
    const directory = zip.length - 22 - 46 - 1;
    new DataView(zip.buffer).setUint32(directory + 24, 100, true);
    const opened = openOfdPackage(zip);
    expect(opened.ok && code(opened.value.read('a'))).toBe('package/damaged');
  });

  test('with one flipped bit in an entry says so', () => {
    const content = strToU8('a text that is stored as it is');
    const zip = zipSync({ a: [content, { level: 0 }] });
    const opened = openOfdPackage(zip.map((byte, at) => (at === 40 ? byte ^ 1 : byte)));
    expect(opened.ok && code(opened.value.read('a'))).toBe('package/damaged');
  });

  test('that is none is refused', () => {
    for (const bytes of [new Uint8Array(), strToU8('%PDF-1.7'), new Uint8Array(100_000)]) expect(code(openOfdPackage(bytes))).toBe('package/not-a-zip');
  });
});

describe('a location', () => {
  const files = ['OFD.xml', 'Doc_0/Document.xml', 'Doc_0/Tpls/TPL_0/Content.xml', 'Doc_0/Res/a b.png', 'Doc_0/Res/font.ttf', 'Doc_0/Pages/Page_0/Content.xml'];
  const opened = openOfdPackage(zipSync(Object.fromEntries(files.map((name) => [name, strToU8('x')]))));
  const find = (location: string, base = {}) => (opened.ok ? opened.value.find(location, base) : null);

  test.each([
    ['absolute', '/Doc_0/Document.xml', {}, 'Doc_0/Document.xml'],
    ['beside the file', 'Pages/Page_0/Content.xml', { entry: 'Doc_0/Document.xml' }, 'Doc_0/Pages/Page_0/Content.xml'],
    ['below BaseLoc', 'font.ttf', { entry: 'Doc_0/PublicRes.xml', baseLoc: 'Res' }, 'Doc_0/Res/font.ttf'],
    ['below the document and BaseLoc', 'font.ttf', { entry: 'Doc_0/Pages/Page_0/PageRes.xml', baseLoc: 'Res', documentFolder: 'Doc_0' }, 'Doc_0/Res/font.ttf'],
    ['in the folder Res', 'font.ttf', { entry: 'Doc_0/X.xml', documentFolder: 'Doc_0' }, 'Doc_0/Res/font.ttf'],
    ['whatever the case', 'TPLS/Tpl_0/Content.xml', { entry: 'Doc_0/Document.xml' }, 'Doc_0/Tpls/TPL_0/Content.xml'],
    ['with backslashes', 'Res\\font.ttf', { entry: 'Doc_0/Document.xml' }, 'Doc_0/Res/font.ttf'],
    ['with percent signs', 'a%20b.png', { entry: 'Doc_0/PublicRes.xml', baseLoc: 'Res' }, 'Doc_0/Res/a b.png'],
    ['going up', '../Res/font.ttf', { entry: 'Doc_0/Pages/X.xml' }, 'Doc_0/Res/font.ttf'],
    ['out of the package', '../../../etc/passwd', { entry: 'Doc_0/Pages/X.xml' }, null],
    ['empty', ' ', {}, null],
  ])('%s', (_, location, base, expected) => {
    expect(find(location, base)).toBe(expected);
  });
});

function code(result: { ok: true } | { ok: false; failure: { code: string } }): string {
  return result.ok ? '' : result.failure.code;
}

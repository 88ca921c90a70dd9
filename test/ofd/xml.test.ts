import { describe, expect, test } from 'vitest';
import { parseXml, usualLimits } from '../../ofd/index.ts';

const parse = (text: string, limits = usualLimits) => parseXml(new TextEncoder().encode(text), limits);
const codeOf = (text: string, limits = usualLimits) => {
  const parsed = parse(text, limits);
  return parsed.ok ? '' : parsed.failure.code;
};

describe('XML', () => {
  test('is matched by local names, whatever prefixes say', () => {
    const parsed = parse('\uFEFF<ofd:Res xmlns:ofd="http://x" ofd:A="1"><:params xmlns:=""><b:X B="2">t &lt; u</b:X></:params></ofd:Res>');
    if (!parsed.ok) throw new Error(parsed.failure.detail);
    const [params] = parsed.value.children;
    expect([parsed.value.name, parsed.value.attributes.get('A'), params?.name, params?.children[0]?.text]).toEqual(['Res', '1', 'params', 't < u']);
  });

  test('may be GBK, by its declaration or by its bytes', () => {
    const hanzi = [0xd6, 0xa4, 0xd5, 0xd5]; // 证照
    for (const head of ['<?xml version="1.0" encoding="GBK"?><a>', '<a>']) {
      const parsed = parseXml(Uint8Array.from([...new TextEncoder().encode(head), ...hanzi, ...new TextEncoder().encode('</a>')]), usualLimits);
      expect(parsed.ok && parsed.value.text).toBe('证照');
    }
  });

  test('with a document type declaration is refused', () => {
    expect(codeOf('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')).toBe('xml/doctype');
    expect(codeOf('<a>&x;</a>')).toBe('xml/malformed');
  });

  test('is refused at its limits', () => {
    const deep = (levels: number) => `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`;
    expect(codeOf(deep(200))).toBe('');
    expect(codeOf(deep(201))).toBe('xml/too-deep');
    expect(codeOf(deep(100_000))).toBe('xml/too-deep');
    expect(codeOf(`<a>${'<b/>'.repeat(9)}</a>`, { ...usualLimits, xmlElements: 10 })).toBe('');
    expect(codeOf(`<a>${'<b/>'.repeat(10)}</a>`, { ...usualLimits, xmlElements: 10 })).toBe('xml/too-large');
  });

  test.each(['', ' ', 'text', '<a>', '<a></b>', '<a b=1/>', '<a/><b/>', '<a>\0</a>'])('%j is refused', (text) => {
    expect(codeOf(text)).toBe('xml/malformed');
  });
});

test('control characters, as such and as references, are left out instead of the whole page', () => {
  const read = parseXml(new TextEncoder().encode('<a>x\u0001y&#x1;&#0;&#x4e2d;&#10;z</a>'), usualLimits);
  expect(read.ok && read.value.text).toBe('xy中\nz');
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printCanonicalJson } from '../../domain/canonical-json.ts';
import { isJsonObject, type JsonValue, parseJson, readField } from '../../domain/json.ts';

const parse = (text: string): JsonValue | null => parseJson(text, { maxLength: 10_000 });

describe('JSON of strangers', () => {
  it('is parsed up to 16 levels and the given length', () => {
    expect(parse('{"a":[1,"二",null,true]}')).toEqual({ a: [1, '二', null, true] });
    expect(parse(`${'['.repeat(16)}${']'.repeat(16)}`)).not.toBeNull();
    expect(parse(`${'['.repeat(17)}${']'.repeat(17)}`)).toBeNull();
    expect(parse(`{"a":"${'['.repeat(100)}\\"${'{'.repeat(100)}"}`)).not.toBeNull();
    expect(parseJson('"abc"', { maxLength: 5 })).toBe('abc');
    expect(parseJson('"abc"', { maxLength: 4 })).toBeNull();
    expect(parseJson('[[1]]', { maxLength: 99, maxDepth: 1 })).toBeNull();
  });

  it.each(['{"__proto__":1}', '{"a":[{"__proto__":{}}]}', '{"\\u005f_proto__":1}', '{', '', '{a:1}', "{'a':1}", '[1,]', 'NaN', 'undefined', '"\u0001"'])('refuses %s', (text) => {
    expect(parse(text)).toBeNull();
  });

  it('is never read through a prototype', () => {
    const object = parse('{"a":null,"b":0}');
    if (!isJsonObject(object)) throw new Error('object');
    expect(readField(object, 'constructor')).toBeUndefined();
    expect(readField(object, 'toString', 'a', 'b')).toBe(0);
    expect([isJsonObject([]), isJsonObject(null), isJsonObject('x'), isJsonObject({})]).toEqual([false, false, false, true]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ntf0-e.u_proto '), maxLength: 60 }), (text) => {
      parse(text);
    }), { numRuns: 20_000 });
  });
});

describe('canonical JSON', () => {
  it('sorts keys by UTF-16 code units and leaves no blanks (RFC 8785 3.2.3)', () => {
    const value = { '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '\ufb33': 'Hebrew Letter Dalet With Dagesh', '1': 'One', '\ud83d\ude00': 'Emoji: Grinning Face', '\u0080': 'Control', '\u00f6': 'Latin Small Letter O With Diaeresis' };
    expect(printCanonicalJson(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  it('prints numbers as ECMAScript does (RFC 8785 3.2.2.3)', () => {
    expect(printCanonicalJson([JSON.parse('333333333.33333329') as number, 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0])).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
  });

  it('says the same as the value, in one spelling for every order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = printCanonicalJson(value as JsonValue);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(printCanonicalJson(reverseKeys(value as JsonValue)))));
        expect(printCanonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
        expect(printCanonicalJson(reverseKeys(value as JsonValue))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws on a lone surrogate', () => {
    expect(printCanonicalJson('\ud800')).toBe('"\\ud800"');
  });
});

function reverseKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => reverseKeys(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, member]) => [key, reverseKeys(member)]));
}

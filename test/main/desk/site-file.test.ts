import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locateJson } from '../../../main/desk/json-lines.ts';
import { firstSite, offlineRule } from '../../../main/desk/site.ts';
import { openSite } from '../../../main/desk/site-file.ts';

const open = (text: string | null) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'counter-site-'));
  const file = join(dataDir, 'site.json');
  if (text !== null) writeFileSync(file, text);
  return { opened: openSite({ dataDir, writeFile: writeFileSync }), file };
};
const faultOf = (text: string): string => {
  const { opened, file } = open(text);
  expect(readFileSync(file, 'utf8')).toBe(text);
  return opened.ok ? 'taken' : `${opened.failure.code}: ${opened.failure.detail}`;
};

describe('site.json', () => {
  test('may be absent, short, or begin with a byte order mark', () => {
    const { opened, file } = open(null);
    expect(opened).toMatchObject({ ok: true });
    expect(opened.ok && opened.value.current()).toEqual(firstSite);
    expect(existsSync(file)).toBe(false);
    for (const mark of ['', '\uFEFF']) {
      const short = open(`${mark}{"operator":{"id":"9","name":"王芳"}}`).opened;
      expect(short.ok && short.value.current()).toEqual({ ...firstSite, operator: { id: '9', name: '王芳' } });
    }
  });

  test.each([
    ['a value', '{\n  "mode": "hall",\n  "whenOffline": "provisonal"\n}', 'site.json line 3: "whenOffline" is "provisonal"; it may be "refuse", "provisional". Did you mean "provisional"?'],
    ['a key', '{\n  "whenOfline": "provisional"\n}', /^settings\/unfit: site\.json line 2: there is no setting "whenOfline"\. Did you mean "whenOffline"\? There are: .*\bwhenOffline\b/],
    ['a key inside', '{"operator":\n{"id":"9",\n"nmae":"王芳"}}', /line 3: there is no setting "operator\.nmae"\. Did you mean "name"\?.*|line 1: "operator\.name" is missing/],
    ['a key in a list', '{"serial":[\n{"path":"/dev/ttyS0","baudRate":9600,"suffix":"CR","name":"a"},\n{"path":"/dev/ttyS1","baudRates":9600,"suffix":"CR","name":"b"}]}', /line 3: there is no setting "serial\.1\.baudRates"\. Did you mean "baudRate"\?/],
    ['a missing part', '{"operator":{"id":"9"}}', 'site.json line 1: "operator.name" is missing'],
    ['a number', '{\n\n"idleMinutes": 99}', 'site.json line 3: "idleMinutes" is 99; it may be <=15.'],
    ['a comma too many', '{\n"mode": "hall",\n}', 'site.json line 3: this is no JSON here'],
    ['a comma missing', '{\n"mode": "hall"\n"policy": "mlps3"\n}', 'site.json line 3: this is no JSON here'],
    ['an end missing', '{\n"mode": "hall"\n', 'site.json line 2: this is no JSON here'],
    ['nothing', '', 'site.json line 1: this is no JSON here'],
    ['no object', '["hall"]', 'site.json line 1: the file must be one object'],
  ])('with a mistake in it (%s) is refused with its place, and left as it is', (_what, text, says) => {
    const fault = faultOf(text);
    if (typeof says === 'string') expect(fault).toContain(`settings/unfit: ${says}`);
    else expect(fault).toMatch(says);
  });

  test('names several mistakes at once, in the order of the file', () => {
    expect(faultOf('{\n"role": "king",\n"retention": "for ever",\n"polcy": "mlps3"\n}')).toMatch(/line 2: "role" is "king".*line 3: "retention" is "for ever".*line 4: there is no setting "polcy"\. Did you mean "policy"/);
  });

  test('says what a good code is without the platform: as chosen, else by the kind of place', () => {
    expect([offlineRule({ mode: 'hall' }), offlineRule({ mode: 'kiosk' }), offlineRule({ mode: 'hall', whenOffline: 'provisional' }), offlineRule({ mode: 'kiosk', whenOffline: 'refuse' })]).toEqual(['refuse', 'provisional', 'provisional', 'refuse']);
  });
});

describe('the lines of a JSON text', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  test('are those of a text that is JSON, and of no other, as the runtime reads it', () => {
    const text = fc.oneof(fc.json(), fc.json().chain((json) => fc.tuple(fc.nat(json.length), fc.constantFrom('', '"', ',', '{', ']', ':', '1', ' ', '\\', '\n')).map(([at, other]) => `${json.slice(0, at)}${other}${json.slice(at + 1)}`)), fc.stringMatching(/^[[\]{},:"1e.\-tn \n\\]{0,12}$/));
    let good = 0;
    fc.assert(fc.property(text, (json) => {
      if (isJson(json)) good += 1;
      expect(locateJson(json).ok, json).toBe(isJson(json));
    }), { numRuns: 3000, seed: 7 });
    expect(good).toBeGreaterThan(500);
    expect(good).toBeLessThan(2500);
  });

  test('cost no stack, however deep the text', () => {
    expect(locateJson('['.repeat(100_000)).ok).toBe(false);
  });
});

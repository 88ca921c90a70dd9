import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { usccCheckCharacter } from '../../domain/uscc.ts';
import type { SupportCode, VerdictState } from '../../domain/verdict.ts';
import { zhCn } from '../../renderer/i18n/zh-cn.ts';
import { callNextPerson, startWorld, type World } from './world.ts';

let world: World;
let page: Page;
beforeAll(async () => {
  world = await startWorld();
  page = await world.openPage(world.host.address);
});
afterAll(() => world.close());
beforeEach(() => nextPerson());
afterEach(() => {
  for (const name of Object.keys(world.faults)) Reflect.deleteProperty(world.faults, name);
});

const nextPerson = (): Promise<void> => callNextPerson(world, page);

/** What the window shows of the scan after the last one. */
interface Shown {
  readonly state: string | null;
  readonly supportCode: string | null;
  readonly band: string;
  readonly page: string;
}

/** Sends a code down the serial line and waits for the verdict of this very scan. */
async function scan(code: string | Uint8Array): Promise<Shown> {
  const band = page.getByTestId('verdict');
  const before = (await band.count()) === 0 ? '' : ((await band.getAttribute('data-scan-id')) ?? '');
  world.wire.send(Buffer.concat([Buffer.from(code), Buffer.from('\r')]));
  await page.locator(`[data-testid="verdict"]:not([data-scan-id="${before}"])`).waitFor({ timeout: 15_000 });
  return {
    state: await band.getAttribute('data-state'),
    supportCode: await band.getAttribute('data-support-code'),
    band: await band.innerText(),
    page: await page.locator('.verdict-page').innerText(),
  };
}

/** The verdict has this state, this code, the words of both, what to do next, and shows nothing that was granted. */
function expectRefusal(shown: Shown, state: VerdictState, supportCode: SupportCode): void {
  expect([shown.state, shown.supportCode]).toEqual([state, supportCode]);
  expect(shown.band).toContain(zhCn.state[state].word);
  expect(shown.band).toContain(supportCode);
  expect(shown.page).toContain(zhCn.state[state].action);
  expect(shown.page).toContain(zhCn.support[supportCode]);
  expect(shown.page).not.toContain('陈*国');
  expect(shown.page).not.toContain('食品经营许可证');
}

const flip = (code: string, at: number): string => {
  const character = code[at] ?? '';
  const other = /[0-9]/.test(character) ? String((Number(character) + 1) % 10) : character === 'A' ? 'B' : 'A';
  return code.slice(0, at) + other + code.slice(at + 1);
};

describe('one-time use', () => {
  test('a used code is refused with the time of its use', async () => {
    const code = await world.mint({ oneTime: true });
    expect((await scan(code)).state).toBe('verified');
    await nextPerson();
    const shown = await scan(code);
    expectRefusal(shown, 'already-used', 'E-USED-01');
    expect(shown.band).toMatch(/已于 \d{2}:\d{2}(:\d{2})? 使用/);
  });
});

describe('one changed character', () => {
  test('in A: the check character does not fit', async () => {
    expectRefusal(await scan(flip(await world.mint(), 10)), 'malformed', 'E-FMT-04');
  });

  test('in A, with a check character that fits again: the signature does not', async () => {
    const flipped = flip(await world.mint(), 10);
    const first = flipped.slice(0, 17);
    expectRefusal(await scan(first + usccCheckCharacter(first) + flipped.slice(18)), 'signature-invalid', 'E-SIG-01');
  });

  test('in B (the consent digest)', async () => {
    expectRefusal(await scan(flip(await world.mint(), 60)), 'signature-invalid', 'E-SIG-01');
  });

  test('in S', async () => {
    const shown = await scan(flip(await world.mint(), 150));
    expectRefusal(shown, 'signature-invalid', 'E-SIG-01');
    // A bad signature hides everything: not even the name of the company may stand there.
    expect(shown.page).not.toContain('上海云帆');
    expect(shown.page).not.toContain('91310000MA1K35T44M');
  });
});

describe('not for us', () => {
  test('a platform that is not known', async () => {
    const code = await world.mint();
    const shown = await scan(`${code.slice(0, 25)}990099${code.slice(31)}`);
    expectRefusal(shown, 'platform-unknown', 'E-PLAT-01');
    expect(shown.band).toContain('990099');
  });

  test.each([
    ['https://example.com/pay?id=1', '网'],
    ['6901234567892', '条'],
    ['WIFI:T:WPA;S:hall;P:12345678;;', '无线网络'],
  ])('another kind of code says what it is: %s', async (code, word) => {
    const shown = await scan(code);
    expectRefusal(shown, 'not-a-service-code', 'E-KIND-01');
    expect(shown.band).toContain(word);
  });

  test('a named grantee that is not this organisation', async () => {
    const code = await world.mint({ grantee: { name: '上海市徐汇区政务服务中心', code: '12310104425012345X' } });
    expectRefusal(await scan(code), 'out-of-scope', 'E-SCOPE-02');
  });
});

describe('the platform', () => {
  test('gives another consent record than the code was made from', async () => {
    world.faults.digestMismatch = true;
    expectRefusal(await scan(await world.mint()), 'signature-invalid', 'E-DIG-01');
  });

  test('says result "0"', async () => {
    world.faults.resultZero = true;
    expectRefusal(await scan(await world.mint()), 'refused-by-platform', 'E-PLAT-03');
  });

  test('says a status that is not "0"', async () => {
    world.faults.headStatus = '113';
    expectRefusal(await scan(await world.mint()), 'refused-by-platform', 'E-PLAT-02');
  });

  test('answers with an HTTP error', async () => {
    world.faults.httpStatus = 500;
    expectRefusal(await scan(await world.mint()), 'platform-down', 'E-NET-03');
    await nextPerson();
    world.faults.httpStatus = 503;
    expectRefusal(await scan(await world.mint()), 'platform-down', 'E-NET-04');
  });

  test('answers what we cannot open, or what is no answer', async () => {
    world.faults.wrongKey = true;
    expectRefusal(await scan(await world.mint()), 'platform-down', 'E-ENV-01');
    await nextPerson();
    world.faults.wrongKey = undefined;
    world.faults.malformed = true;
    expectRefusal(await scan(await world.mint()), 'platform-down', 'E-ENV-02');
  });

  test('is slow: the call is given up; F5 asks again, and a one-time code is not used twice', async () => {
    world.faults.latencyMs = 6000;
    const shown = await scan(await world.mint({ oneTime: true }));
    expectRefusal(shown, 'platform-down', 'E-NET-02');
    world.faults.latencyMs = undefined;
    await page.keyboard.press('F5');
    await page.locator('[data-testid="verdict"][data-state="verified"]').waitFor();
  });

  test('verifies but gives no data', async () => {
    world.faults.dataMissing = true;
    const shown = await scan(await world.mint());
    expectRefusal(shown, 'data-missing', 'E-DATA-01');
  });

  test('is down: said so; up again, the same code is verified', async () => {
    const code = await world.mint();
    await world.stopPlatform();
    expectRefusal(await scan(code), 'platform-down', 'E-NET-01');
    await world.restartPlatform();
    await page.keyboard.press('F5');
    await page.locator('[data-testid="verdict"][data-state="verified"]').waitFor();
  });
});

describe('certificate files', () => {
  test.each([
    ['a wrong hash', 'wrongFileHash', 'file/wrong-hash'],
    ['a wrong magic', 'wrongFileMagic', 'file/wrong-magic'],
  ] as const)('with %s are not shown', async (_what, fault, failure) => {
    world.faults[fault] = true;
    const shown = await scan(await world.mint());
    expect(shown.state).toBe('verified');
    await page.getByTestId('tab-certificates').click();
    await page.getByTestId('certificate').filter({ hasText: '食品经营许可证' }).click();
    const failed = page.locator(`[data-testid="certificate-failed"][data-code="${failure}"]`);
    await failed.waitFor();
    expect(await failed.innerText()).toContain('文件核验未通过，请勿采用');
    expect(await page.getByTestId('sheet-canvas').count()).toBe(0);
    world.faults[fault] = undefined;
    await failed.getByRole('button').click();
    await page.getByTestId('sheet-canvas').first().waitFor();
  });
});

describe('the serial line', () => {
  test('300 KB of garbage: said once that it was no code; the next good scan is verified', async () => {
    const code = await world.mint();
    world.wire.send(randomBytes(300 * 1024).map((byte) => (byte === 0x0d ? 0x0e : byte)));
    await page.locator('[data-testid="unreadable"][data-code="scan/too-long"]').waitFor({ timeout: 30_000 });
    expect(await page.locator('.verdict-page').innerText()).toContain(zhCn.failure['scan/too-long']);
    world.wire.send('\r');
    expect((await scan(code)).state).toBe('verified');
  });
});

// From here on the clock of this world runs ahead of the machine's, which the platform's Date header shows.
describe('time', () => {
  test('4:59 is in time; 5:00 and 5:01 are expired, in the words of C 0300 7.3.3', async () => {
    world.clock.hold();
    const codes = [await world.mint(), await world.mint(), await world.mint()] as const;
    world.clock.advance(299_000);
    expect((await scan(codes[0])).state).toBe('verified');
    for (const code of [codes[1], codes[2]]) {
      world.clock.advance(1000);
      const shown = await scan(code);
      expectRefusal(shown, 'expired', 'E-EXP-01');
      expect(shown.band).toContain('企业数字凭证（企业服务码）已过期');
    }
    world.clock.release();
  });

  test('the platform has the last word on its own codes', async () => {
    world.clock.hold();
    const code = await world.mint();
    world.clock.advance(280_000);
    world.faults.clockOffsetMs = 30_000;
    expectRefusal(await scan(code), 'expired', 'E-EXP-02');
    world.clock.release();
  });
});

describe('a clock that is minutes off', () => {
  test('proves nothing: no green, the difference is said', async () => {
    world.faults.clockOffsetMs = 4 * 60_000;
    const shown = await scan(await world.mint());
    expectRefusal(shown, 'clock-wrong', 'E-CLK-01');
    expect(shown.band).toContain('本机时间慢 4 分 0 秒');
  });
});

describe('afterwards', () => {
  test('every refusal is in the audit, and the chain holds', async () => {
    const lines = await world.app.store.lines({ beforeSeq: null, limit: 500 });
    if (!lines.ok) throw new Error(lines.failure.code);
    const results = lines.value.map(({ line }) => (JSON.parse(line) as { result: string }).result);
    for (const code of ['E-EXP-01', 'E-EXP-02', 'E-USED-01', 'E-FMT-04', 'E-SIG-01', 'E-PLAT-01', 'E-KIND-01', 'E-SCOPE-02', 'E-DIG-01', 'E-PLAT-02', 'E-PLAT-03', 'E-NET-01', 'E-NET-02', 'E-NET-03', 'E-NET-04', 'E-CLK-01', 'E-ENV-01', 'E-ENV-02', 'E-DATA-01'])
      expect(results.some((result) => result.endsWith(code)), code).toBe(true);
    expect(results).toEqual(expect.arrayContaining(['file/wrong-hash', 'file/wrong-magic']));
    expect(await world.app.audit.verify()).toMatchObject({ ok: true, value: { intact: true, firstBad: null } });
  });

  test('nothing in the window broke the content security policy or threw', () => {
    expect(world.pageFaults).toEqual([]);
  });
});

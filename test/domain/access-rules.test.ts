import { describe, expect, test } from 'vitest';
import { type Attempts, countFailure, needsAdministrator, noAttempts, stricterAttempts, waitOf } from '../../domain/lock-out.ts';
import { checkPassphrase } from '../../domain/passphrase-policy.ts';
import { holdsTwoOffices } from '../../domain/roles.ts';

const minuteMs = 60_000;

describe('lock-out', () => {
  test('five tries cost 10, 30, then 60 minutes; the twentieth waits for an administrator', () => {
    let attempts: Attempts = noAttempts;
    const waits: number[] = [];
    let now = 1_000_000;
    for (let count = 1; count <= 20; count++) {
      attempts = countFailure(attempts, now);
      expect(waitOf(attempts) !== null || needsAdministrator(attempts)).toBe(count % 5 === 0);
      if (count % 5 !== 0) continue;
      waits.push((waitOf(attempts) ?? 0) / minuteMs);
      if (count < 20) now = attempts.lockedUntilAt;
    }
    expect(waits.slice(0, 3)).toEqual([10, 30, 60]);
    expect(needsAdministrator(attempts)).toBe(true);
    expect(waitOf(attempts)).toBeNull();
  });

  test('of two memories the harder one counts, part by part', () => {
    expect(stricterAttempts({ failed: 7, lockedUntilAt: 5 }, { failed: 2, lockedUntilAt: 9 })).toEqual({ failed: 7, lockedUntilAt: 9 });
  });
});

describe('passphrases', () => {
  const person = ['10387', '周敏'];
  test.each([
    ['short-1A', 'too-short'],
    ['x'.repeat(129), 'too-long'],
    ['Password123456', 'well-known'],
    ['Qwertyuiop1234!', 'well-known'],
    ['aaaaBBBB1111', 'well-known'],
    ['my10387Secret-x', 'names-you'],
    ['周敏的口令Ab12#kqz', 'names-you'],
    ['onlylowercaseletters', 'too-simple'],
    ['lantern River 82 moss', null],
    ['青石板上雨落如珠声Ab9', null],
  ] as const)('mlps3: %s → %s', (passphrase, fault) => expect(checkPassphrase(passphrase, { profile: 'mlps3', person })).toBe(fault));

  test('asvs5 asks for no mixture of characters', () => {
    expect(checkPassphrase('lantern river moss', { profile: 'asvs5', person })).toBeNull();
    expect(checkPassphrase('lantern river moss', { profile: 'mlps3', person })).toBe('too-simple');
    expect(checkPassphrase('lanternrivermoss', { profile: 'asvs5', person })).toBeNull();
    expect(checkPassphrase('lanternrivermoss', { profile: 'mlps3', person })).toBe('too-simple');
  });
});

describe('separation of duties', () => {
  const [a, b, c] = [{ id: '1', name: '甲', role: 'administrator' }, { id: '2', name: '乙', role: 'security' }, { id: '3', name: '丙', role: 'auditor' }] as const;
  test('nobody holds two of the three offices, by number or by name', () => {
    expect(holdsTwoOffices([a, b, c])).toBe(false);
    expect(holdsTwoOffices([a, { ...b, id: '1' }, c])).toBe(true);
    expect(holdsTwoOffices([a, b, { ...c, name: ' 甲' }])).toBe(true);
    // An administrator who is also a clerk is no breach of the three offices.
    expect(holdsTwoOffices([a, { id: '1', name: '甲', role: 'operator' }])).toBe(false);
  });
});

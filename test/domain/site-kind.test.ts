import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { classifyCode } from '../../domain/code-kind.ts';
import { SiteKindsSchema } from '../../domain/contracts/devices.ts';
import type { SiteKindRow, SiteKindRule } from '../../domain/site-kind.ts';
import { measureCpuMs } from '../cpu-time.ts';
import { vector } from './fixtures.ts';

const kind = (id: string, rule: SiteKindRule): SiteKindRow => ({ id, name: id, ask: '', rule });
const name = (rule: SiteKindRule, text: string, symbology?: string): string => classifyCode({ text, symbology, siteKinds: [kind('site-own', rule)] }).kind;

describe('the kinds of a site', () => {
  it.each<readonly [SiteKindRule, string, boolean]>([
    [{ startsWith: 'SMK' }, 'SMK0001', true],
    [{ startsWith: 'SMK' }, 'smk0001', false],
    [{ startsWith: 'SMK', ignoreCase: true }, 'smk0001', true],
    [{ endsWith: '-PD' }, '0001-PD', true],
    [{ contains: ['hall=12', 'v=2'] }, 'x?v=2&hall=12', true],
    [{ contains: ['hall=12', 'v=3'] }, 'x?v=2&hall=12', false],
    [{ characters: 'digits', minLength: 9, maxLength: 9 }, '123456789', true],
    [{ characters: 'digits', minLength: 9, maxLength: 9 }, '1234567890', false],
    [{ characters: 'hex', minLength: 4 }, 'beeF', true],
    [{ characters: 'digits' }, '', false],
    [{ host: 'hall.example.cn' }, 'https://a.hall.example.cn/x', true],
    [{ host: 'hall.example.cn' }, 'https://hall.example.cn@evil.test/x', false],
    [{ host: 'hall.example.cn' }, 'https://xhall.example.cn/', false],
  ])('%o of %s: %s', (rule, text, fits) => {
    expect(name(rule, text) === 'site-own').toBe(fits);
  });

  it('look at the symbol where they say so', () => {
    expect(name({ characters: 'digits', symbols: 'linear' }, '123', ']C0')).toBe('site-own');
    expect(name({ characters: 'digits', symbols: 'linear' }, '123', ']Q1')).toBe('digits');
  });

  it('come before the built-in kinds, never before the enterprise service code', () => {
    expect(name({ startsWith: '1345' }, '134512345678901234')).toBe('site-own');
    expect(name({ characters: 'printable-ascii' }, vector.code)).toBe('enterprise-service-code');
    expect(name({ characters: 'printable-ascii' }, vector.code.slice(0, 100))).toBe('enterprise-service-code');
  });

  it('must look at the content, have an id of their own, and no more than a hundred', () => {
    const accepted = (value: unknown): boolean => v.safeParse(SiteKindsSchema, value).success;
    expect(accepted([kind('site-a', { startsWith: 'A' })])).toBe(true);
    for (const value of [[kind('site-a', {})], [kind('site-a', { minLength: 2 })], [kind('site-a', { contains: [] })], [kind('wifi', { startsWith: 'A' })], [kind('site-a', { startsWith: 'A' }), kind('site-a', { startsWith: 'B' })], [kind('site-a', { host: 'no host' })], Array.from({ length: 101 }, (_, i) => kind(`site-${i}`, { startsWith: 'A' }))]) {
      expect(accepted(value)).toBe(false);
    }
  });

  it('are quick for whatever is set and scanned', async () => {
    const rules = Array.from({ length: 100 }, (_, i) => kind(`site-${i}`, { contains: ['a'.repeat(99) + i, 'b', 'c', 'd'], host: 'a.b', characters: 'hex', ignoreCase: true }));
    for (const part of ['a', 'http://a.', 'ab']) {
      const text = part.repeat(4096).slice(0, 4096);
      expect(await measureCpuMs(() => classifyCode({ text, siteKinds: rules }), 5), part).toBeLessThan(250);
    }
  });
});

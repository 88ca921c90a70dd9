import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en.ts';
import { zhCn } from '../../renderer/i18n/zh-cn.ts';

const flatten = (value: object, path = ''): [string, string][] =>
  Object.entries(value).flatMap(([key, child]) => (typeof child === 'string' ? [[`${path}${key}`, child] as [string, string]] : flatten(child as object, `${path}${key}/`)));
const chinese = new Map(flatten(zhCn));
const english = new Map(flatten(en));
const variables = (text: string): string[] => (text.match(/\{\{\w+(?:, number)?\}\}/g) ?? []).toSorted();

describe('texts', () => {
  test('the expired verdict says exactly what the standard prescribes (C 0300-2021 7.3.3)', () => {
    expect(zhCn.state.expired.line).toBe('企业数字凭证（企业服务码）已过期');
  });

  test('every text is there in both languages, with the same variables', () => {
    const wrong = [...chinese].filter(([key, text]) => {
      const other = english.get(key) ?? '';
      return text === '' || other === '' || variables(other).join() !== variables(text).join();
    });
    expect(wrong).toEqual([]);
    expect([...english.keys()].filter((key) => !chinese.has(key))).toEqual([]);
  });

  test('the Chinese has no other English than names and commands', () => {
    const bare = (text: string) => text.replace(/\{\{\w+(?:, number)?\}\}/g, '').replace(/\bcounter(?: [a-z-]+)+/g, '').replace(/\b(QYM1|SM2|SM3|OFD|PDF|PNG|JPEG|WebP|HID|GS1|KB|F5|F2|C|Esc|Tab|Ctrl|PgUp|PgDn|E-EXP-01|USB|UTF|GB|Latin|CR|LF|CRLF|ETX|RTS|CTS|XON|XOFF|AIM|Key|PIN|Windows|DPAPI|Secret Service|safeStorage|code)\b/g, '');
    expect([...chinese].filter(([, text]) => /[A-Za-z]{2,}/.test(bare(text)))).toEqual([]);
  });

  test('no text shouts or excuses itself', () => {
    expect([...chinese, ...english].filter(([, text]) => /[!！]|操作失败|系统异常/.test(text))).toEqual([]);
  });
});

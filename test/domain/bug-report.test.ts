import { expect, test } from 'vitest';
import { describeBug } from '../../domain/bug-report.ts';

test('a bug is its name and its places, whatever its message quotes', () => {
  const report = describeBug(new TypeError('cannot read 张三\n    at 110101199003070000'));
  expect(report.name).toBe('TypeError');
  expect(report.stack).toContain('bug-report.test.ts');
  expect(JSON.stringify(report)).not.toMatch(/张三|110101199003070000/);
});

test('what is no error says so', () => {
  expect(describeBug('张三')).toEqual({ name: 'not an Error', stack: '' });
});

import { expect, test } from 'vitest';
import { dayAround, drawDay } from '../../renderer/screens/audit/day-picture.ts';
import { readQuestion } from '../../renderer/screens/audit/audit-search.tsx';

const hourMs = 3_600_000;

test('a day is that of the hall, whatever zone the machine is in', () => {
  const { fromAt, toAt } = dayAround(Date.parse('2026-11-21T17:30:00Z'));
  expect([new Date(fromAt).toISOString(), toAt - fromAt]).toEqual(['2026-11-21T16:00:00.000Z', 24 * hourMs]);
});

test('a day is counted by hour and verdict, what waits being neither pass nor refusal; hours without an entry between others are gaps', () => {
  const fromAt = dayAround(Date.parse('2026-11-22T02:00:00Z')).fromAt;
  const hour = (number: number, what: string, entries: number) => ({ hourAt: fromAt + number * hourMs, what, entries });
  const picture = drawDay({ hours: [hour(9, 'verified', 4), hour(9, 'expired E-EXP-01', 1), hour(9, 'second-authentication E-AUTH-01', 3), hour(9, 'provisional', 2), hour(9, 'case.opened', 2), hour(12, 'app.stop', 1)], checkpoints: [{ size: 8, signedAt: fromAt + 12 * hourMs, isCountersigned: true }] }, fromAt);
  expect(picture.hours[9]).toEqual({ hour: 9, passed: 4, refused: 1, waiting: 5, other: 2 });
  expect(picture.gaps).toEqual([10, 11]);
  expect(picture.checkpoints).toEqual([{ part: 0.5, size: 8, isCountersigned: true }]);
});

test('empty fields ask for nothing; filled ones for what they say', () => {
  const none = { from: '', to: ' ', actor: ' ', company: '', about: '', state: '' } as const;
  expect([readQuestion(none), readQuestion({ ...none, to: 'x' })]).toEqual([null, null]);
  expect(readQuestion({ ...none, company: ' 上海云帆 ', state: 'expired', from: '2026-11-22T09:00' })).toEqual({ company: '上海云帆', state: 'expired', fromAt: Date.parse('2026-11-22T01:00:00Z') });
});

import { describe, expect, test } from 'vitest';
import type { ScanEvent } from '../../domain/contracts/counter.ts';
import { type CounterState, initialCounterState, reduceCounter, shownVerdict, wouldLoseWork } from '../../renderer/counter/counter-state.ts';
import { makeSampleVerdict, type SampleName } from '../fakes/sample-verdicts.ts';

const openCase = { caseId: 'c1', itemCode: 'i', itemName: '公司变更登记', useFor: '核验', bizNum: 'PD-1', openedAt: 1, scans: 0 };
const opened = reduceCounter(initialCounterState, { type: 'case-opened', openCase });
const scan = (state: CounterState, event: ScanEvent): CounterState => reduceCounter(state, { type: 'scan', event, now: 5000 });
const reading = (scanId: string): ScanEvent => ({ type: 'reading', scanId, source: 'serial', device: 'gun' });
const verdict = (name: SampleName, scanId: string): ScanEvent => ({ type: 'verdict', verdict: makeSampleVerdict(name, scanId, 1000, 7) });

describe('a case on the screen', () => {
  test('while a code is read no verdict is shown, and the one before is kept only to stand until the new one is slow', () => {
    const first = scan(scan(opened, reading('a')), verdict('verified', 'a'));
    const second = scan(first, reading('b'));
    expect(shownVerdict(second)).toBeNull();
    expect(second.before).toEqual(first.scan);
    expect(second.scan).toMatchObject({ phase: 'reading', scanId: 'b', sinceAt: 5000 });
  });

  test('a verdict counts once in its case and forgets that the one before was told', () => {
    const told = reduceCounter(scan(opened, verdict('verified', 'a')), { type: 'notified', scanId: 'a', how: 'screen', auditSeq: 8 });
    const next = scan(told, verdict('expired', 'b'));
    expect(next.openCase?.scans).toBe(2);
    expect(next.notified).toBeNull();
  });

  test('a repeat keeps the verdict and counts, also when a reading event came before it', () => {
    const shown = scan(opened, verdict('verified', 'a'));
    const repeated = scan(scan(shown, reading('a')), { type: 'repeat', scanId: 'a' });
    expect(repeated.scan).toMatchObject({ phase: 'verdict', repeats: 1 });
    expect(repeated.openCase?.scans).toBe(1);
  });

  test('a repeat of something else than what is shown restores what was shown', () => {
    const shown = scan(opened, verdict('verified', 'a'));
    expect(scan(scan(shown, reading('z')), { type: 'repeat', scanId: 'z' }).scan).toEqual(shown.scan);
  });

  test('a retry replaces only the verdict of its own scan', () => {
    const shown = scan(opened, verdict('data-missing', 'b'));
    const late = reduceCounter(shown, { type: 'verdict-replaced', verdict: makeSampleVerdict('verified', 'a', 1, 1) });
    expect(shownVerdict(late)?.state).toBe('data-missing');
    const right = reduceCounter(shown, { type: 'verdict-replaced', verdict: makeSampleVerdict('verified', 'b', 1, 1) });
    expect(shownVerdict(right)?.state).toBe('verified');
  });

  test('the next person leaves nothing of the person before', () => {
    const full = reduceCounter(scan(opened, verdict('verified', 'a')), { type: 'notified', scanId: 'a', how: 'print', auditSeq: 8 });
    const next = reduceCounter(full, { type: 'case-opened', openCase: { ...openCase, caseId: 'c2', bizNum: 'PD-2' } });
    expect(next).toMatchObject({ scan: { phase: 'waiting' }, before: { phase: 'waiting' }, notified: null });
    expect(JSON.stringify(next)).not.toContain('云帆');
  });
});

describe('asking before the next person', () => {
  test('granted data nobody was told about would be lost', () => {
    expect(wouldLoseWork(scan(opened, verdict('verified', 'a')))).toBe(true);
  });

  test.each(['expired', 'payment', 'platform-down', 'provisional'] as const)('nothing is lost after %s', (name) => {
    expect(wouldLoseWork(scan(opened, verdict(name, 'a')))).toBe(false);
  });

  test('nothing is lost once the holder was told', () => {
    const told = reduceCounter(scan(opened, verdict('verified', 'a')), { type: 'notified', scanId: 'a', how: 'screen', auditSeq: 8 });
    expect(wouldLoseWork(told)).toBe(false);
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counterContract } from '../../../domain/contracts/counter.ts';
import { roles } from '../../../domain/roles.ts';
import type { App } from '../../../main/app.ts';
import { type Caller, permittedRoles } from '../../../main/handlers/roles.table.ts';
import { clientOf, startCounter } from '../running-counter.ts';

const held: { app?: App } = {};
beforeAll(async () => {
  held.app = await startCounter(null);
});
afterAll(() => held.app?.close());

/** Every call of the contract, by its path. */
function callsOf(router: object, place: readonly string[] = []): string[] {
  return Object.entries(router).flatMap(([name, value]) => ('~orpc' in value ? [[...place, name].join('.')] : callsOf(value as object, [...place, name])));
}
const calls = callsOf(counterContract);
const callers: readonly Caller[] = [...roles, 'newcomer', 'nobody'];

test('the table names every call of the contract and no other', () => {
  expect(Object.keys(permittedRoles).toSorted()).toEqual(calls.toSorted());
});

/** A counter that somebody of this role sits at, with everything else as it is. */
function seenBy(app: App, caller: Caller): App {
  const operator = { id: '1', name: '甲', role: caller as (typeof roles)[number] };
  const state = caller === 'nobody' ? ({ state: 'locked', reason: 'start', lastOperatorId: null, refusedScanAt: null } as const) : caller === 'newcomer' ? ({ state: 'passphrase-due', operator: { ...operator, role: 'operator' } } as const) : ({ state: 'open', operator } as const);
  const role = caller === 'nobody' || caller === 'newcomer' ? null : operator.role;
  return { ...app, access: { ...app.access, state: () => state, role: () => role } };
}

const refusals = ['access/not-your-role', 'access/locked', 'access/passphrase-due'];

/** Whether a call got past the guard: an input of no form is refused behind it. */
async function passes(app: App, name: string): Promise<boolean> {
  let call: unknown = clientOf(app);
  for (const part of name.split('.')) call = (call as Record<string, unknown>)[part];
  try {
    const answer = await (call as (input: unknown, options: object) => Promise<unknown>)({ none: 'such' }, { signal: AbortSignal.timeout(1000) });
    if (answer !== null && typeof answer === 'object' && 'return' in answer) await (answer as AsyncGenerator).return(undefined);
    return true;
  } catch (error) {
    const { data } = error as { data?: { code?: string } };
    return !refusals.includes(data?.code ?? '');
  }
}

// What changes the counter or works long, given no input to be refused for; the guard in front of it is the same.
const notRun = new Set(['case.next', 'access.touch', 'person.rotateKeys', 'audit.verify', 'device.selfTest', 'device.exportSettings']);

test('every cell of role × call is as the table says', { timeout: 60_000 }, async () => {
  const { app } = held;
  if (app === undefined) throw new Error('no counter');
  const wrong: string[] = [];
  let cells = 0;
  for (const caller of callers) {
    for (const name of calls) {
      cells += 1;
      const isPermitted = permittedRoles[name]?.includes(caller) === true;
      if (isPermitted && notRun.has(name)) continue;
      if ((await passes(seenBy(app, caller), name)) !== isPermitted) wrong.push(`${caller} ${name}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(cells).toBe(callers.length * calls.length);
});

test('no administrator works at the counter, no clerk rules over people', () => {
  for (const name of calls.filter((call) => /^(case\.(open|next)|scan\.submit|verdict\.|certificate\.)/.test(call))) {
    for (const caller of ['administrator', 'security', 'auditor', 'newcomer', 'nobody'] as const) expect(permittedRoles[name], name).not.toContain(caller);
  }
  for (const name of calls.filter((call) => call.startsWith('person.') && !['person.list', 'person.resetAdministrator', 'person.renewRecoveryCode'].includes(call))) expect(permittedRoles[name]).toEqual(['security']);
  // Two administrators stand behind these by themselves, whoever brings them up.
  expect(permittedRoles['retention.choose']).toEqual(['security']);
  for (const name of ['person.resetAdministrator', 'person.renewRecoveryCode', 'clock.override']) expect(permittedRoles[name]).toEqual(['administrator', 'security', 'auditor']);
});

test('nothing that ships lowers the cost of guessing a passphrase', () => {
  for (const file of ['main/electron.ts', 'main/electron-services.ts', 'main/commands/counter-app.ts', 'main/commands/kiosk-run.ts', 'main/commands/case-run.ts']) {
    expect(readFileSync(path.join(import.meta.dirname, '../../..', file), 'utf8')).not.toContain('kdfCost');
  }
});

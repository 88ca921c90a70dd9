import { expect, test } from 'vitest';
import { fail, ok } from '../../../domain/failure.ts';
import type { SealedCall } from '../../../main/remote/sealed-calls.ts';
import { createTokenCalls } from '../../../main/remote/token-calls.ts';

test('a registration that met a bug does not stand in the way of the next', async () => {
  let calls = 0;
  const timed = { serverAt: null, receivedAt: 0, roundTripMs: 0 };
  const sealed: SealedCall = () => {
    calls += 1;
    if (calls === 1) return Promise.reject(new Error('bug'));
    return Promise.resolve(ok({ ...timed, value: { payload: { code: 1, msg: '', data: { token: 't' } }, accepted: null } }));
  };
  const profile = { appId: 'a', appSecret: 's' } as Parameters<typeof createTokenCalls>[0]['profile'];
  const { call } = createTokenCalls({ sealed, profile, organisation: { name: 'n', code: 'c' } });
  const wanted = { path: '/p', payload: {}, read: () => fail('remote/malformed') };
  await expect(call(wanted)).rejects.toThrow('bug');
  expect(await call(wanted)).toMatchObject({ failure: { code: 'remote/malformed' } });
});

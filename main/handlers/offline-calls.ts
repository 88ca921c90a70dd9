import * as v from 'valibot';
import { SetApartSchema } from '../../domain/contracts/offline.ts';
import { makeTextsVisible } from '../../domain/text-safety.ts';
import { procedure, take } from './procedure.ts';

const mostListed = 100;

/** The calls about what could not be handed in: `offlineContract`, implemented. */
export const offlineCalls = {
  setApart: procedure.offline.setApart.handler(async ({ context }) => {
    const found = take(await context.app.store.outbox({ limit: mostListed, isSetApart: true }));
    return found.map(({ answer, auditSeq, bizNum, cause, itemName, scannedAt }) => makeTextsVisible(v.parse(SetApartSchema, { auditSeq, scannedAt, bizNum, itemName, answer, cause: cause ?? '' })));
  }),
  again: procedure.offline.again.handler(async ({ context }) => {
    take(await context.app.offline.again());
    return null;
  }),
};

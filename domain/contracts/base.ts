import { oc } from '@orpc/contract';
import * as v from 'valibot';
import { type FailureCode, failures } from '../failure.ts';

/** All failure codes, for schemas. */
export const failureCodes = Object.keys(failures) as FailureCode[];

/** What every call of the contract can end in. */
export const base = oc.errors({
  /** Every expected failure: a code from the closed list, worded by the window. */
  FAILURE: { data: v.object({ code: v.picklist(failureCodes), detail: v.optional(v.string()) }) },
});

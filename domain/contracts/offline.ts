import * as v from 'valibot';
import { setApartAnswers } from '../offline-answer.ts';
import { base } from './base.ts';

/** A verdict reached without the platform whose record is set apart: which, and why. */
export const SetApartSchema = v.object({
  auditSeq: v.number(),
  scannedAt: v.number(),
  bizNum: v.string(),
  itemName: v.string(),
  answer: v.picklist(setApartAnswers),
  /** The platform's status, `HTTP …` or `malformed` of a refused one; `damaged` or `erased` of an unreadable one. */
  cause: v.string(),
});
export type SetApart = v.InferOutput<typeof SetApartSchema>;

/** What could not be handed in: seen and, once its cause is mended, handed in again by who sets the window up. */
export const offlineContract = {
  setApart: base.output(v.array(SetApartSchema)),
  /** Lets all of it wait again and hands it in; what is left is in the status. */
  again: base.output(v.null()),
};

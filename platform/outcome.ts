import { type HeadStatus, headMessages } from './head-status.table.ts';

/** How an interface answers: its payload, with a text of its own where success needs words, or a refusal from the closed list of `head-status.table.ts`. */
export type Outcome<T> = { readonly ok: true; readonly payload: T; readonly message?: string } | Refusal;

/** A refusal as it goes into the head of the reply. */
export interface Refusal {
  readonly ok: false;
  readonly status: HeadStatus;
  readonly message: string;
}

/** An answer with its payload. */
export const answer = <T>(payload: T): Outcome<T> => ({ ok: true, payload });

/** `detail` names the field or matter meant; never personal data. */
export const refuse = (status: HeadStatus, detail?: string): Refusal => ({
  ok: false,
  status,
  message: detail === undefined ? headMessages[status] : `${headMessages[status]}：${detail}`,
});

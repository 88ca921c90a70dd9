import type * as v from 'valibot';
import type { AppRegisterReplySchema, AppRegisterRequestSchema } from '../../domain/contracts/sharing.ts';
import { printCode } from '../../domain/success.ts';
import { answer, type Outcome } from '../outcome.ts';
import type { Storage } from '../storage/database.ts';
import type { Account, Accounts } from './accounts.ts';

/** Table 9, output. */
export type AppRegisterReply = v.InferOutput<typeof AppRegisterReplySchema>;

/** 12.2.1 可信应用注册: the application proves its secret and gets its access token; `code` 0 says no and not why. */
export async function registerApp(
  deps: { accounts: Accounts; storage: Storage },
  caller: Account,
  request: v.InferOutput<typeof AppRegisterRequestSchema>,
): Promise<Outcome<AppRegisterReply>> {
  const account = await deps.accounts.authenticate(request);
  const isGenuine =
    account !== null &&
    account.accountId === caller.accountId &&
    account.corpCode === request.corpCode &&
    account.corpName === request.corpName;
  if (!isGenuine) return answer({ code: printCode(false), msg: '应用标识、密钥或单位信息不正确' });
  const token = await deps.storage.write((work) => deps.accounts.issueAppToken(work, account.accountId));
  return answer({ code: printCode(true), msg: '注册成功', data: { token } });
}

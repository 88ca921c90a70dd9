import type { CodeRecords } from '../../domain/contracts/enterprise.ts';
import type { AskPart, PartMethods } from '../parts/part-channel.ts';
import type { Storage, Work } from '../storage/database.ts';
import type { CodeEngine, EngineAnswer, Grant, MintedCode, VerifyRequest } from './code-engine.ts';
import type { CodeStanding, GrantStanding } from './grant-standing.ts';

/** The code engine as the rest of the platform asks it (6.3.2 d, i), whether it is in this process or in one of its own. */
export interface CodeService {
  mint(grant: Grant): Promise<MintedCode>;
  /**
   * Judges codes and goes on with the answers in a unit of work: the engine's own where the engine is in this process, so
   * that both become durable together; else one that begins when the engine has decided. The same request is judged alike,
   * so that what was not gone on with can be asked again.
   */
  judge<T>(requests: readonly VerifyRequest[], goOn: (answers: readonly EngineAnswer[], work: Work) => Promise<T>): Promise<T>;
  confirm(codeId: string, isGranted: boolean): Promise<boolean>;
  withdraw(asked: { readonly codeId: string; readonly companyId: string }): Promise<boolean>;
  isWithdrawn(code: string): Promise<boolean>;
  grants(companyId: string, since: number): Promise<readonly GrantStanding[]>;
  standing(codeId: string): Promise<CodeStanding | null>;
  records(accountId: string, code: string): Promise<CodeRecords>;
}

/** The engine in this process. */
export function createLocalCodeService({ engine, storage }: { readonly engine: CodeEngine; readonly storage: Storage }): CodeService {
  return {
    mint: (grant) => storage.write((work) => engine.mint(work, grant)),
    judge: (requests, goOn) => storage.write(async (work) => goOn(await verifyAll(engine, work, requests), work)),
    confirm: (codeId, isGranted) => storage.write((work) => engine.confirm(work, codeId, isGranted)),
    withdraw: (asked) => storage.write((work) => engine.withdraw(work, asked)),
    isWithdrawn: (code) => engine.isWithdrawn(code),
    grants: (companyId, since) => engine.grants(companyId, since),
    standing: (codeId) => engine.standing(codeId),
    records: (accountId, code) => engine.records(accountId, code),
  };
}

/** The engine in a process of its own; the answers are the engine's, under the platform's key. */
export function createRemoteCodeService({ ask, storage }: { readonly ask: AskPart; readonly storage: Storage }): CodeService {
  return {
    mint: async (grant) => (await ask('engine', 'mint', grant)) as MintedCode,
    judge: async (requests, goOn) => {
      const answers = requests.length === 0 ? [] : ((await ask('engine', 'verify', requests)) as readonly EngineAnswer[]);
      return storage.write((work) => goOn(answers, work));
    },
    confirm: async (codeId, isGranted) => (await ask('engine', 'confirm', { codeId, isGranted })) === true,
    withdraw: async (asked) => (await ask('engine', 'withdraw', asked)) === true,
    isWithdrawn: async (code) => (await ask('engine', 'isWithdrawn', code)) === true,
    grants: async (companyId, since) => (await ask('engine', 'grants', { companyId, since })) as readonly GrantStanding[],
    standing: async (codeId) => (await ask('engine', 'standing', codeId)) as CodeStanding | null,
    records: async (accountId, code) => (await ask('engine', 'records', { accountId, code })) as CodeRecords,
  };
}

/** What a process of the role `engine` answers. */
export function printCodeMethods({ engine, storage }: { readonly engine: CodeEngine; readonly storage: Storage }): PartMethods {
  const local = createLocalCodeService({ engine, storage });
  return {
    mint: (grant: Grant) => local.mint(grant),
    verify: (requests: readonly VerifyRequest[]) => local.judge(requests, async (answers) => answers),
    confirm: ({ codeId, isGranted }: { codeId: string; isGranted: boolean }) => local.confirm(codeId, isGranted),
    withdraw: (asked: { codeId: string; companyId: string }) => local.withdraw(asked),
    isWithdrawn: (code: string) => local.isWithdrawn(code),
    grants: ({ companyId, since }: { companyId: string; since: number }) => local.grants(companyId, since),
    standing: (codeId: string) => local.standing(codeId),
    records: ({ accountId, code }: { accountId: string; code: string }) => local.records(accountId, code),
  };
}

async function verifyAll(engine: CodeEngine, work: Work, requests: readonly VerifyRequest[]): Promise<EngineAnswer[]> {
  const answers: EngineAnswer[] = [];
  for (const request of requests) answers.push(await engine.verify(work, request));
  return answers;
}

import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { EnterpriseQuerySchema, type EnterpriseReply, EnterpriseReplySchema } from '../../domain/contracts/enterprise.ts';
import type { Outcome } from '../outcome.ts';
import { askPlatform, type ChannelDeps, type PlatformRoute, servePlatforms, type ServingDeps } from './platform-channel.ts';

/** Where a platform is asked by another about a code of its own. */
export const routedQueryPath = '/route/enterprise/query';

/** What a platform passes on: the query as its counter made it, and whose counter that is. The platform vouches for both. */
const RoutedQuerySchema = v.object({
  account: v.object({ accountId: v.pipe(v.string(), v.minLength(1), v.maxLength(100)), corpName: v.pipe(v.string(), v.maxLength(400)), corpCode: v.pipe(v.string(), v.maxLength(40)) }),
  query: EnterpriseQuerySchema,
});
export type RoutedQuery = v.InferOutput<typeof RoutedQuerySchema>;

const AnsweredSchema = v.object({ status: v.string(), message: v.string(), reply: v.optional(EnterpriseReplySchema) });
export type Answered = v.InferOutput<typeof AnsweredSchema>;

/** Asks the platform of a code; null where there is no answer of its own to this question. */
export function askAboutCode(deps: ChannelDeps, route: PlatformRoute, asked: RoutedQuery): Promise<Answered | null> {
  return askPlatform(deps, route, { path: routedQueryPath, asked, schema: AnsweredSchema });
}

/** Answers registered platforms about codes of this one. */
export function serveRoutedQueries(http: FastifyInstance, deps: ServingDeps, answer: (from: PlatformRoute, asked: RoutedQuery) => Promise<Outcome<EnterpriseReply>>): void {
  servePlatforms(http, deps, {
    path: routedQueryPath,
    schema: RoutedQuerySchema,
    answer: async (from, asked): Promise<Answered> => {
      const outcome = await answer(from, asked);
      return outcome.ok ? { status: '0', message: '', reply: outcome.payload } : { status: outcome.status, message: outcome.message };
    },
  });
}

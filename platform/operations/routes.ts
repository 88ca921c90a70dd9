import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { KeptLog } from '../audit/audit-centre.ts';
import type { SigningKeys } from '../engine/signing-keys.ts';
import type { Faults } from '../faults.ts';
import type { ListForwarding } from '../sharing/list-forwarding.ts';
import type { PublishedLists } from '../sharing/published-lists.ts';
import { auditPanelStyle, printAuditLogs } from './audit-panel.ts';
import { dashboardStyle, pageIcon, printDashboard } from './dashboard.ts';
import { isLocal, isOwnPage } from './local-guard.ts';
import { listsPanelStyle, printLists } from './lists-panel.ts';
import { type Metrics, printPrometheus } from './metrics.ts';
import { timeElementScript } from './time-element.ts';
import { controlsScript, controlsStyle, printControls, switchFault } from './training.ts';

interface OperationsDeps {
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly isHealthy: () => Promise<boolean>;
  readonly faults: Faults;
  readonly keys: SigningKeys;
  readonly auditLogs: () => Promise<readonly KeptLog[]>;
  readonly lists: Pick<PublishedLists, 'read'>;
  readonly forwarding: Pick<ListForwarding, 'follow' | 'unfollow' | 'state'>;
}

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const platformId = v.pipe(v.string(), v.regex(/^[0-9]{6}$/));
/** What is posted from the operations page and its like. */
export const operationsSchemas = {
  fault: v.object({ name: text, isOn: v.boolean() }),
  revocation: v.object({ platformId: text, keyId: text }),
  registration: v.object({
    platformId,
    name: text,
    route: v.optional(v.nullable(v.object({ url: text, envelopePublicKey: text }))),
    signingKeys: v.pipe(v.array(v.object({ keyId: text, publicKey: text, notBefore: text, notAfter: text })), v.maxLength(20)),
  }),
  listSource: v.object({ originId: v.nullable(platformId), fromId: v.optional(platformId) }),
} as const;

/**
 * Serves `/metrics` (Prometheus), `/health`, and the operations page `/ops` with its controls (faults for training, signing
 * keys, registration of platforms, whose lists are passed on), to this machine alone.
 */
export function serveOperations(http: FastifyInstance, deps: OperationsDeps): void {
  const { faults, keys, metrics, now } = deps;
  const serve = (path: string, type: string, print: () => string | Promise<string>) =>
    http.get(path, async (request, reply) => (isLocal(request) ? reply.type(type).send(await print()) : reply.code(404).send({})));
  serve('/metrics', 'text/plain; version=0.0.4; charset=utf-8', () => printPrometheus(metrics.read()));
  serve('/ops', 'text/html; charset=utf-8', async () => printDashboard(metrics.read(), now(), await printPanels(deps)));
  serve('/ops/icon.svg', 'image/svg+xml', () => pageIcon);
  serve('/ops/page.css', 'text/css; charset=utf-8', () => dashboardStyle + auditPanelStyle + listsPanelStyle + controlsStyle);
  serve('/ops/page.js', 'text/javascript; charset=utf-8', () => timeElementScript + controlsScript);
  http.get('/health', async (_request, reply) => {
    const isHealthy = await deps.isHealthy().catch(() => false);
    return reply.code(isHealthy ? 200 : 503).send({ status: isHealthy ? 'ok' : 'storage' });
  });
  control(http, '/ops/faults', operationsSchemas.fault, ({ isOn, name }) => switchFault(faults, name, isOn));
  control(http, '/ops/keys/rotate', v.object({}), async () => (await keys.rotate()) !== '');
  control(http, '/ops/keys/revoke', operationsSchemas.revocation, ({ keyId, platformId }) => keys.revoke(platformId, keyId));
  control(http, '/ops/platforms', operationsSchemas.registration, (platform) => keys.register(platform));
  control(http, '/ops/lists', operationsSchemas.listSource, ({ fromId, originId }) => changeSource(deps.forwarding, originId, fromId));
}

async function printPanels({ auditLogs, faults, forwarding, keys, lists, now }: OperationsDeps): Promise<string> {
  const platforms = await keys.list();
  return printAuditLogs(await auditLogs()) + printLists(await lists.read(), await forwarding.state(), platforms) + printControls(faults, platforms, now());
}

async function changeSource(forwarding: OperationsDeps['forwarding'], originId: string | null, fromId = originId): Promise<boolean> {
  if (originId === null || fromId === null) {
    await forwarding.unfollow();
    return true;
  }
  return forwarding.follow({ originId, fromId });
}

/** A control of this machine's own page: no other page may press it. */
function control<Schema extends v.GenericSchema>(
  http: FastifyInstance,
  path: string,
  schema: Schema,
  apply: (asked: v.InferOutput<Schema>) => boolean | Promise<boolean>,
): void {
  http.post(path, async (request: FastifyRequest, reply: FastifyReply) => {
    if (!isOwnPage(request)) return reply.code(404).send({});
    const asked = v.safeParse(schema, request.body);
    const isDone = asked.success && (await apply(asked.output));
    return reply.code(isDone ? 200 : 400).send({ done: isDone });
  });
}

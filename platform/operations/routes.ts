import type { FastifyInstance } from 'fastify';
import { dashboardStyle, printDashboard } from './dashboard.ts';
import { type Metrics, printPrometheus } from './metrics.ts';

/** Serves `/metrics` (Prometheus), `/health`, and the operations page `/ops`, to this machine alone: a gateway decides who else may see them. */
export function serveOperations(http: FastifyInstance, deps: { metrics: Metrics; now: () => number; isHealthy: () => Promise<boolean> }): void {
  const isLocal = (ip: string) => ip === '127.0.0.1' || ip === '::1' || ip === '::ffff:127.0.0.1';
  const serve = (path: string, type: string, print: () => string) =>
    http.get(path, async (request, reply) => (isLocal(request.ip) ? reply.type(type).send(print()) : reply.code(404).send({})));
  serve('/metrics', 'text/plain; version=0.0.4; charset=utf-8', () => printPrometheus(deps.metrics.read()));
  serve('/ops', 'text/html; charset=utf-8', () => printDashboard(deps.metrics.read(), deps.now()));
  serve('/ops/page.css', 'text/css; charset=utf-8', () => dashboardStyle);
  http.get('/health', async (_request, reply) => {
    const isHealthy = await deps.isHealthy().catch(() => false);
    return reply.code(isHealthy ? 200 : 503).send({ status: isHealthy ? 'ok' : 'storage' });
  });
}

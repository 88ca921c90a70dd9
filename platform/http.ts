import fastify, { LogController, type FastifyBaseLogger, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { describeBug } from '../domain/bug-report.ts';
import { limitConnections, usualConnections } from './connection-limit.ts';
import { headMessages } from './head-status.table.ts';
import type { Metrics } from './operations/metrics.ts';
import { nameOrigin } from './operations/request-origin.ts';
import type { RateLimit } from './rate-limit.ts';

/** Requests longer than this are refused (an envelope of a 3 MB file fits). */
export const bodyLimit = 16 * 1024 * 1024;

const usualRequestTimeoutMs = 30_000;

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  // What an interface says is for this caller and this moment; the page's own files say otherwise themselves.
  'cache-control': 'no-store',
};

/**
 * The HTTP server under all interfaces: size, time and rate limits, security headers, and a log that knows the route, the
 * status and the time of a request and nothing of its content.
 */
export function createHttp(deps: {
  readonly log: FastifyBaseLogger;
  readonly rateLimit: RateLimit;
  readonly metrics: Metrics;
  readonly trustedProxies: readonly string[];
  readonly connections?: number | undefined;
  readonly requestTimeoutMs?: number | undefined;
}): FastifyInstance {
  const requestTimeout = deps.requestTimeoutMs ?? usualRequestTimeoutMs;
  const http: FastifyInstance = fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    // Only a gateway of our own is believed where a request came from.
    trustProxy: deps.trustedProxies.length === 0 ? false : [...deps.trustedProxies],
    // Head and body must be there in this time, however busily a client sends a byte now and then.
    requestTimeout,
    http: { headersTimeout: requestTimeout, connectionsCheckingInterval: Math.min(5000, requestTimeout) },
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
  });
  limitConnections(http.server, { most: deps.connections ?? usualConnections, trusted: deps.trustedProxies });
  // Text bodies have no place here, and a form of a foreign page could send them.
  http.removeContentTypeParser('text/plain');
  http.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const waitMs = deps.rateLimit.take(nameOrigin(request.ip));
    if (waitMs === 0) return;
    reply.header('retry-after', Math.ceil(waitMs / 1000));
    return printError(request, reply, 429, '90');
  });
  http.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    deps.metrics.request({ route: routeOptions.url ?? 'unknown', status: reply.statusCode, ms: reply.elapsedTime });
    deps.log.info({ method, route: routeOptions.url ?? null, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
  });
  http.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    // A message may quote the body: only its name and code are logged.
    if (status === 503) deps.log.warn({ part: error.message }, 'a part of the platform did not answer');
    else if (status >= 500) deps.log.error({ ...describeBug(error), code: error.code }, 'bug');
    return printError(request, reply, status, status >= 500 ? '99' : '10');
  });
  http.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: { code: 'not-found', message: '没有这个地址' } }));
  return http;
}

function printError(request: FastifyRequest, reply: FastifyReply, httpStatus: number, status: '10' | '90' | '99'): FastifyReply {
  const message = headMessages[status];
  const isPresenter = request.url.startsWith('/presenter/');
  const body = isPresenter ? { error: { code: status, message } } : { head: { message, status }, encryptData: '' };
  return reply.code(httpStatus).send(body);
}

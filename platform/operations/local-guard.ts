import type { FastifyRequest } from 'fastify';

/**
 * Whether a request was made on this machine, to this machine by name: a page of another name whose address was turned to
 * this machine (DNS rebinding) is refused, and so is what a gateway passes on, trusted or not.
 */
export function isLocal({ headers, ip }: FastifyRequest): boolean {
  const isPassedOn = forwardingHeaders.some((name) => headers[name] !== undefined);
  return !isPassedOn && localAddresses.has(ip) && localHost.test(headers.host ?? '');
}

/** Whether a request that changes something was moreover made by a page of this very server, which the browser says or the caller has to. */
export function isOwnPage(request: FastifyRequest): boolean {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  if (!isLocal(request)) return false;
  return origin === undefined ? site === 'same-origin' : origin === `http://${host}` || origin === `https://${host}`;
}

const forwardingHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];
const localAddresses = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const localHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?$/i;

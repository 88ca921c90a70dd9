import * as v from 'valibot';
import { ExchangeSettingsSchema } from '../../domain/contracts/enterprise.ts';
import type { JsonObject } from '../../domain/json.ts';
import { headMessages } from '../head-status.table.ts';
import { printJsonSchema } from './json-schema.ts';
import { type ApiOperation, apiOperations } from './operations.table.ts';

const pathOf = (path: string) => path.replaceAll(/:([a-z]+)/gi, '{$1}');
const nameOf = ({ method, path }: ApiOperation) => `${method}${path.split(/[^a-zA-Z0-9]+/).filter((part) => part !== '').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')}`;

const text = v.string();
const signatureFields = { timestamp: v.optional(text), nonce: v.optional(text), signType: v.optional(v.literal('SM2')), sign: v.optional(text) };
const EnvelopeRequestSchema = v.object({
  head: v.object({ accountId: text, appToken: v.optional(text), ...signatureFields, signVersion: v.optional(v.literal('2')), interface: v.optional(text) }),
  encryptData: text,
});
const EnvelopeReplySchema = v.object({ head: v.object({ message: text, status: text, ...signatureFields, requestNonce: v.optional(text) }), encryptData: text });

/** The OpenAPI 3.1 document of a platform at `url`, its schemas made from those that validate. */
export function printOpenApi(url: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of apiOperations) paths[pathOf(operation.path)] = { ...paths[pathOf(operation.path)], [operation.method]: printOperation(operation) };
  const payloads = apiOperations.flatMap((operation): [string, JsonObject][] => [
    ...(operation.request === undefined ? [] : [[`${nameOf(operation)}Request`, printJsonSchema(operation.request)] as [string, JsonObject]]),
    ...(operation.reply === undefined ? [] : [[`${nameOf(operation)}Reply`, printJsonSchema(operation.reply)] as [string, JsonObject]]),
  ]);
  return {
    openapi: '3.1.0',
    info: { title: '企业服务码与电子证照共享参考平台', version: '1', description },
    servers: [{ url }],
    paths,
    components: {
      schemas: {
        EnvelopeRequest: printJsonSchema(EnvelopeRequestSchema),
        EnvelopeReply: printJsonSchema(EnvelopeReplySchema),
        ExchangeSettings: printJsonSchema(ExchangeSettingsSchema),
        ...Object.fromEntries(payloads),
      },
      securitySchemes: { presenterSession: { type: 'http', scheme: 'bearer' } },
    },
  };
}

const statuses = Object.entries(headMessages).map(([status, message]) => `${status} ${message}`).join('；');
const description = `标有 envelope 的接口按 12.1.2：head 加 encryptData，业务数据为 HEX(SM2(BASE64(JSON)))；请求、应答的业务数据结构见 x-payload。head.status 仅 "0" 为成功，其余：${statuses}。`;

function printOperation(operation: ApiOperation): JsonObject {
  const { carries, clause, example, path, reply, request, summary } = operation;
  const name = nameOf(operation);
  const payload = (part: 'Request' | 'Reply') => ({ $ref: `#/components/schemas/${name}${part}` });
  const parameters = [...path.matchAll(/:([a-z]+)/gi)].map(([, parameter = '']) => ({ name: parameter, in: 'path', required: true, schema: { type: 'string' } }));
  const json = (schema: JsonObject, more: JsonObject = {}): JsonObject => ({ content: { 'application/json': { schema, ...more } } });
  const isEnvelope = carries === 'envelope';
  const body = isEnvelope ? json({ $ref: '#/components/schemas/EnvelopeRequest' }) : request === undefined ? null : json(payload('Request'), example === undefined ? {} : { example });
  const answer = isEnvelope ? json({ $ref: '#/components/schemas/EnvelopeReply' }) : reply === undefined ? {} : json(payload('Reply'));
  return {
    operationId: name,
    summary: `${clause} ${summary}`,
    tags: [path.split('/')[1] ?? ''],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null ? {} : { requestBody: { required: true, ...body } }),
    responses: { '200': { description: isEnvelope ? 'head.status "0"，或说明原因的其他状态' : '成功', ...answer } },
    ...(isEnvelope ? { 'x-payload': { request: payload('Request'), reply: payload('Reply'), example: example ?? {} } } : {}),
    ...(path.startsWith('/presenter/') && !path.endsWith('companies') && !(path.endsWith('sessions') && operation.method === 'post') ? { security: [{ presenterSession: [] }] } : {}),
  };
}

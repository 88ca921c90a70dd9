import fastify from 'fastify';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { headMessages } from '../../platform/head-status.table.ts';
import { printJsonSchema } from '../../platform/openapi/json-schema.ts';
import { apiOperations } from '../../platform/openapi/operations.table.ts';
import { postJson, startPlatform } from './test-counter.ts';

type Document = { openapi: string; info: { description: string }; paths: Record<string, Record<string, JsonObject>>; components: { schemas: Record<string, JsonObject> } };

/** Whether a value is of a schema, as the JSON Schema validator inside fastify (ajv) reads it: it shares no code with ours. */
async function isValid(schema: JsonObject, value: unknown): Promise<boolean> {
  const http = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } } });
  http.post('/', { schema: { body: schema } }, () => ({}));
  const reply = await http.inject({ method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(value) });
  await http.close();
  return reply.statusCode === 200;
}

describe('the OpenAPI document', () => {
  let running: Awaited<ReturnType<typeof startPlatform>>;
  let document: Document;
  beforeAll(async () => {
    running = await startPlatform();
    document = (await (await fetch(`${running.platform.url}/openapi.json`)).json()) as Document;
  });
  afterAll(() => running.remove());

  test('is of version 3.1 and names every refusal', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const [status, message] of Object.entries(headMessages)) expect(document.info.description).toContain(`${status} ${message}`);
  });

  test('has every route that is served, and serves every route that it has', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path.replaceAll(/\{([a-z]+)\}/g, ':$1')}`));
    expect(documented.toSorted()).toEqual([...running.platform.routes].toSorted());
  });

  test('every reference leads somewhere, and every operation has a name of its own', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([A-Za-z0-9]+)"/g)].map(([, name = '']) => name);
    expect(references.length).toBeGreaterThan(30);
    for (const name of references) expect(document.components.schemas).toHaveProperty(name);
    const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(apiOperations.filter(({ example }) => example !== undefined).map((operation) => [operation.path, operation] as const))(
    'the example of %s is what the interface takes, for the schema that validates and for the one that is printed',
    async (_path, { example, request }) => {
      if (request === undefined) throw new Error('an example of nothing');
      expect(v.safeParse(request, example).success).toBe(true);
      expect(await isValid(printJsonSchema(request), example)).toBe(true);
    },
  );

  test.each(apiOperations.filter(({ example, request }) => isJsonObject(example) && request !== undefined && Object.keys(example).length > 0).map((operation) => [operation.path, operation] as const))(
    'what is left out of the example of %s is refused by both alike',
    async (_path, { example = {}, request }) => {
      if (request === undefined) throw new Error('no request');
      const schema = printJsonSchema(request);
      for (const name of Object.keys(example)) {
        const { [name]: _left, ...rest } = example;
        const [ours, theirs] = [v.safeParse(request, rest).success, await isValid(schema, rest)];
        // Conditions over several fields have no JSON Schema here: then the printed one takes more, never less.
        if (ours) expect(theirs).toBe(true);
        if ((schema['required'] as string[] | undefined)?.includes(name)) expect([name, ours, theirs]).toEqual([name, false, false]);
      }
    },
  );

  test('a schema that has no counterpart is an error and no promise', () => {
    expect(() => printJsonSchema(v.date())).toThrow('no JSON Schema for date');
    expect(() => printJsonSchema(v.pipe(v.string(), v.email()))).toThrow('no JSON Schema for the action email');
  });

  test('a call is tried as a peer that seals and signs; nothing is tried that is no interface, nor from another page', async () => {
    const tryCall = async (body: unknown, headers = {}): Promise<JsonObject> => {
      const reply = await postJson(`${running.platform.url}/api/try`, body, { origin: running.platform.url, ...headers });
      return { httpStatus: reply.status, ...((await reply.json()) as JsonObject) };
    };
    const catalogue = await tryCall({ path: '/cert/catalog/list', payload: {} });
    expect(catalogue).toMatchObject({ httpStatus: 200, status: '0', signature: 'valid', sent: { head: { signVersion: '2', interface: '/cert/catalog/list' } } });
    expect(JSON.stringify(catalogue['payload'])).toContain('营业执照');
    expect(await tryCall({ path: '/cert/scene/list', payload: { appId: 'x' } })).toMatchObject({ status: '0' });
    expect(await tryCall({ path: '/cert/search', payload: {} })).toMatchObject({ status: '13', signature: 'valid', payload: null });
    expect(await tryCall({ path: '/presenter/companies', payload: {} })).toMatchObject({ httpStatus: 400 });
    expect(await tryCall({ path: '/cert/catalog/list', payload: {} }, { origin: 'http://evil.example' })).toMatchObject({ httpStatus: 404 });
    const page = await (await fetch(`${running.platform.url}/api`)).text();
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3)|style=|<script>/);
  });
});

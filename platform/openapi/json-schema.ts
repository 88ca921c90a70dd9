import type * as v from 'valibot';
import type { JsonObject, JsonValue } from '../../domain/json.ts';

/** The parts of a valibot schema that are looked at here; everything the contracts use, and nothing else. */
interface SchemaParts {
  readonly type: string;
  readonly entries?: Readonly<Record<string, SchemaParts>>;
  readonly item?: SchemaParts;
  readonly items?: readonly SchemaParts[];
  readonly value?: SchemaParts;
  readonly wrapped?: SchemaParts;
  readonly default?: unknown;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
  readonly pipe?: readonly SchemaParts[];
  readonly requirement?: unknown;
}

/**
 * The JSON Schema (2020-12) of a schema that validates: one source for both. Throws for a kind of schema that has no
 * counterpart, so that no document is printed that promises less, or more, than is checked.
 */
export function printJsonSchema(schema: v.GenericSchema): JsonObject {
  return print(schema as unknown as SchemaParts);
}

function print(schema: SchemaParts): JsonObject {
  const { pipe } = schema;
  if (pipe === undefined) return printBare(schema);
  const [base, ...actions] = pipe;
  if (base === undefined) throw new Error('an empty pipe');
  return actions.reduce((printed, action) => ({ ...printed, ...printAction(base, action) }), printBare(base));
}

function printBare(schema: SchemaParts): JsonObject {
  const wrapped = schema.wrapped === undefined ? {} : print(schema.wrapped);
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return { type: schema.type };
    case 'unknown':
      return {};
    case 'literal':
      return { const: schema.literal as JsonValue };
    case 'picklist':
      return { enum: [...(schema.options ?? [])] as JsonValue[] };
    case 'array':
      return { type: 'array', items: schema.item === undefined ? {} : print(schema.item) };
    case 'record':
      return { type: 'object', additionalProperties: schema.value === undefined ? true : print(schema.value) };
    case 'union':
    case 'variant':
      return { anyOf: (schema.options as readonly SchemaParts[]).map(print) };
    case 'nullable':
      return { anyOf: [wrapped, { type: 'null' }] };
    case 'optional':
      return schema.default === undefined || typeof schema.default === 'function' ? wrapped : { ...wrapped, default: schema.default as JsonValue };
    case 'object':
      return printObject(schema.entries ?? {});
    default:
      throw new Error(`no JSON Schema for ${schema.type}`);
  }
}

function printObject(entries: Readonly<Record<string, SchemaParts>>): JsonObject {
  const names = Object.entries(entries);
  const required = names.filter(([, entry]) => entry.type !== 'optional').map(([name]) => name);
  const properties = Object.fromEntries(names.map(([name, entry]) => [name, print(entry)]));
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

function printAction(base: SchemaParts, { requirement, type }: SchemaParts): JsonObject {
  const isList = base.type === 'array';
  switch (type) {
    case 'min_length':
      return { [isList ? 'minItems' : 'minLength']: Number(requirement) };
    case 'max_length':
      return { [isList ? 'maxItems' : 'maxLength']: Number(requirement) };
    case 'min_value':
      return { minimum: Number(requirement) };
    case 'max_value':
      return { maximum: Number(requirement) };
    case 'integer':
      return { type: 'integer' };
    case 'regex':
      return { pattern: (requirement as RegExp).source };
    // A condition over several fields: said in the description of its operation.
    case 'check':
    case 'forward':
    case 'partial_check':
      return {};
    default:
      throw new Error(`no JSON Schema for the action ${type}`);
  }
}

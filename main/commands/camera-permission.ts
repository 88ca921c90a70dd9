import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, type JsonObject, parseJson } from '../../domain/json.ts';

const preferencesPath = ['profile', 'content_settings', 'exceptions'] as const;
const allow = 1;

/**
 * Lets the window use the camera without asking the person each time: written into the browser profile that is the
 * window's own, for this origin and no other, before the browser starts. Everything else in the profile stays.
 */
export function allowCamera({ profile, origin }: { readonly profile: string; readonly origin: string }): void {
  const folder = path.join(profile, 'Default');
  const file = path.join(folder, 'Preferences');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = existsSync(file) ? parseJson(readFileSync(file, 'utf8'), { maxLength: 16 * 1024 * 1024 }) : null;
  const exceptions = { media_stream_camera: { [`${origin},*`]: { setting: allow } } };
  writeFileSync(file, JSON.stringify(mergeAt(isJsonObject(known) ? known : {}, preferencesPath, exceptions)), { mode: 0o600 });
}

function mergeAt(target: JsonObject, at: readonly string[], added: JsonObject): JsonObject {
  const [name, ...rest] = at;
  if (name === undefined) return { ...target, ...added };
  const inner = target[name];
  return { ...target, [name]: mergeAt(isJsonObject(inner) ? inner : {}, rest, added) };
}

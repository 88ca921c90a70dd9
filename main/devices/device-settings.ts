import * as v from 'valibot';
import { type DeviceSettingsFile, DeviceSettingsFileSchema } from '../../domain/contracts/devices.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { parseJson } from '../../domain/json.ts';

/** What a settings file carries from one machine to another: how scanners are set up, nothing of who works there. */
export type DeviceSettings = Omit<DeviceSettingsFile, 'format' | 'version'>;

/** Prints the settings file. */
export function printDeviceSettings(settings: DeviceSettings): string {
  return `${JSON.stringify({ format: 'counter-devices', version: 1, ...settings }, null, 2)}\n`;
}

/** Reads a settings file that anybody may have written; fails with the name of the first field that is wrong. */
export function readDeviceSettings(text: string): Result<DeviceSettings> {
  const file = v.safeParse(DeviceSettingsFileSchema, parseJson(text, { maxLength: 200_000, maxDepth: 8 }));
  if (!file.success) return fail('settings/not-readable', v.getDotPath(file.issues[0]) ?? 'file');
  const { serial, hid, wedge, codeKinds } = file.output;
  return ok({ serial, hid, wedge, codeKinds });
}

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allowCamera } from '../../../main/commands/camera-permission.ts';

const origin = 'http://127.0.0.1:4321';

function kept(profile: string): unknown {
  return JSON.parse(readFileSync(join(profile, 'Default', 'Preferences'), 'utf8'));
}

test('a new profile allows the camera to our origin and nothing else', () => {
  const profile = mkdtempSync(join(tmpdir(), 'counter-profile-'));
  allowCamera({ profile, origin });
  expect(kept(profile)).toEqual({ profile: { content_settings: { exceptions: { media_stream_camera: { [`${origin},*`]: { setting: 1 } } } } } });
});

test('a profile in use keeps what it has; the origin of another launch loses the camera', () => {
  const profile = mkdtempSync(join(tmpdir(), 'counter-profile-'));
  allowCamera({ profile, origin: 'http://127.0.0.1:1' });
  const file = join(profile, 'Default', 'Preferences');
  writeFileSync(file, JSON.stringify({ ...(kept(profile) as object), browser: { zoom: 2 } }));
  allowCamera({ profile, origin });
  expect(kept(profile)).toEqual({ browser: { zoom: 2 }, profile: { content_settings: { exceptions: { media_stream_camera: { [`${origin},*`]: { setting: 1 } } } } } });
});

test('a damaged profile is begun anew', () => {
  const profile = mkdtempSync(join(tmpdir(), 'counter-profile-'));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default', 'Preferences'), '{');
  allowCamera({ profile, origin });
  expect(kept(profile)).toHaveProperty('profile.content_settings.exceptions.media_stream_camera');
});

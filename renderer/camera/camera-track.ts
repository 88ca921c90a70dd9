/** What can be wrong with a camera, in words that somebody can act on. */
export type CameraTrouble = 'none' | 'denied' | 'in-use' | 'failed' | 'decoder';

/** How this window uses its camera. */
export interface CameraChoice {
  /** Null is whichever the browser takes first. */
  readonly deviceId: string | null;
  readonly resolution: Resolution;
  /** Shows the picture as a mirror does; what is read does not change. */
  readonly isMirrored: boolean;
}

/** What a camera is asked for; it gives what it has nearest to it. */
export const resolutions = {
  standard: { width: 1280, height: 720 },
  high: { width: 1920, height: 1080 },
  low: { width: 640, height: 480 },
} as const;
export type Resolution = keyof typeof resolutions;

export const defaultChoice: CameraChoice = { deviceId: null, resolution: 'standard', isMirrored: false };

/** Reads a stored choice: each field by itself, so that one bad field does not lose the others. */
export function parseCameraChoice(stored: unknown): CameraChoice {
  if (typeof stored !== 'object' || stored === null) return defaultChoice;
  const { deviceId, resolution, isMirrored } = stored as Record<string, unknown>;
  return {
    deviceId: typeof deviceId === 'string' && deviceId.length <= 200 ? deviceId : null,
    resolution: typeof resolution === 'string' && Object.hasOwn(resolutions, resolution) ? (resolution as Resolution) : 'standard',
    isMirrored: isMirrored === true,
  };
}

/** Opens the chosen camera, or any when the chosen one is not there any more; else what is wrong. */
export async function openCamera({ deviceId, resolution }: CameraChoice): Promise<MediaStream | CameraTrouble> {
  if (navigator.mediaDevices === undefined) return 'denied';
  const { width, height } = resolutions[resolution];
  const open = (device: object): Promise<MediaStream> =>
    navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30 }, ...device } });
  try {
    return await open(deviceId === null ? {} : { deviceId: { exact: deviceId } });
  } catch (error) {
    const trouble = troubleOf(nameOf(error));
    if (deviceId === null || trouble !== 'none') return trouble;
    return open({}).catch((other: unknown) => troubleOf(nameOf(other)));
  }
}

function nameOf(error: unknown): string {
  return error instanceof DOMException ? error.name : '';
}

/** The word for what `getUserMedia` rejected with. */
export function troubleOf(name: string): CameraTrouble {
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotReadableError' || name === 'AbortError' ? 'in-use' : 'failed';
}

/** The cameras there are; their names are known only while one is open. */
export async function listCameras(): Promise<readonly { readonly deviceId: string; readonly label: string }[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return devices.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '').map(({ deviceId, label }) => ({ deviceId, label }));
}

/** Whether this camera has a lamp. The DOM types do not know it yet. */
export function hasTorch(track: MediaStreamTrack): boolean {
  return 'torch' in track.getCapabilities();
}

/** Switches the lamp; false when the camera refuses. */
export async function switchTorch(track: MediaStreamTrack, on: boolean): Promise<boolean> {
  try {
    await track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
    return true;
  } catch {
    return false;
  }
}

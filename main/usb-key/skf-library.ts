import koffi from 'koffi';

/** A call of the library that did not succeed: its name and the code of GM/T 0016-2012 annex A. */
export class SkfError extends Error {
  readonly code: number;
  readonly call: string;
  constructor(call: string, code: number) {
    super(`${call} answered 0x${code.toString(16).padStart(8, '0')}`);
    this.call = call;
    this.code = code;
  }
}

/** A handle of the library, as wide as a pointer. */
export type SkfHandle = bigint;

/** A name as the library gives it: bytes of an encoding that is the vendor's, without the closing zero. */
export type SkfName = Uint8Array;

/** What is called of GM/T 0016-2012; every call throws `SkfError` for another answer than SAR_OK. */
export interface Skf {
  /** Devices that are plugged in. */
  devices(): readonly SkfName[];
  connect(device: SkfName): SkfHandle;
  disconnect(device: SkfHandle): void;
  /** Label and serial number. */
  describe(device: SkfHandle): { readonly label: string; readonly serial: string };
  applications(device: SkfHandle): readonly SkfName[];
  openApplication(device: SkfHandle, name: SkfName): SkfHandle;
  /** The library's code, and how many tries are left after a wrong PIN. */
  verifyPin(application: SkfHandle, pin: string): { readonly code: number; readonly left: number };
  /** Forgets that the PIN was given. */
  clearState(application: SkfHandle): void;
  containers(application: SkfHandle): readonly SkfName[];
  openContainer(application: SkfHandle, name: SkfName): SkfHandle;
  /** The public half of the container's SM2 key for encryption, 04 ‖ x ‖ y; null where it has none. */
  encryptionKey(container: SkfHandle): Uint8Array | null;
  /** Takes an SM4 key in that is encrypted to the container's key: x ‖ y ‖ hash ‖ cipher. */
  importKey(container: SkfHandle, wrapped: Uint8Array): SkfHandle;
  /** SM4-ECB of whole blocks under a key that was taken in. */
  decrypt(key: SkfHandle, sealed: Uint8Array): Uint8Array;
  closeKey(key: SkfHandle): void;
}

const userPin = 1;
const sm4Ecb = 0x401;
const longestList = 65_536;
const publicBlob = { length: 132, x: 4, y: 68 } as const;
const coordinate = 64;

/** Loads a vendor's library into this process; throws for what is none. Structures are packed and ULONG has 32 bits, as in the standard. */
export function openSkf(file: string): Skf {
  const library = koffi.load(file);
  const block = koffi.pack('BLOCKCIPHERPARAM', { IV: koffi.array('uint8_t', 32), IVLen: 'uint32_t', PaddingType: 'uint32_t', FeedBitLen: 'uint32_t' });
  const handle = 'uintptr_t';
  // The calls are DEVAPI, which is __stdcall where Windows has 32 bits.
  const convention = process.platform === 'win32' && process.arch === 'ia32' ? '__stdcall' : '__cdecl';
  const find: Find = (name, parameters) => {
    const native = library.func(convention, name, 'uint32_t', [...parameters]);
    return (...values) => Number(native(...values)) >>> 0;
  };
  const bind: Bind = (name, ...parameters) => {
    const call = find(name, parameters);
    return (...values) => {
      const code = call(...values);
      if (code !== 0) throw new SkfError(name, code);
    };
  };
  return { ...bindDevice(bind, handle), ...bindApplication(bind, find, handle), ...bindContainer(bind, handle, block) };
}

type Parameter = string | ReturnType<typeof koffi.pack>;
type Bind = (name: string, ...parameters: readonly Parameter[]) => (...values: unknown[]) => void;
type Find = (name: string, parameters: readonly Parameter[]) => (...values: unknown[]) => number;

function bindDevice(bind: Bind, handle: string): Pick<Skf, 'devices' | 'connect' | 'disconnect' | 'describe' | 'applications'> {
  const enumDevices = bind('SKF_EnumDev', 'int32_t', 'void *', 'void *');
  const connect = bind('SKF_ConnectDev', 'void *', 'void *');
  const disconnect = bind('SKF_DisConnectDev', handle);
  const describe = bind('SKF_GetDevInfo', handle, 'void *');
  const enumApplications = bind('SKF_EnumApplication', handle, 'void *', 'void *');
  return {
    devices: () => readList((list, size) => enumDevices(1, list, size)),
    connect: (device) => readHandle((into) => connect(endName(device), into)),
    disconnect: (device) => disconnect(device),
    describe: (device) => {
      // Longer than DEVINFO, of which vendors have several lengths; label and serial number are in its part that none changed.
      const info = Buffer.alloc(1024);
      describe(device, info);
      return { label: readText(info, 130, 32), serial: readText(info, 162, 32) };
    },
    applications: (device) => readList((list, size) => enumApplications(device, list, size)),
  };
}

function bindApplication(bind: Bind, find: Find, handle: string): Pick<Skf, 'openApplication' | 'verifyPin' | 'clearState' | 'containers' | 'openContainer'> {
  const open = bind('SKF_OpenApplication', handle, 'void *', 'void *');
  const verify = find('SKF_VerifyPIN', [handle, 'uint32_t', 'void *', 'void *']);
  const clear = bind('SKF_ClearSecureState', handle);
  const enumContainers = bind('SKF_EnumContainer', handle, 'void *', 'void *');
  const openContainer = bind('SKF_OpenContainer', handle, 'void *', 'void *');
  return {
    openApplication: (device, name) => readHandle((into) => open(device, endName(name), into)),
    verifyPin: (application, pin) => {
      const left = Buffer.alloc(8);
      const text = endName(Buffer.from(pin, 'utf8'));
      const code = verify(application, userPin, text, left);
      text.fill(0);
      return { code, left: left.readUInt32LE() };
    },
    clearState: (application) => clear(application),
    containers: (application) => readList((list, size) => enumContainers(application, list, size)),
    openContainer: (application, name) => readHandle((into) => openContainer(application, endName(name), into)),
  };
}

function bindContainer(bind: Bind, handle: string, block: ReturnType<typeof koffi.pack>): Pick<Skf, 'encryptionKey' | 'importKey' | 'decrypt' | 'closeKey'> {
  const exportKey = bind('SKF_ExportPublicKey', handle, 'int32_t', 'void *', 'void *');
  const importKey = bind('SKF_ImportSessionKey', handle, 'uint32_t', 'void *', 'uint32_t', 'void *');
  const decryptInit = bind('SKF_DecryptInit', handle, block);
  const decrypt = bind('SKF_Decrypt', handle, 'void *', 'uint32_t', 'void *', 'void *');
  const closeKey = bind('SKF_CloseHandle', handle);
  return {
    encryptionKey: (container) => {
      const blob = Buffer.alloc(1024);
      exportKey(container, 0, blob, sizeOf(blob.length));
      // An RSA key has its number of bits elsewhere.
      if (blob.readUInt32LE() !== 256) return null;
      return Uint8Array.of(4, ...blob.subarray(publicBlob.x + 32, publicBlob.x + coordinate), ...blob.subarray(publicBlob.y + 32, publicBlob.length));
    },
    importKey: (container, wrapped) => {
      const blob = printCipher(wrapped);
      return readHandle((into) => importKey(container, sm4Ecb, blob, blob.length, into));
    },
    decrypt: (key, sealed) => {
      const out = Buffer.alloc(sealed.length + 32);
      const size = sizeOf(out.length);
      decryptInit(key, { IV: Array.from({ length: 32 }, () => 0), IVLen: 0, PaddingType: 0, FeedBitLen: 0 });
      decrypt(key, Buffer.from(sealed), sealed.length, out, size);
      const opened = Uint8Array.from(out.subarray(0, Math.min(size.readUInt32LE(), sealed.length)));
      out.fill(0);
      return opened;
    },
    closeKey: (key) => closeKey(key),
  };
}

/** x ‖ y ‖ hash ‖ cipher as ECCCIPHERBLOB: coordinates of 64 bytes, right-aligned, and the length before the cipher. */
function printCipher(wrapped: Uint8Array): Buffer {
  const cipher = wrapped.subarray(96);
  const blob = Buffer.alloc(2 * coordinate + 32 + 4 + cipher.length);
  blob.set(wrapped.subarray(0, 32), 32);
  blob.set(wrapped.subarray(32, 64), coordinate + 32);
  blob.set(wrapped.subarray(64, 96), 2 * coordinate);
  blob.writeUInt32LE(cipher.length, 2 * coordinate + 32);
  blob.set(cipher, 2 * coordinate + 36);
  return blob;
}

// Names one after the other, each ended by a zero, the list by an empty one.
function readList(call: (list: Buffer | null, size: Buffer) => void): readonly SkfName[] {
  const size = sizeOf(0);
  call(null, size);
  const length = Math.min(size.readUInt32LE(), longestList);
  if (length < 2) return [];
  const list = Buffer.alloc(length + 2);
  call(list, sizeOf(length));
  const names: SkfName[] = [];
  for (let at = 0; at < length && list[at] !== 0; ) {
    const end = list.indexOf(0, at);
    names.push(Uint8Array.from(list.subarray(at, end)));
    at = end + 1;
  }
  return names;
}

function readHandle(call: (into: Buffer) => void): SkfHandle {
  const into = Buffer.alloc(8);
  call(into);
  return into.readBigUInt64LE();
}

// Eight bytes, so that a library whose ULONG has 64 bits writes no further.
function sizeOf(length: number): Buffer {
  const size = Buffer.alloc(8);
  size.writeUInt32LE(length);
  return size;
}

function endName(name: Uint8Array): Buffer {
  return Buffer.concat([name, Buffer.alloc(1)]);
}

function readText(bytes: Buffer, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return field
    .subarray(0, end < 0 ? length : end)
    .toString('latin1')
    .replaceAll(/[^\u0020-\u007e]/g, '?')
    .trim();
}

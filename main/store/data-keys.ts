import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { openRecord, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { createSm4Gcm, type Sm4Gcm } from '../../domain/crypto/sm4-gcm.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { replaceErasing, writeDurably } from './durable-file.ts';

/** What records are sealed for; each class has its own key for each day, `setting` one for good, `legacy` is a key of before there were classes. */
export const dataClasses = ['evidence', 'content', 'document', 'audit', 'setting', 'legacy'] as const;
export type DataClass = (typeof dataClasses)[number];

/** A data key's public part: which class and which day (days since 1970 in Asia/Shanghai, 0 where a class has no days). */
export interface DataKeyName {
  readonly id: number;
  readonly class: DataClass;
  readonly day: number;
}

/** The data keys at rest and, while unlocked, in use. */
export interface DataKeyBook {
  /** The key for new records of a class on a day, made on first use; null while locked. */
  current(dataClass: DataClass, day: number): { readonly id: number; readonly cipher: Sm4Gcm } | null;
  /** The key of a sealed record: `locked` while locked, `erased` when it is no more. */
  find(id: number): Sm4Gcm | 'locked' | 'erased';
  /** False when this wrapping key does not open the keys that are here. */
  unlock(wrapKey: Uint8Array): boolean;
  /** Begins an empty book; the one before stays beside it. */
  putAside(): void;
  /** Forgets the wrapping key and every data key. */
  lock(): void;
  names(): readonly DataKeyName[];
  /** Takes a key of before under its own id; only while unlocked. */
  adopt(key: Uint8Array, id: number): void;
  /** Wraps every key under another wrapping key, the data untouched; only while unlocked. */
  rewrap(wrapKey: Uint8Array): void;
  /** Destroys keys for good: what was sealed under them is gone, from every copy of the database too. */
  erase(ids: readonly number[]): void;
}

const firstId = 2;
/** The id under which the machine's own key seals: what must be readable before anybody has logged in. */
export const deviceKeyId = 0;
/** The id of the one data key of before there were classes. */
export const legacyKeyId = 1;

const BookSchema = v.object({
  format: v.literal(1),
  nextId: v.number(),
  keys: v.array(v.object({ id: v.number(), class: v.picklist(dataClasses), day: v.number(), wrapped: v.string() })),
});
type Book = v.InferOutput<typeof BookSchema>;
type WrappedKey = Book['keys'][number];

const emptyBook: Book = { format: 1, nextId: firstId, keys: [] };

/** What a book is kept with. */
interface BookDeps {
  readonly file: string;
  readonly random: RandomBytes;
}

/** Opens the book kept in a file; null when the file is there and is none. */
export function openDataKeys(deps: BookDeps): DataKeyBook | null {
  const { file } = deps;
  const read = existsSync(file) ? v.safeParse(BookSchema, parse(readFileSync(file, 'utf8'))) : null;
  return read?.success === false ? null : new FileBook(deps, read?.output ?? emptyBook);
}

/** A book without keys: for copies whose chain is checked and whose bodies nobody reads. */
export function lockedBook(): DataKeyBook {
  return new FileBook({ file: '', random: (n) => new Uint8Array(n) }, emptyBook);
}

/** One book from its opening on, unlocked and locked in turn. */
class FileBook implements DataKeyBook {
  readonly #deps: BookDeps;
  readonly #ciphers = new Map<number, Sm4Gcm>();
  #book: Book;
  #wrapping: Sm4Gcm | null = null;

  constructor(deps: BookDeps, book: Book) {
    this.#deps = deps;
    this.#book = book;
  }

  current(dataClass: DataClass, day: number): { readonly id: number; readonly cipher: Sm4Gcm } | null {
    if (this.#wrapping === null) return null;
    const id = this.#book.keys.find((one) => one.class === dataClass && one.day === day)?.id ?? this.#make(dataClass, day);
    const cipher = this.find(id);
    if (typeof cipher === 'string') throw new Error('a data key does not open under the wrapping key of all others');
    return { id, cipher };
  }

  find(id: number): Sm4Gcm | 'locked' | 'erased' {
    const known = this.#ciphers.get(id);
    if (known !== undefined) return known;
    if (this.#wrapping === null) return 'locked';
    const wrapped = this.#book.keys.find((one) => one.id === id);
    const key = wrapped === undefined ? null : unwrapKey(this.#wrapping, wrapped);
    if (key === null) return 'erased';
    const cipher = createSm4Gcm(key);
    key.fill(0);
    this.#ciphers.set(id, cipher);
    return cipher;
  }

  unlock(wrapKey: Uint8Array): boolean {
    const candidate = createSm4Gcm(wrapKey);
    const [first] = this.#book.keys;
    const opened = first === undefined ? null : unwrapKey(candidate, first);
    if (first !== undefined && opened === null) {
      candidate.forget();
      return false;
    }
    opened?.fill(0);
    this.lock();
    this.#wrapping = candidate;
    return true;
  }

  putAside(): void {
    const { file } = this.#deps;
    if (existsSync(file)) renameSync(file, `${file}.aside`);
    this.#book = emptyBook;
  }

  lock(): void {
    this.#wrapping?.forget();
    this.#wrapping = null;
    for (const cipher of this.#ciphers.values()) cipher.forget();
    this.#ciphers.clear();
  }

  names(): readonly DataKeyName[] {
    return this.#book.keys.map(({ id, class: dataClass, day }) => ({ id, class: dataClass, day }));
  }

  adopt(key: Uint8Array, id: number): void {
    this.#add({ id, class: 'legacy', day: 0 }, key);
  }

  rewrap(wrapKey: Uint8Array): void {
    const [from, to] = [this.#requireWrapping(), createSm4Gcm(wrapKey)];
    const keys = this.#book.keys.map((wrapped) => {
      const opened = unwrapKey(from, wrapped);
      if (opened === null) throw new Error('a data key does not open under its wrapping key');
      const again = wrapKeyUnder(to, wrapped, opened, this.#deps.random);
      opened.fill(0);
      return again;
    });
    this.#keep({ ...this.#book, keys }, existsSync(this.#deps.file) ? replaceErasing : writeDurably);
    from.forget();
    this.#wrapping = to;
  }

  erase(ids: readonly number[]): void {
    const keys = this.#book.keys.filter(({ id }) => !ids.includes(id));
    if (keys.length === this.#book.keys.length) return;
    this.#keep({ ...this.#book, keys }, replaceErasing);
    for (const id of ids) {
      this.#ciphers.get(id)?.forget();
      this.#ciphers.delete(id);
    }
  }

  #make(dataClass: DataClass, day: number): number {
    const id = this.#book.nextId;
    const key = this.#deps.random(16);
    this.#add({ id, class: dataClass, day }, key);
    key.fill(0);
    return id;
  }

  #add(name: DataKeyName, key: Uint8Array): void {
    const nextId = Math.max(this.#book.nextId, name.id + 1);
    const others = this.#book.keys.filter(({ id }) => id !== name.id);
    this.#keep({ ...this.#book, nextId, keys: [...others, wrapKeyUnder(this.#requireWrapping(), name, key, this.#deps.random)] }, writeDurably);
  }

  #requireWrapping(): Sm4Gcm {
    if (this.#wrapping === null) throw new Error('the data keys are locked');
    return this.#wrapping;
  }

  #keep(next: Book, write: typeof writeDurably): void {
    const { file } = this.#deps;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    write(file, `${JSON.stringify(next)}\n`);
    this.#book = next;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function wrapKeyUnder(wrapping: Sm4Gcm, { id, class: dataClass, day }: DataKeyName, key: Uint8Array, random: RandomBytes): WrappedKey {
  const sealed = sealRecord({ key: wrapping, keyId: id, nonce: random(12), plaintext: key, aad: nameOf({ id, class: dataClass, day }) });
  return { id, class: dataClass, day, wrapped: encodeBase64(sealed) };
}

function unwrapKey(wrapping: Sm4Gcm, wrapped: WrappedKey): Uint8Array | null {
  const sealed = decodeBase64(wrapped.wrapped);
  const key = sealed === null ? null : openRecord({ key: wrapping, sealed, aad: nameOf(wrapped) });
  return key?.length === 16 ? key : null;
}

function nameOf({ id, class: dataClass, day }: DataKeyName): Uint8Array {
  return encodeUtf8(`data-key|${id}|${dataClass}|${day}`);
}

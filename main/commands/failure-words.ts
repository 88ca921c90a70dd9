import type { Failure, FailureCode } from '../../domain/failure.ts';

/** The failures that a person at the command line meets, in words with what to do; the others speak by their code. */
const words: Partial<Record<FailureCode, string>> = {
  'store/locked': 'another Counter is using this data folder. Close it, or choose another folder with --data.',
  'store/damaged': 'the data folder is damaged or belongs to another program.',
  'store/no-backup':
    'the database is damaged or gone, and no backup checks. Nothing was changed. The system administrator copies backups/ of this data folder back from where the machine is saved to and starts again (counter store list shows what is found); where there is none, keeps the whole data folder under another name and sets the counter up anew.',
  'store/newer-schema': 'the data folder was written by a newer Counter.',
  'store/key-missing': 'the data folder has records but not the key to them. Where keys/device.key alone is gone, two administrators bring it back: counter recover device-key --administrators A,B.',
  'settings/unfit': 'there is a mistake in site.json of the data folder; the counter does not start with settings that nobody chose, and left the file as it is. Correct the line named here and start again.',
  'access/locked': 'operators log in to this data folder; use its window, or another folder with --data.',
  'access/two-needed': 'people log in to this data folder: this takes two administrators (--administrators A,B).',
  'access/wrong': 'a number, a passphrase or a key is not right.',
  'access/key-refused': 'the key was not taken.',
  'key/not-set-up': 'no library for USB keys was chosen: counter usbkey use LIBRARY.',
  'key/library-failed': 'the library of the USB key failed. If its vendor’s software was renewed, choose it again: counter usbkey use LIBRARY.',
  'key/absent': 'no USB key is plugged in.',
  'key/removed': 'the USB key was pulled out.',
  'key/not-yours': 'the USB key that is plugged in is another.',
  'key/pin-wrong': 'the PIN of the USB key is not right; behind it: how many tries are left.',
  'key/pin-locked': 'the USB key is locked by wrong PINs; its issuer unlocks it.',
  'key/unfit': 'the USB key cannot be used: it needs one SM2 key for encryption, and only one key plugged in.',
  'access/locked-out': 'too many wrong tries; wait, or ask the security administrator.',
  'access/passphrase-weak': 'the new passphrase is too weak.',
  'access/unknown-person': 'that is no administrator of this counter.',
  'access/people-unfit': 'these people cannot do this.',
  'store/full': 'the disk is full: nothing can be recorded, so nothing can be verified.',
  'store/unwritable': 'the data file cannot be written: nothing can be recorded, so nothing can be verified.',
  'audit/chain-broken': 'the audit chain of this data folder is broken; nothing is verified until it has been examined.',
  'file/not-found': 'there is no such file.',
  'file/wrong-magic': 'this is neither an OFD nor a PDF.',
  'file/unsupported-format': 'this kind of file is not read.',
  'file/too-large': 'the file is larger than 64 MB.',
  'file/damaged': 'the file cannot be read.',
  'remote/unreachable': 'the platform cannot be reached.',
  'remote/timeout': 'the platform does not answer in time.',
  'remote/refused': 'the platform refuses.',
  'remote/not-enrolled': 'this counter is not enrolled at a platform. Enrol it with --platform URL --enrol CODE.',
  'remote/malformed': 'what the platform answered is not of the agreed form.',
  'case/not-open': 'no case is open: the platform has not given its list of matters yet.',
  'scan/too-long': 'this is longer than any code.',
  'scan/not-a-picture': 'that is not a picture.',
  'scan/unreadable-image': 'the picture cannot be read.',
  'scan/no-code-in-image': 'no code was found in the picture.',
  'scan/several-codes': 'there are several codes in the picture; show one.',
};

/** Words for a failure with a detail that says more than its number. */
const closerWords: Readonly<Record<string, string>> = {
  'file/not-found no such backup': 'there is no backup of that name; counter store list names those that are here.',
  'access/people-unfit themselves': 'whose passphrase comes back cannot be one of the two who stand behind it: name the other two, or one of them and code.',
  'access/people-unfit nothing is lost': 'the machine’s secret (keys/device.key) is where it belongs. Nothing was done.',
  'access/two-needed code': 'that is the recovery code, not the passphrase of this administrator. To use it, name it: --administrators 10001,code.',
  'access/wrong code': 'that is no recovery code: it has 28 letters and digits in seven groups of four, as printed at the set-up. Look for a slip and type it again.',
};

/** A failure as one sentence, its code and detail behind it. */
export function printFailure({ code, detail }: Failure): string {
  const sentence = closerWords[`${code} ${detail ?? ''}`] ?? words[code] ?? 'this did not work.';
  return `${sentence} (${code}${detail === undefined ? '' : `: ${detail}`})`;
}

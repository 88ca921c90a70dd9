/** The types of audit entries, each with the sense of its `ref`. The window has words for every one, checked by the compiler. */
export const entryTypes = [
  'app.start', // version
  'app.stop',
  'case.opened', // case id
  'case.closed',
  'scan.verdict', // scan id
  'offline.answered', // scan id
  'offline.set-apart',
  'offline.again', // how many were set apart
  'scan.refused', // device
  'data.hidden', // scan id
  'data.revealed',
  'store.backed-up', // name of the backup
  'store.backup-failed', // when it was tried
  'store.mending-seen', // when the database was mended
  'store.mended', // the backup taken
  'store.restored', // the backup taken
  'audit.anchor-missing', // the last entry, behind which others may have been cut off
  'audit.exported', // zip: the window made an archive of the log as it was with this entry
  'audit.viewed', // number of the entry whose content was looked at
  'notice.given',
  'certificate.opened', // document id
  'certificate.refused', // scan id
  'copy.printed', // document id
  'copy.reprinted',
  'watermark.removed',
  'copy.saved',
  'copy.forwarded',
  'permission.refused',
  'settings.changed',
  'platform.enrolled', // platform id
  'platform.keys', // sequence number of the list of signing keys
  'key.certified', // SM3 of the certificate
  'trust.added',
  'trust.removed',
  'clock.wrong',
  'content.kept', // scan id
  'retention.purged', // class
  'access.set-up', // where the machine's secret is kept
  'access.opened', // operator's number
  'access.signs', // operator's number; the key is the result
  'access.refused',
  'access.locked',
  'access.passphrase',
  'access.key',
  'access.person',
  'access.attempts-differ',
  'access.escrow-opened',
  'access.key-rotated',
  'clock.jumped', // wall
  'clock.rolled-back',
  'clock.overridden',
  'record.resumed', // after a failed write: what had failed
] as const;
export type EntryType = (typeof entryTypes)[number];

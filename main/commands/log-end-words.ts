/** What it means that nothing outside a log says where it ends: no check here finds what was cut off behind the last entry. */
export const missingAnchor =
  'The end of the log is not proven: what was kept of it outside the database (anchor) is gone, so nobody here can say whether entries after the last one were cut off. Compare with a closing slip or the audit centre. The next entry will be preceded by one that says so (audit.anchor-missing).';

/** What it means that nothing leads to the MAC key of the next entry: the log holds, and goes on only as a new generation. */
export const missingEpochKey =
  'What is there is whole, but the key for the next entry (keys/audit-epoch) is missing, or older files were put in place: the counter verifies nothing until it is mended. Put the file back as it was last, or let counter store restore begin a new generation from a backup.';

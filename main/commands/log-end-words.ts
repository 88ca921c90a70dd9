/** What it means that nothing outside a log says where it ends: no check here finds what was cut off behind the last entry. */
export const missingAnchor =
  'The end of the log is not proven: what was kept of it outside the database (anchor) is gone, so nobody here can say whether entries after the last one were cut off. Compare with a closing slip or the audit centre. The next entry will be preceded by one that says so (audit.anchor-missing).';

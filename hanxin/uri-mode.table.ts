const protocols = ['http://', 'https://', 'ftp://', 'mailto:', 'ldap://', 'tel:', 'urn:', 'www.', '.com', '.net', '.gov', '.org', '.cn'];
const endings = ['.htm', '.html', '.asp', '.aspx', '.php', '.jsp', 'gtin', 'ser', 'bat', 'exp', 'search', 'id', '.jp', '.it', '.de', '.br', '.fr', 'gs1'];

/** Sets A, B (62 entries each) and C (125) of URI mode, in the order of their values (ISO/IEC 20830, URI mode). */
export const uriSets: readonly (readonly string[])[] = [
  [...'abcdefghijklmnopqrstuvwxyz0123456789./-_~:@?#=+$&', ...protocols],
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ!*(),{}|\\^[]`<>%";', ...endings],
  [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$-_.+!*(),{}|\\^~[]`<>#%";/?:@&=', ...protocols, ...endings, 'search'],
];

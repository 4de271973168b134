/**
 * Directories that every Linux image has, so that `COPY a.txt /tmp` puts the file into one:
 *
 *     /tmp, /usr/local/bin, /etc      directories
 *     /app                            not known before something makes it
 *
 * Source: https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html, of which Debian's and Alpine's images have these.
 */
const DIRECTORIES = new Set(
  `/bin /etc /home /lib /media /mnt /opt /root /sbin /srv /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/lib
  /usr/local/share /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/tmp`.split(/\s+/),
);

export function isSystemDirectory(path: string): boolean {
  return DIRECTORIES.has(path);
}

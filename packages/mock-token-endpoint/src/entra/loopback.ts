/** The names a host has for itself. RFC 6761 §6.3, RFC 8252 §7.3. */

/** As a URL's host writes them, without a port. */
export const LOOPBACK_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

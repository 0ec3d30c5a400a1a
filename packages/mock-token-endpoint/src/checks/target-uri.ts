/** Whether a DPoP proof names the URI it was sent to. RFC 9449 §4.3 item 9. */

/**
 * Whether `htu` is `uri`, both normalised as RFC 3986 §6.2.2 and §6.2.3 say: case, dot segments, default port, percent-encoding.
 *
 * @param uri  where the request went, without query and fragment; an `htu` that has one is not as RFC 9449 §4.2 wants it
 */
export function isTargetUri(htu: unknown, uri: string): boolean {
  return typeof htu === 'string' && URL.canParse(htu) && normalized(htu) === normalized(uri);
}

function normalized(uri: string): string {
  // URL does the rest; `.` and `~` and their like may stand encoded or not.
  return new URL(uri).href.replace(/%[0-9a-f]{2}/gi, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : triplet.toUpperCase();
  });
}

/** What Entra answers about a tenant or a host. */
export const GUID = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
export const json = { 'content-type': 'application/json; charset=utf-8' };
export const answer = (body: unknown, more = {}) => ({
  status: 200,
  headers: json,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});

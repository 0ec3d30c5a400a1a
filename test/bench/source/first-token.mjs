/** Gets one token with the client that the arguments name, and ends. */
import { CLIENTS } from './clients.mjs';

const [name, origin] = process.argv.slice(2);
const getToken = await CLIENTS[name](origin);
if (typeof (await getToken()) !== 'string') throw new Error('there is no token');
// Connections are kept for the next request; there will be none.
process.exit();

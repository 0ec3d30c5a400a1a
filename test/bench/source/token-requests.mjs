/**
 * Gets tokens with the client that the arguments name, whenever it is told how many and how many at once; answers with the time of the
 * processor that this took, in microseconds for each.
 */
import { CLIENTS } from './clients.mjs';

const [name, origin] = process.argv.slice(2);
const getToken = await CLIENTS[name](origin);

process.on('disconnect', () => process.exit());
process.on('message', async ({ requests, atOnce }) => {
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let request = 0; request < requests / atOnce; request += 1) await getToken();
    }),
  );
  const { user, system } = process.cpuUsage(before);
  process.send((user + system) / requests);
});
process.send('ready');

/** The subpath `@client-credentials/protocol/pkcs12`: apart, so that those who read PEM never load `node-forge`. */
export { readPkcs12 } from './certificate/pkcs12/pkcs12.ts';

/** The entry point of the file store. */
export { type FileStoreOptions, fileStore } from './file/file-store.ts';

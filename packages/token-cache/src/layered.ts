/** The entry point of one store over another. */
export { type LayeredOptions, layered } from './layered/layered-store.ts';

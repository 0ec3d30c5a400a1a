/** For the tests of programs that call APIs. */
export { type Fault, type LeavingRequest, withFaults } from './testing/with-faults.ts';

/** The one error class of this package. */

/** `invalid_option`: an option, answer or rule cannot be used. `listen_failed`: the port cannot be had. */
export type MockErrorCode = 'invalid_option' | 'listen_failed';

/** What starting or steering a mock throws; its message says what happened, with which value, and what to do. */
export class MockError extends Error {
  override readonly name: string = 'MockError';
  readonly code: MockErrorCode;
  /** Whether the same call may succeed later: a port can become free, an option stays wrong. */
  readonly transient: boolean;

  constructor(code: MockErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.transient = code === 'listen_failed';
  }
}

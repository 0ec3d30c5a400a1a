/** Calls a web API with an access token that goes to declared origins only. */
export { type ApiCaller, createApiCaller } from './api-caller.ts';
export type { TokenDemand, TokenLike, TokenProvider } from './authorization.ts';
export type { Body, CallOptions } from './call.ts';
export { ApiCallerError, type ApiCallerErrorCode, ApiResponseError, type ResponseFacts } from './errors.ts';
export type { Page, PageOptions } from './pages/pages.ts';
export type { ApiCallerOptions } from './settings.ts';

/** Calls a web API with an access token that goes to declared origins only. */
export { type ApiCaller, createApiCaller } from './api-caller.ts';
export type { TokenDemand, TokenLike, TokenProvider } from './authorization.ts';
export type { BatchRequest } from './batch/batch-item.ts';
export type { BatchResponse } from './batch/batch-response.ts';
export type { Body, CallOptions } from './call.ts';
export { ApiCallerError, type ApiCallerErrorCode, ApiResponseError, type ResponseFacts } from './errors.ts';
export type { ApiCallerEvents, CallEvent, TraceContext } from './events.ts';
export { type BearerInterceptorOptions, bearerInterceptor } from './interceptor/bearer-interceptor.ts';
export type { PageStyle } from './pages/page.ts';
export type { Page, PageOptions } from './pages/pages.ts';
export type { PollOptions } from './poll.ts';
export type { ApiCallerOptions } from './settings.ts';
export type { DownloadOptions } from './stream/download.ts';
export type { UploadOptions } from './stream/upload.ts';

/** Listens at the wire: which token requests went out, and how many API calls. */
import type { Dispatcher } from 'undici';

/** A token request as it left this process, and how it was answered. */
interface TappedExchange {
  readonly method: string;
  readonly url: string;
  readonly form: URLSearchParams;
  answer: string;
}

export interface WireTap {
  readonly tokenExchanges: TappedExchange[];
  apiCalls: number;
  readonly interceptor: Dispatcher.DispatcherComposeInterceptor;
}

export function createWireTap(): WireTap {
  const tap: WireTap = {
    tokenExchanges: [],
    apiCalls: 0,
    interceptor: (dispatch) => (options, handler) => {
      if (options.method !== 'POST' || typeof options.body !== 'string') {
        tap.apiCalls += 1;
        return dispatch(options, handler);
      }
      const exchange = {
        method: options.method,
        url: `${options.origin}${options.path}`,
        form: new URLSearchParams(options.body),
        answer: 'none',
      };
      tap.tokenExchanges.push(exchange);
      return dispatch(options, listening(handler, exchange));
    },
  };
  return tap;
}

/** The same handler, noting status and type as they pass. */
function listening(handler: Dispatcher.DispatchHandler, exchange: TappedExchange): Dispatcher.DispatchHandler {
  return new Proxy(handler, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'onResponseStart' || typeof member !== 'function') return typeof member === 'function' ? member.bind(target) : member;
      return (controller: unknown, status: number, headers: Readonly<Record<string, string>>, message: unknown) => {
        exchange.answer = `HTTP ${status} ${headers['content-type'] ?? ''}`;
        return Reflect.apply(member, target, [controller, status, headers, message]);
      };
    },
  });
}

// Where the service is. In a browser it is whoever handed out these pages; the mini-program is built for one.

/** The service's address with the path under which it runs, without a slash at its end. */
export function serverAddress(): string {
  let address = ''
  // #ifdef H5
  // …/m/index.html and …/m/ both lie one folder below the service.
  address = location.origin + location.pathname.replace(/\/m\/[^/]*$/, '')
  address = address.replace(/\/+$/, '')
  // #endif
  // #ifndef H5
  address = (import.meta.env.VITE_SERVER ?? 'https://service.invalid').replace(/\/+$/, '')
  // #endif
  return address
}

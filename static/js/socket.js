/** Where the live server is. */

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The live server's address under the name by which this page was reached, so that its cookie goes along. @param {string} address */
export function socketUrl(address) {
  const url = new URL(address || "/ws/live/", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (LOOPBACK.has(url.hostname) && LOOPBACK.has(location.hostname)) url.hostname = location.hostname;
  return url.href;
}

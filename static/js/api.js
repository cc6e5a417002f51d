/** The API as the page speaks it: one place for CSRF, retry keys, versions and errors in words. */
import { knows, language, t } from "./labels.js";

const RETRY_AFTER_MS = [400, 1500, 4000];
const TRY_AGAIN = new Set([502, 503, 504]);

/** An answer that is not a success, RFC 9457. `network` means that the server was not reached at all. */
export class Problem extends Error {
  /** @param {{type?: string, title?: string, detail?: string, status?: number}} body @param {number} status */
  constructor(body, status) {
    super(body.detail || body.title || t("problem.unknown"));
    this.name = "Problem";
    this.body = /** @type {any} */ (body);
    this.status = status;
    this.slug = String(body.type ?? "").split("/").filter(Boolean).pop() ?? "unknown";
  }
}

/** A fresh key for one intended write. Kept across retries so that nothing is done twice. */
export const newKey = () => crypto.randomUUID?.() ?? uuidFromBytes(crypto.getRandomValues(new Uint8Array(16)));

/** `crypto.randomUUID` is missing on plain http beyond localhost. @param {Uint8Array} bytes */
function uuidFromBytes(bytes) {
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @returns {string} the CSRF token of this page */
const csrf = () => /** @type {any} */ (document.querySelector("[name=csrfmiddlewaretoken]"))?.value ?? "";

/**
 * @typedef {object} Options
 * @property {any} [body] JSON body, or FormData for files
 * @property {string} [key] Idempotency-Key of this write; one is made when left out
 * @property {number} [version] version the change is based on (If-Match)
 * @property {AbortSignal} [signal]
 * @property {boolean} [once] do not retry
 * @property {boolean} [keepalive] go on when the page is left
 */

/** @param {string} method @param {Options} options @returns {RequestInit} */
function request(method, options) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "Accept-Language": language };
  let body;
  if (options.body instanceof FormData) body = options.body;
  else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  if (method !== "GET") {
    headers["X-CSRFToken"] = csrf();
    headers["Idempotency-Key"] = options.key ?? newKey();
  }
  if (options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  return { method, headers, body, signal: options.signal, keepalive: options.keepalive, credentials: "same-origin" };
}

/** @param {Response} answer */
async function read(answer) {
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get("Content-Type") ?? "");
  const body = isJson && text ? JSON.parse(text) : {};
  if (answer.ok) return body;
  throw new Problem(body, answer.status);
}

/**
 * Call the API. Network failures and "try later" answers are tried again with the same key.
 * @param {string} method @param {string} path @param {Options} [options]
 * @returns {Promise<any>} the JSON answer
 * @throws {Problem}
 */
export async function call(method, path, options = {}) {
  const sent = request(method, options);
  for (let attempt = 0; ; attempt += 1) {
    const last = options.once || attempt >= RETRY_AFTER_MS.length;
    try {
      const answer = await fetch(path, sent);
      if (last || !TRY_AGAIN.has(answer.status)) return await read(answer);
    } catch (error) {
      if (error instanceof Problem || /** @type {any} */ (error).name === "AbortError") throw error;
      if (last) throw new Problem({ type: "network" }, 0);
    }
    const pause = RETRY_AFTER_MS[attempt];
    await new Promise((go) => setTimeout(go, pause * (0.7 + Math.random() * 0.6)));
  }
}

/** @param {string} path @param {Record<string, any>} [query] @param {Options} [options] */
export function get(path, query = {}, options = {}) {
  const kept = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
  return call("GET", text ? `${path}?${text}` : path, options);
}

/** What went wrong, in words for the person at the desk. @param {unknown} error */
export function explain(error) {
  if (!(error instanceof Problem)) return t("problem.unknown");
  if (error.status === 0) return t("problem.network");
  if (error.status === 401) return t("problem.login");
  const known = `problem.${error.slug}`;
  return error.body.detail || (knows(known) ? t(known) : error.message);
}

/** Errors by field name of a refused form, or an empty dict. @param {unknown} error @returns {Record<string, string>} */
export function fieldErrors(error) {
  const found = error instanceof Problem ? (error.body.errors ?? {}) : {};
  return Object.fromEntries(Object.entries(found).map(([name, words]) => [name, [words].flat().map(String).join(" ")]));
}

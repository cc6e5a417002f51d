/** What the phone keeps by itself: the queue of everything said, and the last picture. IndexedDB, so that photos fit. */

const NAME = "ondijon-field";
const VERSION = 1;

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

function open() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
      asked.result.createObjectStore("kept");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opened;
}

/**
 * One transaction, on the disk when the promise is kept.
 * @template T @param {"queue" | "kept"} store @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work @returns {Promise<T>}
 */
async function within(store, mode, work) {
  const database = await open();
  return new Promise((done, failed) => {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => done(asked.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error ?? asked.error);
  });
}

/** Everything in the queue, in the order it was said. @returns {Promise<import("./queue.js").Item[]>} */
export const items = () => within("queue", "readonly", (store) => store.getAll());
/** @param {any} item @returns {Promise<any>} its place in the order */
export const add = (item) => within("queue", "readwrite", (store) => store.add(item));
/** @param {any} item */
export const put = (item) => within("queue", "readwrite", (store) => store.put(item));
/** @param {number} seq */
export const drop = (seq) => within("queue", "readwrite", (store) => store.delete(seq));

/** @param {string} key @returns {Promise<any>} */
export const kept = (key) => within("kept", "readonly", (store) => store.get(key));
/** @param {string} key @param {any} value */
export const keep = (key, value) => within("kept", "readwrite", (store) => store.put(value, key));
/** @param {string} key */
export const forget = (key) => within("kept", "readwrite", (store) => store.delete(key));

/** Ask the phone not to clear this when space runs short. */
export const persist = () => void navigator.storage?.persist?.().catch(() => false);

/** The pane as a page of its own: for a wall, or beside the crisis page. */
import { get } from "./api.js";
import { $, setText } from "./dom.js";
import { Live } from "./live.js";
import { mount } from "./prefecture-pane.js";
import { connection, say, toast } from "./prefecture-talk.js";
import { socketUrl } from "./socket.js";
import { arrived, clock, everySecond, now, setClock } from "./time.js";

const data = JSON.parse($("pref-data").textContent);
setClock(data.now, data.zone, arrived());
const pane = mount($("pane"), { crisis: data.crisis, picture: data, ground: data, toast, say });
everySecond(() => setText($("clock"), clock(now())));
new Live({ url: socketUrl(data.live), cursor: data.cursor }, {
  entries: (entries) => pane.apply(entries),
  reset: async () => {
    const head = await get("/api/v1/journal/");
    await pane.reload();
    return head.cursor;
  },
  presence: () => undefined,
  state: connection,
  back: () => undefined,
}).start();

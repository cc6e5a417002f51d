/** Shows what comes by web push, also while no page is open. Not a module: browsers load it by itself. */
self.addEventListener("push", (event) => {
  const said = event.data.json();
  const options = { body: said.body, tag: said.tag, data: { url: said.url }, icon: "/static/img/icon.svg", requireInteraction: said.vital, renotify: true };
  event.waitUntil(self.registration.showNotification(said.title, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = event.notification.data.url || "/notifications/";
  event.waitUntil(self.clients.openWindow(url));
});

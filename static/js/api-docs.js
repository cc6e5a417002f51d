/** The API's page: Swagger UI on our own schema; calls made from it carry this page's CSRF token and a fresh key. */
const spot = document.getElementById("swagger-ui");

window.SwaggerUIBundle({
  url: spot.dataset.schema,
  domNode: spot,
  deepLinking: true,
  docExpansion: "none", // several hundred operations: drawn at once they take seconds
  tryItOutEnabled: false,
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET") request.headers["X-CSRFToken"] = document.querySelector("[name=csrfmiddlewaretoken]").value;
    return request;
  },
});

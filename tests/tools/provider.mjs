// The provider of identities of the tests: whoever asks is signed in as she says she is.
import http from "node:http";

const [, , module, port, back, clientId, secret] = process.argv;
const { Provider } = await import(module);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: clientId, client_secret: secret, redirect_uris: [back] }],
  acrValues: ["eidas1", "eidas2"],
  claims: { openid: ["sub"], acr: null },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, asked) => `/interaction/${asked.uid}` },
  cookies: { keys: ["of the tests alone"] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  async loadExistingGrant(context) {
    const grant = new provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();

async function interact(request, response) {
  const told = new URL(request.url, "http://127.0.0.1").searchParams;
  if (told.has("refuse")) {
    return provider.interactionFinished(request, response, { error: "access_denied" });
  }
  if (told.has("as")) {
    const login = { accountId: told.get("as"), acr: told.get("level") ?? "eidas1" };
    return provider.interactionFinished(request, response, { login });
  }
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end("<title>Qui ?</title><form><input name=as><input name=level value=eidas1><button>Oui</button></form>");
}

http
  .createServer((request, response) => {
    const asked = request.url.startsWith("/interaction/");
    (asked ? interact(request, response) : answer(request, response)).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  })
  .listen(Number(port), "127.0.0.1");

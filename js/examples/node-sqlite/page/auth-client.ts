import { createAuthClient } from "better-auth/client";
import { passkeyClient } from "touchstone-webauthn/better-auth/client";

/** The whole client configuration: the server is the one that served the page. */
export const authClient = createAuthClient({ plugins: [passkeyClient()] });

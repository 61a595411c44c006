import { createAuthClient } from "better-auth/client";
import { passkeyClient } from "touchstone-webauthn/better-auth/client";

/** The complete client configuration. The client uses the server that served the page. */
export const authClient = createAuthClient({ plugins: [passkeyClient()] });

// With this, Vitest transforms the package like an application's own modules.
export default { test: { server: { deps: { inline: ["touchstone-webauthn"] } } } };

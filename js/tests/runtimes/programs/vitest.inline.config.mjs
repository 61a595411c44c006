// Vitest then transforms the package as it does an application's own modules.
export default { test: { server: { deps: { inline: ["touchstone-webauthn"] } } } };

import { expect } from "vitest";
import { SoftwareAuthenticator } from "./authenticator.js";
import type { Site } from "./site.js";

/** A signed-out user with a password, a verified TOTP secret and a passkey, and a function for the current code. */
export async function enrolledTwice(site: Site, email = "ada@example.com") {
	const browser = site.browser();
	const userId = await browser.signUp(email);
	const enabled = await browser.post("/two-factor/enable", { password: "correct horse" });
	const { totpURI } = enabled.body as unknown as { totpURI: string };
	const code = () => codeOf(site, totpURI);
	expect(await browser.post("/two-factor/verify-totp", { code: await code() })).toMatchObject({ status: 200 });
	const authenticator = new SoftwareAuthenticator({ counts: true });
	const { body } = await browser.addPasskey(authenticator);
	await browser.signOut();
	await site.db.deleteMany({ model: "session", where: [{ field: "userId", value: userId }] });
	site.events.length = 0;
	return { browser, userId, authenticator, code, passkeyId: String((body as { id?: unknown }).id) };
}

/** The current code from the plugin's own server function, which takes the secret before base32 encoding. */
async function codeOf(site: Site, totpURI: string): Promise<string> {
	const bits = [...(new URL(totpURI).searchParams.get("secret") ?? "")]
		.map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
		.join("");
	const secret = String.fromCharCode(...(bits.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
	type Totp = { generateTOTP(input: { body: { secret: string } }): Promise<{ code: string }> };
	return (await (site.auth.api as unknown as Totp).generateTOTP({ body: { secret } })).code;
}

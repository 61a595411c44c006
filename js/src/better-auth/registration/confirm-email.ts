import type { GenericEndpointContext, User } from "better-auth";
import { APIError, isAPIError } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import * as z from "zod";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import { readSession } from "../ceremony/session.js";
import { afterwards } from "../reporting/events.js";
import { log } from "../reporting/log.js";
import { createToken, isToken, OURS, parseJson } from "../storage/one-time-token.js";

const confirmation = z.object({
	/** The address that the user typed at sign-up. */
	email: z.string(),
	/** The placeholder address of the account until the user opens the link in the e-mail. */
	placeholder: z.string(),
});

/**
 * Sends the link that confirms the address of a new account, through Better Auth's `sendVerificationEmail`.
 *
 * If another account has this address, `onExistingUserSignUp` informs that account's owner instead. If the site does
 * not have this callback, the link is sent anyway. In both cases the server writes the same data and sends one e-mail,
 * so the response time does not reveal whether the address is in use.
 */
export async function sendConfirmation(
	ctx: GenericEndpointContext,
	user: User,
	email: string,
	callbackURL = "/",
): Promise<void> {
	const { internalAdapter, options, baseURL } = ctx.context;
	const send = options.emailVerification?.sendVerificationEmail;
	if (!send) return;
	const token = createToken();
	const lifetime = options.emailVerification?.expiresIn ?? 3600;
	await internalAdapter.createVerificationValue({
		identifier: identifierOf(user.id, token),
		value: JSON.stringify({ email, placeholder: user.email } satisfies z.infer<typeof confirmation>),
		expiresAt: new Date(Date.now() + lifetime * 1000),
	});
	const url = `${baseURL}/passkey/confirm-email?${new URLSearchParams({ token, callbackURL })}`;
	const tell = options.emailAndPassword?.onExistingUserSignUp;
	const existing = tell && (await internalAdapter.findUserByEmail(email));
	await ctx.context.runInBackgroundOrAwait(
		existing ? tell({ user: existing.user }, ctx.request) : send({ user: { ...user, email }, url, token }, ctx.request),
	);
}

/**
 * Gives the account the address that the link confirms. The browser that opens the link must be signed in to that
 * account. Otherwise an attacker could type a stranger's address, and the stranger would confirm it with one click.
 *
 * The user ID is part of the stored token's identifier. Therefore neither another user nor a mail scanner without
 * cookies can consume the link.
 *
 * @throws `APIError` EMAIL_CONFIRMATION_INVALID, EMAIL_UNAVAILABLE
 */
export async function confirmEmail(ctx: GenericEndpointContext, token: string): Promise<User> {
	const { internalAdapter } = ctx.context;
	const session = await readSession(ctx);
	if (!session || !isToken(token)) throw refused(ctx, "BAD_REQUEST", "EMAIL_CONFIRMATION_INVALID");
	const identifier = identifierOf(session.user.id, token);
	const stored = await internalAdapter.consumeVerificationValue(identifier);
	const record = stored && confirmation.safeParse(parseJson(stored.value)).data;
	if (!record) throw refused(ctx, "BAD_REQUEST", "EMAIL_CONFIRMATION_INVALID");
	try {
		const current = await internalAdapter.findUserById(session.user.id);
		if (current?.email !== record.placeholder) {
			throw refused(ctx, "BAD_REQUEST", "EMAIL_CONFIRMATION_INVALID");
		}
		const user = await setEmail(ctx, current, record.email);
		await setSessionCookie(ctx, { session: session.session, user });
		return user;
	} catch (error) {
		// The user cannot request a second link, so after a server fault this link must stay valid.
		if (!isAPIError(error)) {
			const { value, expiresAt } = stored;
			await afterwards(ctx, "the link that confirms an e-mail address could not be restored", () =>
				internalAdapter.createVerificationValue({ identifier, value, expiresAt }),
			);
		}
		throw error;
	}
}

/** The unique index decides which account gets the address. The look-up before it gives a clear error. */
async function setEmail(ctx: GenericEndpointContext, user: User, email: string): Promise<User> {
	const { internalAdapter, options: auth } = ctx.context;
	const unavailable = () => refused(ctx, "CONFLICT", "EMAIL_UNAVAILABLE");
	if (await findByEmail(ctx, email)) throw unavailable();
	await auth.emailVerification?.beforeEmailVerification?.({ ...user, email }, ctx.request);
	const update = { email, emailVerified: true };
	const updated = await internalAdapter.updateUser(user.id, update).catch(async (error: unknown) => {
		const holder = await findByEmail(ctx, email);
		if (!holder) throw error;
		// The write may have succeeded although it reported an error.
		return holder.id === user.id ? holder : null;
	});
	// Also null if a hook of the application refuses the update.
	if (!updated) throw unavailable();
	await afterwards(ctx, "afterEmailVerification failed", () =>
		auth.emailVerification?.afterEmailVerification?.(updated, ctx.request),
	);
	return updated;
}

/** Finds the user whose address the database, and therefore its unique index, considers equal. */
function findByEmail(ctx: GenericEndpointContext, email: string): Promise<User | null> {
	return ctx.context.adapter.findOne<User>({ model: "user", where: [{ field: "email", value: email }] });
}

function refused(
	ctx: GenericEndpointContext,
	status: "BAD_REQUEST" | "CONFLICT",
	code: "EMAIL_CONFIRMATION_INVALID" | "EMAIL_UNAVAILABLE",
): APIError {
	log(ctx.context, "warn", `confirmation of an e-mail address refused: ${code}`);
	return APIError.from(status, PASSKEY_ERROR_CODES[code]);
}

/** Contains the user ID. */
function identifierOf(userId: string, token: string): string {
	return `${OURS}confirm-email:${userId}:${token}`;
}

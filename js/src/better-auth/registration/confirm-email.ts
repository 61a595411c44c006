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
	/** What was typed when signing up. */
	email: z.string(),
	/** What the account has instead, until the link in the mail is opened. */
	placeholder: z.string(),
});

/**
 * Sends the link that confirms the address of a new account, through Better Auth's `sendVerificationEmail`.
 *
 * Who has an account with this address is told by `onExistingUserSignUp` instead, where the site has such a callback. If
 * not, the link is sent all the same: either way one mail goes out after the same writes, and how long it takes says
 * nothing about the address.
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
 * Gives the account the address that its link confirms, where the browser that opens the link is signed in to that
 * account: whoever types a stranger's address must not have the stranger confirm it by a click.
 *
 * The account is part of what finds the link, so that neither somebody else nor a mail scanner without cookies uses it up.
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
		// There is no second link, so a fault leaves this one as it was.
		if (!isAPIError(error)) {
			const { value, expiresAt } = stored;
			await afterwards(ctx, "a link that confirms an e-mail address was lost", () =>
				internalAdapter.createVerificationValue({ identifier, value, expiresAt }),
			);
		}
		throw error;
	}
}

/** Whose the address is, is decided by the unique index; the look before it is for a clear answer. */
async function setEmail(ctx: GenericEndpointContext, user: User, email: string): Promise<User> {
	const { internalAdapter, options: auth } = ctx.context;
	const unavailable = () => refused(ctx, "CONFLICT", "EMAIL_UNAVAILABLE");
	if (await findByEmail(ctx, email)) throw unavailable();
	await auth.emailVerification?.beforeEmailVerification?.({ ...user, email }, ctx.request);
	const update = { email, emailVerified: true };
	const updated = await internalAdapter.updateUser(user.id, update).catch(async (error: unknown) => {
		const holder = await findByEmail(ctx, email);
		if (!holder) throw error;
		// Only the answer to the write was lost.
		return holder.id === user.id ? holder : null;
	});
	// Null also where a hook of the application says no.
	if (!updated) throw unavailable();
	await afterwards(ctx, "afterEmailVerification failed", () =>
		auth.emailVerification?.afterEmailVerification?.(updated, ctx.request),
	);
	return updated;
}

/** What the database, and so its unique index, takes for the same address. */
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

/** With the account in it. */
function identifierOf(userId: string, token: string): string {
	return `${OURS}confirm-email:${userId}:${token}`;
}

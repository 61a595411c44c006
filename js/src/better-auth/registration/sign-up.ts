import { type AuthContext, BASE_ERROR_CODES, type GenericEndpointContext, type User } from "better-auth";
import { APIError, isAPIError } from "better-auth/api";
import { generateRandomString } from "better-auth/crypto";
import { parseUserInput } from "better-auth/db";
import * as z from "zod";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import type { Account } from "../ceremony/account.js";
import type { RegistrationChallenge } from "../ceremony/challenge.js";
import { readSignedInUserId } from "../ceremony/session.js";
import { configError } from "../options/config-error.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { afterwards } from "../reporting/events.js";
import { orRefuse, refuse, reported } from "../reporting/refusals.js";
import { label } from "../storage/passkey-name.js";

/** What users enter about themselves at sign-up. */
export const signUpInput = z.object({
	name: label.min(1),
	email: z.email().max(255).toLowerCase().nullish(),
});

const about = { ceremony: "registration" } as const;

/** Checks at start whether a sign-up can create a user. Otherwise the first user who signs up would find the error. */
export function requireCreatableUsers({ signUp }: ResolvedOptions, { options }: AuthContext): void {
	if (!signUp || signUp.user) return;
	try {
		parseUserInput(options, {}, "create");
	} catch (error) {
		if (!isAPIError(error)) throw error;
		const problem = `signUp cannot create a user with the configured additionalFields: ${error.message}`;
		throw configError(
			problem,
			"signUp: { user: () => ({ … }) } with a value for the field, or give the field a defaultValue",
		);
	}
}

/**
 * Returns the future account of a sign-up. It has no ID yet, and no user is looked up: the response does not reveal
 * whether another account has this address.
 *
 * @throws `APIError` if the site does not offer sign-up, or if a user is signed in.
 */
export async function resolveNewcomer(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	{ name, email }: z.infer<typeof signUpInput>,
): Promise<Account> {
	if (!options.signUp) throw APIError.from("BAD_REQUEST", PASSKEY_ERROR_CODES.SIGN_UP_DISABLED);
	await requireNobody(ctx);
	return { id: "", name: email || name, displayName: name, signedIn: false };
}

/** A sign-up never replaces the session of a signed-in user, neither when the ceremony begins nor when it ends. */
export async function requireNobody(ctx: GenericEndpointContext): Promise<void> {
	const userId = await readSignedInUserId(ctx);
	if (userId === null) return;
	throw await refuse(ctx, { ...about, status: "FORBIDDEN", code: "SESSION_MISMATCH", userId });
}

/**
 * Creates the account, and removes it if `use` fails. A transaction cannot do this: not every database has
 * transactions, and the application's hooks would have to run inside it.
 */
export async function withNewUser<T>(
	ctx: GenericEndpointContext,
	options: ResolvedOptions,
	{ name, email }: NonNullable<RegistrationChallenge["signUp"]>,
	context: string | null,
	use: (user: User) => Promise<T>,
): Promise<T> {
	const fields = await orRefuse(ctx, about, async () => {
		const given = await options.signUp?.user?.({ ctx, name, email, context });
		return parseUserInput(ctx.context.options, given, "create");
	});
	// A typed address proves no identity. The account starts with a placeholder address that cannot receive e-mail.
	const placeholder = `${generateRandomString(32, "a-z", "0-9")}@passkey.placeholder.invalid`;
	let user: User | null = null;
	try {
		user = await ctx.context.internalAdapter
			.createUser({ ...fields, name, email: placeholder, emailVerified: false }, { method: "passkey" })
			.catch(async (error: unknown) => {
				throw await reported(ctx, about, error);
			});
		if (!user) {
			const refused = APIError.from("BAD_REQUEST", BASE_ERROR_CODES.FAILED_TO_CREATE_USER);
			throw await reported(ctx, about, refused);
		}
		return await use(user);
	} catch (error) {
		// The client gets the error of the sign-up, even if removing the account fails too.
		await afterwards(ctx, "a sign-up failed and its account may not have been removed", () =>
			removeUser(ctx, user?.id, placeholder),
		);
		throw error;
	}
}

/** Finds the user by address if the ID is unknown: the write may have succeeded although it reported an error. */
async function removeUser({ context }: GenericEndpointContext, id: string | undefined, email: string): Promise<void> {
	const userId = id ?? (await context.internalAdapter.findUserByEmail(email))?.user.id;
	if (userId) await context.internalAdapter.deleteUser(userId);
}

import { type AuthContext, BASE_ERROR_CODES, type GenericEndpointContext, type User } from "better-auth";
import { APIError, isAPIError } from "better-auth/api";
import { generateRandomString } from "better-auth/crypto";
import { parseUserInput } from "better-auth/db";
import * as z from "zod";
import { PASSKEY_ERROR_CODES } from "../../shared/error-codes.js";
import type { Account } from "../ceremony/account.js";
import type { RegistrationChallenge } from "../ceremony/challenge.js";
import { readSignedInUserId } from "../ceremony/session.js";
import { misconfigured } from "../options/config-error.js";
import type { ResolvedOptions } from "../options/resolve.js";
import { afterwards } from "../reporting/events.js";
import { orRefuse, refuse, reported } from "../reporting/refusals.js";
import { label } from "../storage/passkey-name.js";
/** What somebody who signs up says of themselves. */
export const signUpInput = z.object({
	name: label.min(1),
	email: z.email().max(255).toLowerCase().nullish(),
});

const about = { ceremony: "registration" } as const;

/** An account that no passkey can make is better noticed when Better Auth starts than by whoever signs up first. */
export function requireCreatableUsers({ signUp }: ResolvedOptions, { options }: AuthContext): void {
	if (!signUp || signUp.user) return;
	try {
		parseUserInput(options, {}, "create");
	} catch (error) {
		if (!isAPIError(error)) throw error;
		const problem = `signUp makes users, and of their additionalFields ${error.message}`;
		throw misconfigured(problem, "signUp: { user: () => ({ … }) } with a value for it, or give it a defaultValue");
	}
}

/**
 * Whom a passkey is made for that comes before its account. There is no id yet, and nobody is looked up: the answer is
 * the same whoever else has this address.
 *
 * @throws `APIError` where the site offers no sign-up, or somebody is signed in.
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

/** Signing up never replaces a session of somebody, neither when the ceremony begins nor when it ends. */
export async function requireNobody(ctx: GenericEndpointContext): Promise<void> {
	const userId = await readSignedInUserId(ctx);
	if (userId === null) return;
	throw await refuse(ctx, { ...about, status: "FORBIDDEN", code: "SESSION_MISMATCH", userId });
}

/**
 * Makes the account, and takes it back if what is done with it fails. Not every database has transactions, and in one
 * an application's hooks would have to run as well.
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
	// What somebody types is no identity: the account begins with an address of its own, to which no mail can go.
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
		// The client is told why the sign-up failed, and not how taking it back did.
		await afterwards(ctx, "a sign-up that failed may have left its account behind", () =>
			removeUser(ctx, user?.id, placeholder),
		);
		throw error;
	}
}

/** By its address where its id is not known: a write may be done and only its answer be lost. */
async function removeUser({ context }: GenericEndpointContext, id: string | undefined, email: string): Promise<void> {
	const userId = id ?? (await context.internalAdapter.findUserByEmail(email))?.user.id;
	if (userId) await context.internalAdapter.deleteUser(userId);
}

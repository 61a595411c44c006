import { createAuthEndpoint, isAPIError, originCheck } from "better-auth/api";
import { parseUserOutput } from "better-auth/db";
import * as z from "zod";
import { documented } from "../openapi/openapi.js";
import { confirmedAnswer } from "../openapi/response-schemas.js";
import { confirmEmail } from "../registration/confirm-email.js";

const query = z.object({
	token: z.string().meta({ description: "The token from the link" }),
	callbackURL: z.string().optional().meta({ description: "Where to redirect afterwards; a failure adds error=CODE" }),
});

const openapi = documented({
	description: "Confirm the e-mail address of an account that was created by passkey sign-up",
	answer: confirmedAnswer,
	refusals: { 400: ["EMAIL_CONFIRMATION_INVALID"], 409: ["EMAIL_UNAVAILABLE"] },
});

export const confirmPasskeyEmail = () =>
	createAuthEndpoint(
		"/passkey/confirm-email",
		{
			method: "GET",
			query,
			use: [originCheck((ctx) => ctx.query.callbackURL)],
			metadata: { openapi },
		},
		async (ctx) => {
			const { token, callbackURL } = ctx.query;
			try {
				const user = await confirmEmail(ctx, token);
				if (!callbackURL) return ctx.json({ status: true, user: parseUserOutput(ctx.context.options, user) });
			} catch (error) {
				if (!callbackURL || !isAPIError(error)) throw error;
				const target = new URL(callbackURL, ctx.context.baseURL);
				target.searchParams.set("error", error.body?.code ?? "UNKNOWN_ERROR");
				throw ctx.redirect(target.href);
			}
			throw ctx.redirect(callbackURL);
		},
	);

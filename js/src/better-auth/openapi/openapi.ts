import * as z from "zod";
import { PASSKEY_ERROR_CODES, type PasskeyErrorCode } from "../../shared/error-codes.js";

type Schema = () => z.ZodType;

/** The body, the response and the refusals of an endpoint, for Better Auth's `openAPI` plugin. */
interface Documentation {
	description: string;
	operationId?: string;
	answer: Schema;
	/** The complete body, if the endpoint's own schema does not describe all of it. */
	body?: Schema;
	/** The error codes of the plugin's own refusals, by HTTP status. */
	refusals?: Partial<Record<400 | 401 | 403 | 404 | 409 | 413, readonly PasskeyErrorCode[]>>;
}

type Content = { "application/json": { schema: object } };

/** The description in the form that Better Auth accepts. */
export interface EndpointDescription {
	description: string;
	operationId?: string;
	readonly responses: Record<string, { description: string; content: Content }>;
	readonly requestBody?: { required: boolean; content: Content };
}

/** The schemas are converted only when the `openAPI` plugin reads them. A sign-in does not need them. */
export function documented({ answer, body, refusals = {}, ...about }: Documentation): EndpointDescription {
	return {
		...about,
		get responses() {
			const errors = Object.entries(refusals).map(([status, codes]) => [status, refusal(codes)]);
			return { 200: { description: "Success", content: json(answer(), "output") }, ...Object.fromEntries(errors) };
		},
		...(body && {
			get requestBody() {
				return { required: true, content: json(body(), "input") };
			},
		}),
	};
}

/** Better Auth and the application also refuse with their own codes, so this list is not complete. */
function refusal(codes: readonly PasskeyErrorCode[]) {
	const description = codes.map((code) => `${code}: ${PASSKEY_ERROR_CODES[code].message}`).join("\n\n");
	return { description, content: json(z.looseObject({ code: z.string().optional(), message: z.string() }), "output") };
}

function json(schema: z.ZodType, io: "input" | "output"): Content {
	const { $schema: _, ...described } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
	return { "application/json": { schema: described } };
}

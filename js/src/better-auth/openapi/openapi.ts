import * as z from "zod";
import { PASSKEY_ERROR_CODES, type PasskeyErrorCode } from "../../shared/error-codes.js";

type Schema = () => z.ZodType;

/** What an endpoint takes, answers and refuses, for Better Auth's `openAPI` plugin. */
interface Documentation {
	description: string;
	operationId?: string;
	answer: Schema;
	/** The body, where the endpoint's own schema leaves parts for later. */
	body?: Schema;
	/** The codes of the plugin's own refusals, by status. */
	refusals?: Partial<Record<400 | 401 | 403 | 404 | 409 | 413, readonly PasskeyErrorCode[]>>;
}

type Content = { "application/json": { schema: object } };

/** As Better Auth takes it. */
export interface EndpointDescription {
	description: string;
	operationId?: string;
	readonly responses: Record<string, { description: string; content: Content }>;
	readonly requestBody?: { required: boolean; content: Content };
}

/** Written out only when somebody asks for it: a server that starts to sign somebody in has no use for it. */
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

/** Better Auth and the application refuse with codes of their own, so these are not all. */
function refusal(codes: readonly PasskeyErrorCode[]) {
	const description = codes.map((code) => `${code}: ${PASSKEY_ERROR_CODES[code].message}`).join("\n\n");
	return { description, content: json(z.looseObject({ code: z.string().optional(), message: z.string() }), "output") };
}

function json(schema: z.ZodType, io: "input" | "output"): Content {
	const { $schema: _, ...described } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
	return { "application/json": { schema: described } };
}

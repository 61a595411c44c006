import type { AuthContext, Where } from "better-auth";

type Adapter = AuthContext["adapter"];

interface Guarded {
	model: string;
	/** The row's id, and what has to be true of the row. */
	where: Where[];
}

/**
 * On MySQL, Prisma's client answers the row that it read before, also where another request was faster and nothing was
 * written. Its methods for many rows say how many there were.
 */
const answersUnwritten = (adapter: Adapter) => adapter.id === "prisma";

/** Changes the row if it fulfils the conditions, in one atomic step, and answers it as it then is, or null. */
export async function writeGuarded<T>(
	adapter: Adapter,
	{ model, where, set }: Guarded & { set: Record<string, unknown> },
): Promise<T | null> {
	if (!answersUnwritten(adapter)) return adapter.incrementOne<T>({ model, where, increment: {}, set });
	const written = await adapter.updateMany({ model, where, update: set });
	return written > 0 ? adapter.findOne<T>({ model, where: where.filter(({ field }) => field === "id") }) : null;
}

/** Removes the row if it fulfils the conditions: of several removals at once one gets it, and the others null. */
export async function removeGuarded<T>(adapter: Adapter, { model, where }: Guarded): Promise<T | null> {
	if (!answersUnwritten(adapter)) return adapter.consumeOne<T>({ model, where });
	const row = await adapter.findOne<T>({ model, where });
	return row && (await adapter.deleteMany({ model, where })) > 0 ? row : null;
}

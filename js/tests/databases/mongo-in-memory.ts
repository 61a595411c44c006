// The part of MongoDB's driver that Better Auth's adapter uses, on arrays: the tests cannot start a MongoDB server.
// mingo runs the queries, pipelines and updates; values and errors are those of the driver. As in MongoDB, an operation
// on one document is atomic, and other requests run between two operations.
import { setImmediate } from "node:timers/promises";
import { aggregate, find, update } from "mingo";
import { BSON, type Db, type Document, MongoServerError, ObjectId } from "mongodb";

interface Index {
	name: string;
	key: Record<string, 1 | -1>;
	unique?: boolean;
	partialFilterExpression?: Document;
}

type Update = Parameters<typeof update>[1];
type Query = Parameters<typeof find>[1];

export class MongoInMemory {
	readonly #collections = new Map<string, Collection>();

	collection(name: string): Collection {
		const collection = this.#collections.get(name) ?? new Collection();
		this.#collections.set(name, collection);
		return collection;
	}

	/** This database as the driver's type; it has only the members that the adapter uses. */
	get db(): Db {
		return this as unknown as Db;
	}
}

/** A document as the database would return it: without values that BSON cannot store. */
const copy = (document: Document) => BSON.deserialize(BSON.serialize(document, { ignoreUndefined: false }));

class Collection {
	#documents: Document[] = [];
	readonly #indexes: Index[] = [{ name: "_id_", key: { _id: 1 }, unique: true }];

	async createIndex(key: Index["key"], { name, unique, partialFilterExpression }: Omit<Index, "key">): Promise<string> {
		await setImmediate();
		this.#indexes.push({
			name,
			key,
			...(unique && { unique }),
			...(partialFilterExpression && { partialFilterExpression }),
		});
		this.#requireUnique(this.#documents);
		return name;
	}

	listIndexes() {
		return { toArray: async () => this.#indexes };
	}

	async insertOne(document: Document) {
		await setImmediate();
		const inserted = copy({ _id: new ObjectId(), ...document });
		this.#requireUnique([...this.#documents, inserted]);
		this.#documents.push(inserted);
		return { insertedId: inserted._id };
	}

	aggregate(pipeline: Document[]) {
		return {
			toArray: async () => {
				await setImmediate();
				return aggregate(this.#documents, pipeline as Parameters<typeof aggregate>[1]).map(copy);
			},
		};
	}

	async findOne(query: Query) {
		const [found = null] = await this.aggregate([{ $match: query }, { $limit: 1 }]).toArray();
		return found;
	}

	async findOneAndUpdate(query: Query, change: Update) {
		await setImmediate();
		const [found] = this.#matching(query);
		return { value: found ? copy(this.#change(found, change)) : null };
	}

	async updateMany(query: Query, change: Update) {
		await setImmediate();
		const found = this.#matching(query);
		for (const document of found) this.#change(document, change);
		return { modifiedCount: found.length };
	}

	async findOneAndDelete(query: Query) {
		await setImmediate();
		const [found = null] = this.#matching(query);
		this.#documents = this.#documents.filter((document) => document !== found);
		return { value: found };
	}

	async deleteOne(query: Query) {
		await this.findOneAndDelete(query);
	}

	async deleteMany(query: Query) {
		await setImmediate();
		const found = new Set(this.#matching(query));
		this.#documents = this.#documents.filter((document) => !found.has(document));
		return { deletedCount: found.size };
	}

	#matching(query: Query): Document[] {
		return find<Document>(this.#documents, query).all();
	}

	#change(document: Document, change: Update): Document {
		const changed = copy(document);
		update(changed, change);
		const others = this.#documents.map((other) => (other === document ? changed : other));
		this.#requireUnique(others);
		this.#documents = others.map((other) => (other === changed ? copy(changed) : other));
		return changed;
	}

	#requireUnique(documents: Document[]): void {
		for (const { key, unique, partialFilterExpression } of this.#indexes) {
			if (!unique) continue;
			const indexed = partialFilterExpression ? find<Document>(documents, partialFilterExpression).all() : documents;
			const values = indexed.map((document) =>
				BSON.EJSON.stringify(Object.keys(key).map((name) => document[name] ?? null)),
			);
			if (new Set(values).size === values.length) continue;
			throw new MongoServerError({ message: "E11000 duplicate key error", code: 11000 });
		}
	}
}

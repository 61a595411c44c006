/** Other names for the table and some of its columns, in the form of the plugin's option `schema`. */
export const CUSTOM_TABLE = {
	passkey: {
		modelName: "webauthn_credentials",
		fields: {
			credentialID: "credential_id",
			publicKey: "public_key",
			userId: "owner_id",
			counter: "sign_count",
			lastUsedAt: "last_used_at",
			userHandle: "user_handle",
		},
	},
};

CREATE TABLE "webauthn_credentials" ("id" text not null primary key, "name" text, "public_key" text not null, "owner_id" text not null references "user" ("id") on delete cascade, "credential_id" text not null unique, "sign_count" integer not null, "deviceType" text not null, "backedUp" integer not null, "transports" text, "createdAt" date, "aaguid" text, "last_used_at" date, "updatedAt" date, "user_handle" text, "platform" text, "deviceName" text, "metadata" text, "revokedAt" date, "revokedReason" text)

CREATE INDEX "webauthn_credentials_owner_id_idx" on "webauthn_credentials" ("owner_id")

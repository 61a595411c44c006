create table "webauthn_credentials" ("id" uuid default pg_catalog.gen_random_uuid() not null primary key, "name" text, "public_key" text not null, "owner_id" uuid not null references "user" ("id") on delete cascade, "credential_id" text not null unique, "sign_count" integer not null, "deviceType" text not null, "backedUp" boolean not null, "transports" text, "createdAt" timestamptz, "aaguid" text, "last_used_at" timestamptz, "updatedAt" timestamptz, "user_handle" text)

create index "webauthn_credentials_owner_id_idx" on "webauthn_credentials" ("owner_id")

create table "passkey" ("id" text not null primary key, "name" text, "publicKey" text not null, "userId" text not null references "user" ("id") on delete cascade, "credentialID" text not null unique, "counter" integer not null, "deviceType" text not null, "backedUp" boolean not null, "transports" text, "createdAt" timestamptz, "aaguid" text, "lastUsedAt" timestamptz, "updatedAt" timestamptz, "userHandle" text, "platform" text, "deviceName" text, "metadata" text, "revokedAt" timestamptz, "revokedReason" text)

create index "passkey_userId_idx" on "passkey" ("userId")

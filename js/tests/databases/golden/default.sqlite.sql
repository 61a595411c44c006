create table "passkey" ("id" text not null primary key, "name" text, "publicKey" text not null, "userId" text not null references "user" ("id") on delete cascade, "credentialID" text not null unique, "counter" integer not null, "deviceType" text not null, "backedUp" integer not null, "transports" text, "createdAt" date, "aaguid" text, "lastUsedAt" date, "updatedAt" date, "userHandle" text, "platform" text, "deviceName" text, "metadata" text, "revokedAt" date, "revokedReason" text)

create index "passkey_userId_idx" on "passkey" ("userId")

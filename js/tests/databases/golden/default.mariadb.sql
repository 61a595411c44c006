create table `passkey` (`id` varchar(36) not null primary key, `name` text, `publicKey` text not null, `userId` varchar(36) not null references `user` (`id`) on delete cascade, `credentialID` varchar(255) not null unique, `counter` integer not null, `deviceType` text not null, `backedUp` boolean not null, `transports` text, `createdAt` timestamp(3), `aaguid` text, `lastUsedAt` timestamp(3), `updatedAt` timestamp(3), `userHandle` text, `platform` text, `deviceName` text, `metadata` text, `revokedAt` timestamp(3), `revokedReason` text)

create index `passkey_userId_idx` on `passkey` (`userId`)

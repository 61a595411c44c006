create table `webauthn_credentials` (`id` varchar(36) not null primary key, `name` text, `public_key` text not null, `owner_id` varchar(36) not null references `user` (`id`) on delete cascade, `credential_id` varchar(255) not null unique, `sign_count` integer not null, `deviceType` text not null, `backedUp` boolean not null, `transports` text, `createdAt` timestamp(3), `aaguid` text, `last_used_at` timestamp(3), `updatedAt` timestamp(3), `user_handle` text)

create index `webauthn_credentials_owner_id_idx` on `webauthn_credentials` (`owner_id`)

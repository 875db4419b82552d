//! Accounts and how they log in: WeChat identities, passwords, roles, invitations, refresh tokens.

crate::ddl::tables! {
    up: &[
        "CREATE TABLE accounts (
            id uuid PRIMARY KEY NOT NULL,
            state text NOT NULL CHECK (state IN ('active', 'disabled', 'erased')),
            display_name text,
            created_at timestamptz NOT NULL,
            erased_at timestamptz
        )",
        "CREATE TABLE wechat_identities (
            appid text NOT NULL,
            openid text NOT NULL,
            account_id uuid NOT NULL REFERENCES accounts (id),
            unionid text,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (appid, openid)
        )",
        "CREATE INDEX wechat_identities_account ON wechat_identities (account_id)",
        "CREATE TABLE credentials (
            account_id uuid PRIMARY KEY NOT NULL REFERENCES accounts (id),
            login text NOT NULL UNIQUE,
            password_hash text NOT NULL,
            totp_sealed bytea,
            failures integer NOT NULL,
            retry_at timestamptz,
            created_at timestamptz NOT NULL
        )",
        "CREATE TABLE role_bindings (
            id uuid PRIMARY KEY NOT NULL,
            account_id uuid NOT NULL REFERENCES accounts (id),
            role text NOT NULL CHECK (role IN ('member', 'station_manager', 'department_officer', 'committee_admin', 'operator')),
            scope_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            revoked_at timestamptz
        )",
        "CREATE UNIQUE INDEX role_bindings_live ON role_bindings (account_id, role, scope_id) WHERE revoked_at IS NULL",
        "CREATE INDEX role_bindings_scope ON role_bindings (scope_id, role)",
        "CREATE TABLE invitations (
            id uuid PRIMARY KEY NOT NULL,
            code_hash bytea NOT NULL UNIQUE,
            role text NOT NULL CHECK (role IN ('member', 'station_manager', 'department_officer', 'committee_admin', 'operator')),
            scope_id uuid NOT NULL,
            phone_hash bytea,
            expires_at timestamptz NOT NULL,
            used_at timestamptz,
            used_by uuid REFERENCES accounts (id),
            created_at timestamptz NOT NULL
        )",
        "CREATE INDEX invitations_phone ON invitations (phone_hash) WHERE phone_hash IS NOT NULL",
        "CREATE TABLE refresh_tokens (
            id uuid PRIMARY KEY NOT NULL,
            family_id uuid NOT NULL,
            account_id uuid NOT NULL REFERENCES accounts (id),
            token_hash bytea NOT NULL UNIQUE,
            expires_at timestamptz NOT NULL,
            used_at timestamptz,
            revoked_at timestamptz,
            created_at timestamptz NOT NULL
        )",
        "CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id)",
        "CREATE INDEX refresh_tokens_account ON refresh_tokens (account_id)",
    ],
    down: &["refresh_tokens", "invitations", "role_bindings", "credentials", "wechat_identities", "accounts"],
}

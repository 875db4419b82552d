//! Messages that leave the service: what WeChat's users have agreed to, each message on its way, and what is
//! held up.

crate::ddl::tables! {
    up: &[
        // By openid, not by account: WeChat tells of people whom nobody has an account for yet.
        "CREATE TABLE subscriptions (
            appid text NOT NULL,
            openid text NOT NULL,
            template_id text NOT NULL,
            credit integer NOT NULL CHECK (credit >= 0),
            refused_at timestamptz,
            hint text CHECK (hint IN ('accept', 'reject', 'ban', 'filter')),
            hinted_at timestamptz,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (appid, openid, template_id)
        )",
        "CREATE TABLE deliveries (
            id uuid PRIMARY KEY NOT NULL,
            once_key text NOT NULL UNIQUE,
            channel text NOT NULL CHECK (channel IN ('wechat', 'robot', 'sms')),
            kind text NOT NULL,
            message_id uuid NOT NULL,
            account_id uuid REFERENCES accounts (id),
            scope_id uuid,
            appid text,
            openid text,
            template_id text,
            facts jsonb NOT NULL,
            plainer text CHECK (plainer IN ('neutral', 'pageless')),
            state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'refused', 'unknown', 'dead')),
            run_at timestamptz NOT NULL,
            attempts integer NOT NULL,
            has_reserved boolean NOT NULL,
            lease_id uuid,
            leased_until timestamptz,
            reason text,
            msg_id text,
            sent_at timestamptz,
            confirmed_at timestamptz,
            settled_at timestamptz,
            created_at timestamptz NOT NULL
        )",
        "CREATE INDEX deliveries_due ON deliveries (run_at, id) WHERE state = 'waiting'",
        // Those under way, few at any time, by whom they are for.
        "CREATE INDEX deliveries_open ON deliveries (openid, template_id)
            WHERE state IN ('sending', 'unknown')",
        // WeChat refuses two sends to one user at the same time.
        "CREATE UNIQUE INDEX deliveries_one_at_a_time ON deliveries (appid, openid)
            WHERE state = 'sending' AND channel = 'wechat'",
        // Which message WeChat's word is about.
        "CREATE INDEX deliveries_sent ON deliveries (openid, template_id, sent_at)
            WHERE sent_at IS NOT NULL AND confirmed_at IS NULL",
        // How much a robot has said in the last minute.
        "CREATE INDEX deliveries_robot ON deliveries (scope_id, sent_at) WHERE channel = 'robot'",
        "CREATE INDEX deliveries_dead ON deliveries (id) WHERE state = 'dead'",
        "CREATE INDEX deliveries_account ON deliveries (account_id)",
        "CREATE INDEX deliveries_settled ON deliveries (settled_at) WHERE settled_at IS NOT NULL",
        "CREATE TABLE message_pauses (
            appid text NOT NULL,
            template_id text NOT NULL,
            reason text NOT NULL CHECK (reason IN ('template', 'ban', 'quota')),
            errcode bigint NOT NULL,
            ends_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (appid, template_id)
        )",
    ],
    down: &["message_pauses", "deliveries", "subscriptions"],
}

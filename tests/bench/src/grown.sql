-- Years of cases in the demo district and 20 committees below it, in a few set-based statements.
-- psql's variable `cases` says how many, `segmenter` how the terms are cut of what people write, which stand in
-- the table `phrases`. The same number gives the same cases but for their dates.
--
-- The skew is that of places and people (rank r of n is drawn as often as 1/r): of 400 stations the demo
-- manager's gets 12 % of all, of a station's five members the first gets 39 %, which at the demo manager's
-- station is the demo member. Cases grow denser with the years; most of the last weeks' are open, and a few
-- old ones.

-- What is written here refers to what is written here.
SET session_replication_role = replica;
SET synchronous_commit = off;
-- Parallel workers would draw in another order.
SET max_parallel_workers_per_gather = 0;
SELECT setseed(0.5) \g /dev/null
BEGIN;

CREATE FUNCTION pg_temp.named_id(name text) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT overlay(overlay(md5(name) PLACING '7' FROM 13) PLACING '8' FROM 17)::uuid $$;
-- RFC 9562, version 7: so ids are in the order of time, as the service's are.
CREATE FUNCTION pg_temp.id_at(at timestamptz, name text) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
        || substr(md5(name), 1, 3) || '8' || substr(md5(name), 4, 15))::uuid $$;
-- A rank of 1..n, drawn as often as 1/rank.
CREATE FUNCTION pg_temp.rank_of(n integer) RETURNS integer LANGUAGE sql VOLATILE
    AS $$ SELECT least(n, floor(exp(random() * ln(n + 1)))::integer) $$;

CREATE TEMP TABLE people ON COMMIT DROP AS
    SELECT c.login, c.account_id, b.scope_id
    FROM credentials c LEFT JOIN role_bindings b ON b.account_id = c.account_id;
CREATE TEMP TABLE town ON COMMIT DROP AS
    SELECT s.id AS station_id, s.committee_id, m.id AS member_id, m.sector_id, d.scope_id AS department_id,
        r.resident_id, a.account_id AS member_account_id
    FROM people p
    JOIN stations s ON s.id = p.scope_id
    JOIN people a ON a.login = 'demo-member'
    JOIN members m ON m.id = a.scope_id
    JOIN people d ON d.login = 'demo-officer'
    CROSS JOIN (SELECT resident_id FROM cases WHERE resident_id IS NOT NULL
        GROUP BY resident_id ORDER BY count(*) DESC LIMIT 1) r
    WHERE p.login = 'demo-manager';
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM town) THEN RAISE EXCEPTION 'load the demo district first: api demo'; END IF;
END $$;

INSERT INTO committees (id, parent_id, name, level, created_at)
    SELECT pg_temp.named_id('committee ' || k), committee_id, '第' || k || '区政协（生成）', 'district', now()
    FROM town, generate_series(1, 20) k;
CREATE TEMP TABLE grown_stations ON COMMIT DROP AS
    SELECT 1 AS rank, station_id AS id, committee_id FROM town
    UNION ALL
    SELECT r, pg_temp.named_id('station ' || r), pg_temp.named_id('committee ' || 1 + r % 20)
    FROM generate_series(2, 400) r;
INSERT INTO stations (id, committee_id, kind, name, address, members_may_dispatch, created_at)
    SELECT id, committee_id, 'station', '第' || rank || '工作站（生成）', '生成路' || rank || '号', false, now()
    FROM grown_stations WHERE rank > 1;
CREATE TEMP TABLE grown_members ON COMMIT DROP AS
    SELECT s.rank AS station_rank, m AS rank, s.id AS station_id, s.committee_id,
        CASE WHEN s.rank = 1 AND m = 1 THEN town.member_id
            ELSE pg_temp.named_id('member ' || s.rank || ' ' || m) END AS id
    FROM town, grown_stations s, generate_series(1, 5) m;
INSERT INTO members (id, committee_id, sector_id, name, name_pinyin, name_initials, level, capacity, created_at)
    SELECT m.id, m.committee_id, town.sector_id, '生成' || m.station_rank || '之' || m.rank, 'sheng cheng', 'sc',
        'district', 8, now()
    FROM town, grown_members m WHERE m.id <> town.member_id;
INSERT INTO member_stations (member_id, station_id)
    SELECT id, station_id FROM grown_members ON CONFLICT DO NOTHING;
-- 6 departments; the demo officer's has a third of what is dispatched.
CREATE TEMP TABLE grown_departments ON COMMIT DROP AS
    SELECT d AS rank, CASE WHEN d = 1 THEN town.department_id ELSE pg_temp.named_id('department ' || d) END AS id
    FROM town, generate_series(1, 6) d;
INSERT INTO departments (id, committee_id, name, created_at)
    SELECT d.id, town.committee_id, '第' || rank || '局（生成）', now() FROM town, grown_departments d WHERE rank > 1;
-- As many residents as a tenth of the cases, the first of them the demo resident.
CREATE TEMP TABLE grown_residents ON COMMIT DROP AS
    SELECT r AS rank, CASE WHEN r = 1 THEN town.resident_id ELSE pg_temp.named_id('resident ' || r) END AS id
    FROM town, generate_series(1, greatest(1, :cases / 10)) r;
INSERT INTO accounts (id, state, display_name, created_at)
    SELECT id, 'active', NULL, now() FROM grown_residents WHERE rank > 1;

-- Drawn first, each draw once: a volatile function in a join's condition would draw for every pair.
CREATE TEMP TABLE draws ON COMMIT DROP AS
    SELECT n,
        date_trunc('milliseconds', now() - interval '1100 days' * (1 - sqrt(n::float / :cases))
            - interval '1 minute') AS at,
        pg_temp.rank_of(400) AS station_rank, pg_temp.rank_of(5) AS member_rank,
        1 + floor(random() * greatest(1, :cases / 10))::integer AS resident_rank,
        pg_temp.rank_of((SELECT count(*)::integer FROM categories)) AS category_rank,
        random() < exp((n::float / :cases - 1) / 0.05) OR random() < 0.002 AS is_open,
        pg_temp.rank_of(6) AS department_rank, random() AS kind, random() AS late, random() AS verdict, random() AS asked
    FROM generate_series(1, :cases) n;
ALTER TABLE draws ADD PRIMARY KEY (n);
CREATE TEMP TABLE ranked_categories ON COMMIT DROP AS
    SELECT id, row_number() OVER (ORDER BY id)::integer AS rank FROM categories;
ANALYZE draws, grown_stations, grown_members, grown_departments, grown_residents, ranked_categories, phrases;

CREATE TEMP TABLE drawn ON COMMIT DROP AS
    SELECT d.*, pg_temp.id_at(d.at, 'case ' || d.n) AS id, m.id AS member_id, m.station_id, m.committee_id,
        r.id AS resident_id, c.id AS category_id, dep.id AS department_id,
        -- Of what is dispatched, one in eight in two parts.
        d.n % 8 = 0 AS is_split, CASE WHEN d.n % 50 = 7 THEN 8 ELSE d.n % 8 END AS phrase,
        CASE WHEN NOT is_open THEN
                CASE WHEN kind < 0.93 THEN 'closed' WHEN kind < 0.97 THEN 'rejected' ELSE 'withdrawn' END
            WHEN kind < 0.25 THEN 'assigned' WHEN kind < 0.55 THEN 'in_progress'
            WHEN kind < 0.60 THEN 'awaiting_resident' WHEN kind < 0.72 THEN 'dispatched'
            WHEN kind < 0.80 THEN 'planned' WHEN kind < 0.97 THEN 'responded' ELSE 'contested' END AS state
    FROM draws d
    JOIN grown_members m ON m.station_rank = d.station_rank AND m.rank = d.member_rank
    JOIN grown_residents r ON r.rank = d.resident_rank
    JOIN ranked_categories c ON c.rank = d.category_rank
    JOIN grown_departments dep ON dep.rank = d.department_rank;

INSERT INTO cases (id, committee_id, number, state, version, event_seq, figures_seq, station_id, member_id,
        department_id, resident_id, category_id, text, anonymous, ticket_hash, routing, accept_by, respond_by,
        stopped_total_s, waited_total_s, reply_by, object_by, promised_on, responded_at, confirm_by, ended_at,
        outcome, returns, objections, part_count, stage, escalation_level, wake_at, created_at, updated_at)
    SELECT d.id, d.committee_id, 'G' || lpad(d.n::text, 9, '0'), d.state, e.events, e.events, e.events, d.station_id,
        d.member_id, CASE WHEN d.state = 'dispatched' AND NOT d.is_split THEN d.department_id END, d.resident_id, d.category_id,
        repeat(p.said, 1 + d.n % 4) || ' 第' || d.n || '号', d.n % 10 = 0, sha256(d.n::text::bytea), '[]',
        CASE WHEN d.state = 'assigned' THEN d.at + interval '1 day' END, d.at + interval '21 days', 0, 0,
        CASE WHEN d.state = 'dispatched' AND NOT d.is_split THEN d.at + interval '14 days' END,
        CASE WHEN d.state = 'dispatched' AND NOT d.is_split THEN d.at + interval '3 days' END,
        CASE WHEN d.state = 'planned' THEN (now() + interval '10 days' * (d.verdict - 0.2))::date END,
        CASE WHEN d.state IN ('closed', 'responded', 'contested') THEN d.at + interval '5 days' END,
        CASE WHEN d.state = 'responded' THEN now() + interval '3 days' END,
        CASE WHEN NOT d.is_open THEN least(now(), d.at + interval '9 days') END,
        CASE WHEN d.state = 'closed' THEN
            CASE WHEN d.verdict < 0.5 THEN 'solved' WHEN d.verdict < 0.6 THEN 'partly'
                WHEN d.verdict < 0.65 THEN 'not_solved' ELSE 'unconfirmed' END END,
        0, 0, CASE WHEN d.state = 'dispatched' AND d.is_split THEN 2 ELSE 0 END,
        CASE WHEN NOT d.is_open OR now() < d.at + interval '15 days' THEN 'on_time'
            WHEN now() < d.at + interval '21 days' THEN 'due_soon'
            WHEN now() < d.at + interval '23 days' THEN 'overdue'
            WHEN now() < d.at + interval '28 days' THEN 'red' ELSE 'supervised' END,
        0, CASE WHEN d.is_open THEN now() + interval '30 days' END, d.at,
        least(now(), d.at + interval '9 days')
    FROM drawn d
    JOIN phrases p ON p.k = d.phrase
    CROSS JOIN LATERAL (SELECT CASE d.state WHEN 'assigned' THEN 1 WHEN 'in_progress' THEN 2 WHEN 'closed' THEN 4
        WHEN 'contested' THEN 4 ELSE 3 END AS events) e
    ORDER BY d.n;

-- Built at the end: faster than entry by entry.
DROP INDEX case_search_terms;
INSERT INTO case_search (case_id, segmenter, event_seq, terms)
    SELECT c.id, :segmenter, c.event_seq, array_to_tsvector(p.terms || ARRAY[
        '@' || replace(c.station_id::text, '-', ''),
        '@' || replace(c.station_id::text, '-', '') || '@' || floor(extract(epoch FROM d.at) / 604800), '@' || replace(c.member_id::text, '-', ''),
        '@' || replace(c.category_id::text, '-', '')])
    FROM drawn d JOIN cases c ON c.id = d.id JOIN phrases p ON p.k = d.phrase;
CREATE INDEX case_search_terms ON case_search USING gin (terms);

INSERT INTO case_parts (case_id, ordinal, department_id, request, state, asked_at, object_days, reply_by, object_by,
        objections)
    SELECT d.id, part, dep.id, '请现场核查并回复', 'asked', d.at + interval '5 days', 2, d.at + interval '14 days',
        d.at + interval '7 days', 0
    FROM drawn d
    CROSS JOIN generate_series(1, 2) part
    JOIN grown_departments dep ON dep.rank = 1 + (d.department_rank + part - 2) % 6
    WHERE d.state = 'dispatched' AND d.is_split;

INSERT INTO case_events (case_id, seq, kind, from_state, to_state, party, account_id, body, at)
    SELECT c.id, 1, 'created', NULL, 'assigned', 'resident', c.resident_id, '{}'::jsonb, c.created_at FROM cases c
    WHERE c.number LIKE 'G%'
    UNION ALL
    SELECT c.id, 2, 'accept', 'assigned', 'in_progress', 'member', NULL, '{}', c.created_at + interval '1 day'
    FROM cases c WHERE c.number LIKE 'G%' AND c.event_seq >= 2
    UNION ALL
    SELECT c.id, 3, CASE c.state WHEN 'dispatched' THEN 'dispatch' WHEN 'planned' THEN 'plan'
            WHEN 'awaiting_resident' THEN 'request_information' WHEN 'rejected' THEN 'reject'
            WHEN 'withdrawn' THEN 'withdraw' ELSE 'respond' END,
        'in_progress', CASE WHEN c.state IN ('closed', 'contested') THEN 'responded' ELSE c.state END,
        CASE c.state WHEN 'withdrawn' THEN 'resident' ELSE 'member' END, NULL, '{}', c.created_at + interval '5 days'
    FROM cases c WHERE c.number LIKE 'G%' AND c.event_seq >= 3
    UNION ALL
    SELECT c.id, 4, CASE c.state WHEN 'contested' THEN 'contest' ELSE 'confirm' END, 'responded', c.state, 'resident',
        c.resident_id, '{}', c.created_at + interval '9 days'
    FROM cases c WHERE c.number LIKE 'G%' AND c.event_seq >= 4;

INSERT INTO responses (id, case_id, event_seq, member_id, account_id, text, evidence, template_only, created_at)
    SELECT pg_temp.id_at(c.responded_at, 'response ' || c.number), c.id, 3, c.member_id, NULL,
        '已联系有关单位到现场核实，' || p.said || '本周内处理完毕，处理后会再次回访。', 'visit', false, c.responded_at
    FROM cases c JOIN phrases p ON p.k = length(c.text) % 8
    WHERE c.number LIKE 'G%' AND c.responded_at IS NOT NULL;
-- The members have seen most of their cases.
INSERT INTO case_views (account_id, case_id, seen_seq, seen_at)
    SELECT town.member_account_id, c.id, c.event_seq, now()
    FROM cases c JOIN town ON town.member_id = c.member_id
    WHERE c.number LIKE 'G%' AND c.version + length(c.text) % 4 > 2
    ON CONFLICT DO NOTHING;
COMMIT;
VACUUM ANALYZE;

SELECT c.id, c.number, c.state, c.version, c.station_id, c.member_id, c.category_id, c.stage, c.escalation_level,
    c.outcome, c.respond_by, c.promised_on, c.confirm_by, c.ended_at, c.created_at, c.updated_at, substr(c.text, 1, 80) AS excerpt,
    s.name AS station_name, m.name AS member_name, k.name AS category_name,
    (SELECT e.kind FROM case_events e
        WHERE e.case_id = c.id AND e.seq = c.event_seq AND e.seq > COALESCE(v.seen_seq, 0)
            AND (e.account_id IS NULL OR e.account_id <> :account)) AS unseen_kind
FROM cases c
INNER JOIN stations s ON c.station_id = s.id
LEFT JOIN members m ON c.member_id = m.id
LEFT JOIN categories k ON c.category_id = k.id
LEFT JOIN case_views v ON c.id = v.case_id AND v.account_id = :account
WHERE c.station_id IN (:station)
ORDER BY c.id DESC
LIMIT :limit;

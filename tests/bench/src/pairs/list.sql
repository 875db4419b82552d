SELECT c.id, c.number, c.state, c.version, c.station_id, c.member_id, c.category_id, c.stage, c.escalation_level,
    c.outcome, c.respond_by, c.confirm_by, c.ended_at, c.created_at, c.updated_at, substr(c.text, 1, 80) AS excerpt,
    s.name AS station_name, m.name AS member_name, k.name AS category_name
FROM cases c
INNER JOIN stations s ON c.station_id = s.id
LEFT JOIN members m ON c.member_id = m.id
LEFT JOIN categories k ON c.category_id = k.id
WHERE c.station_id IN (:station)
ORDER BY c.id DESC
LIMIT :limit;

-- The first 50 hazards of a project ($1), as GET /projects/.../hazards/?limit=50 shows them to its owner, in one statement.
WITH
stamp(form) AS (VALUES ('YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
page AS (
    SELECT * FROM hazards WHERE project_id = $1::text::uuid ORDER BY number LIMIT 50
),
rated AS (
    SELECT a.hazard_id, a.stage, a.severity, a.likelihood, a.level, json_build_object(
        'id', a.id, 'severity', a.severity, 'likelihood', a.likelihood, 'level', a.level,
        'recorded_level', a.recorded_level, 'matrix_version', a.matrix_version, 'justification', a.justification,
        'severity_justification', a.severity_justification, 'likelihood_justification', a.likelihood_justification,
        'assessed_by', u.first_name || ' ' || u.last_name,
        'assessed_date', to_char(a.created_date AT TIME ZONE 'UTC', (SELECT form FROM stamp))
    ) AS rating
    FROM page h JOIN risk_assessments a ON a.hazard_id = h.id AND a.superseded_date IS NULL
    LEFT JOIN users u ON u.id = a.assessed_by_id
),
waiting AS (
    SELECT l.hazard_id,
        json_agg(json_build_object('id', c.id, 'description', c.description, 'state', c.state) ORDER BY l.position)
            FILTER (WHERE c.state <> 'verified') AS controls
    FROM page h JOIN hazard_controls l ON l.hazard_id = h.id JOIN controls c ON c.id = l.control_id
    WHERE c.stage = 'additional' AND c.state <> 'withdrawn' GROUP BY l.hazard_id
),
evidenced AS (
    SELECT claimed.hazard_id, json_build_object(
        'level', counts.level, 'severity', counts.severity, 'likelihood', counts.likelihood,
        'falls_back', falls_back, 'waiting_for', coalesce(w.controls, '[]')) AS rating
    FROM rated claimed LEFT JOIN rated first ON first.hazard_id = claimed.hazard_id AND first.stage = 'initial'
    LEFT JOIN waiting w ON w.hazard_id = claimed.hazard_id
    CROSS JOIN LATERAL (SELECT w.hazard_id IS NULL OR w.controls IS NOT NULL AS falls_back) f
    CROSS JOIN LATERAL (
        SELECT first.level, first.severity, first.likelihood
        WHERE falls_back AND coalesce(first.level >= claimed.level, true)
        UNION ALL SELECT claimed.level, claimed.severity, claimed.likelihood
        WHERE NOT (falls_back AND coalesce(first.level >= claimed.level, true))
    ) counts
    WHERE claimed.stage = 'residual'
),
shown AS (
    SELECT h.number, json_build_object(
        'id', h.id, 'number', h.number,
        'reference', 'HAZ-' || lpad(h.number::text, greatest(3, length(h.number::text)), '0'),
        'name', h.name, 'description', h.description, 'effect', h.effect, 'harm', h.harm,
        'causes', coalesce((
            SELECT json_agg(c.description ORDER BY c.position) FROM causes c WHERE c.hazard_id = h.id), '[]'),
        'controls', coalesce((
            SELECT json_agg(json_build_object(
                'id', c.id, 'description', c.description, 'evidence', c.evidence,
                'kind', c.kind, 'preference', c.preference, 'stage', c.stage, 'state', c.state,
                'responsible', c.responsible, 'organisation', c.organisation, 'due_date', c.due_date,
                'brings_hazards', c.brings_hazards,
                'evidence_count', (SELECT count(*) FROM evidence_links e WHERE e.control_id = c.id)) ORDER BY l.position)
            FROM hazard_controls l JOIN controls c ON c.id = l.control_id WHERE l.hazard_id = h.id), '[]'),
        'types', coalesce((
            SELECT json_agg(t.name ORDER BY lower(t.name), t.name) FROM hazard_types t WHERE t.hazard_id = h.id), '[]'),
        'condition', h.condition, 'status', h.status, 'status_justification', h.status_justification,
        'source', h.source, 'owner', h.owner, 'owner_id', h.owner_id,
        'owned_by', (SELECT u.first_name || ' ' || u.last_name FROM users u WHERE u.id = h.owner_id),
        'evidence_count', (SELECT count(*) FROM evidence_links e WHERE e.hazard_id = h.id),
        'recorded_number', h.recorded_number, 'recorded', h.recorded,
        'identified_date', h.identified_date, 'review_date', h.review_date, 'copied_from', h.copied_from,
        'unread_comments', (SELECT count(*) FROM comments c WHERE c.hazard_id = h.id),
        'initial', (SELECT rating FROM rated r WHERE r.hazard_id = h.id AND r.stage = 'initial'),
        'residual', (SELECT rating FROM rated r WHERE r.hazard_id = h.id AND r.stage = 'residual'),
        'residual_evidenced', (SELECT rating FROM evidenced e WHERE e.hazard_id = h.id),
        'version', h.version,
        'created_date', to_char(h.created_date AT TIME ZONE 'UTC', (SELECT form FROM stamp)),
        'updated_date', to_char(h.updated_date AT TIME ZONE 'UTC', (SELECT form FROM stamp)),
        'url', '/projects/' || h.project_id || '/hazards/' || h.id || '/'
    ) AS hazard
    FROM page h
),
counted AS (
    SELECT count(*) AS total FROM hazards WHERE project_id = $1::text::uuid
)
SELECT json_build_object(
    'data', (SELECT json_agg(hazard ORDER BY number) FROM shown),
    'pagination', (SELECT json_build_object(
        'total', total, 'page', 1, 'page_size', 50, 'total_pages', (total + 49) / 50,
        'has_next', total > 50, 'has_prev', false) FROM counted),
    'project', (SELECT json_build_object(
        'id', p.id, 'name', p.name, 'description', p.description, 'standard', p.standard,
        'visibility', p.visibility, 'matrix_version', p.matrix_version, 'role', 'owner',
        'archived_date', p.archived_date, 'version', p.version,
        'created_date', to_char(p.created_date AT TIME ZONE 'UTC', (SELECT form FROM stamp)),
        'updated_date', to_char(p.updated_date AT TIME ZONE 'UTC', (SELECT form FROM stamp)),
        'url', '/projects/' || p.id || '/') FROM projects p WHERE p.id = $1::text::uuid),
    'wanted', json_build_object(
        'page', 1, 'limit', 50, 'search', '', 'status', '[]'::json, 'level', '[]'::json, 'type', NULL, 'owner', NULL,
        'owner_id', NULL, 'severity', NULL, 'likelihood', NULL, 'stage', NULL, 'unassessed', NULL, 'stale', NULL,
        'evidence_missing', NULL, 'overdue', NULL, 'review_overdue', NULL, 'sort', 'number'),
    'owners', (SELECT json_agg(owner ORDER BY lower(owner), owner) FROM (
        SELECT DISTINCT owner FROM hazards WHERE project_id = $1::text::uuid AND owner <> '') o),
    'types', (SELECT json_agg(name ORDER BY lower(name), name) FROM (
        SELECT DISTINCT t.name FROM hazard_types t JOIN hazards h ON h.id = t.hazard_id
        WHERE h.project_id = $1::text::uuid) n),
    'members', (SELECT coalesce(json_agg(json_build_object('id', id, 'name', first_name || ' ' || last_name)), '[]')
        FROM users WHERE id IN (SELECT owner_id FROM hazards WHERE project_id = $1::text::uuid))
)::text

-- Views for people and pages, made again whenever this file differs from what the database has (views.py).
-- Filter each view by the columns marked * : those reach an index. Instants and days as in schema.sql.
--
-- status_counts      report_year*, status, obligations
-- division_counts    report_year*, province (two digits), kind, status, obligations
-- report_years       report_year, obligations: the years to choose from
-- body_directory     body_id*, name, kind, level, division*, division_name, parent, parent_name, exists_from, exists_to,
--                    successor, note, watch_from, active, columns
-- body_years         body_id*, name, kind, level, division, report_year*, status*, clause, due_on, days_late, basis, published_on, stated_on,
--                    published_after, published_by, certain, duty_id, duty_basis_zh, duty_basis_en, duty_source, explanation_zh,
--                    explanation_en, since, judged_at, report_id (judged, or newest; NULL if none read), versions, open_findings
-- report_pages       report_id*, body_id*, body_name, report_year, version, versions, part, publisher, title, printed_year,
--                    published_on, published_on_source, forms, attribution, is_report, first_seen_at, read_at, preamble, document_id,
--                    url, sha256, content_type, list_title, list_day, last_seen_at, gone_at, gone_status, column_id
--                    (body_id, body_name and report_year are NULL where nobody knows whose it is)
-- report_tables      report_id*, form, table_name*, row_position, row, row_label, row_group, unit, column_position, column,
--                    column_label, column_group, value, raw, state (number | blank | placeholder | unreadable | absent), confidence:
--                    every cell the form prints; ORDER BY table_name, row_position, column_position
-- figures            report_id*, table_name, row, column, value: every figure read, long (value NULL: not a number; see cells)
-- marked_cells       body_id*, cell_year*, finding_id, family, severity, message_zh, message_en, table_name, row, column, raw, value:
--                    cells that open findings of published rules rest on
-- marked_passages    body_id*, report_year*, finding_id, family, severity, section, start, end, text
-- open_findings      finding_id*, rule, rule_version, rule_title_zh, rule_title_en, family*, severity, body_id*, body_name, division,
--                    kind, report_year*, report_id, document, message_zh, message_en, formula, cells, passages, opened_at,
--                    verdict, verdict_author, verdict_reason, verdict_at, verdict_stands (1: for these very values)
-- all_findings       the same columns and: outcome, reason, responsibility, closed_at, state (on | shadow)
-- finding_counts     report_year*, family, severity, findings: open ones
-- dismissed_findings finding_id: what a person dismissed, for these very values: listed with that word, neither counted nor marked
-- check_totals       body_id*, report_year*, outcome, checks
-- look_log           look_id*, column_id*, column_title, column_url, family, verified, started_at, finished_at, day*, result,
--                    complete, detail, pages_expected, pages_read, entries, gone, requests, bytes, run_id
-- body_looks         body_id* and every column of look_log
-- obligation_looks   body_id*, report_year*, position, look_id, column_id, column_title, column_url, at, sight, reason, control,
--                    result, carries (1: the verdict rests on it): how a status was reached
-- listed_entries     look_id*, column_id, position, url, title, list_day
-- report_versions    body_id*, report_year*, version, report_id, fingerprint, url, sha256, first_seen_at, last_seen_at
-- latest_changes     of published rules: event_id*, kind, family, body_id*, body_name, division, report_year, old, new, effective_at, detected_at*,
--                    severity, alert, message_zh, message_en, finding_id: ORDER BY detected_at DESC, event_id DESC
-- unassigned_reports report_id, document_id, url, sha256, list_title, title, publisher, printed_year, body_id, report_year,
--                    attribution, first_seen_at: a report whose body or year a person has to say
-- problem_log        report_id*, body_id, report_year, position, code, message, place, responsibility
-- rule_directory     rule*, version, family, severity, title_zh, title_en, basis_zh, basis_en, formula, state, open, confirmed, dismissed, disputed
-- run_log            run_id, job*, due_at, started_at, finished_at, outcome, detail
-- delivery_states    state, deliveries (who subscribes, and where, is in no view)
-- Search: SELECT rowid / 4096 AS report_id, rowid % 4096 AS position FROM section_search WHERE section_search MATCH :phrase
-- ORDER BY rank; the phrase prepared as db/search.py says; heading and text from `sections`.

CREATE VIEW dismissed_findings AS
SELECT v.finding_id FROM verdicts v JOIN findings f ON f.id = v.finding_id AND f.input_hash = v.input_hash
WHERE v.verdict = 'dismiss' AND v.id = (SELECT w.id FROM verdicts w WHERE w.finding_id = v.finding_id
  ORDER BY w.at DESC, w.id DESC LIMIT 1);

CREATE VIEW status_counts AS
SELECT report_year, status, count(*) AS obligations FROM obligations GROUP BY report_year, status;

CREATE VIEW division_counts AS
SELECT o.report_year, substr(b.division, 1, 2) AS province, b.kind, o.status, count(*) AS obligations
FROM obligations o JOIN bodies b ON b.id = o.body_id GROUP BY o.report_year, province, b.kind, o.status;

CREATE VIEW report_years AS
SELECT report_year, count(*) AS obligations FROM obligations GROUP BY report_year;

CREATE VIEW body_directory AS
SELECT b.id AS body_id, b.name, b.kind, b.level, b.division, d.name AS division_name, b.parent,
  p.name AS parent_name, b.exists_from, b.exists_to, b.successor, b.note, b.watch_from, b.active,
  (SELECT count(*) FROM column_bodies cb WHERE cb.body_id = b.id) AS columns
FROM bodies b LEFT JOIN divisions d ON d.code = b.division LEFT JOIN bodies p ON p.id = b.parent;

CREATE VIEW body_years AS
SELECT o.body_id, b.name, b.kind, b.level, b.division, o.report_year, o.status, o.clause, o.due_on,
  o.days_late, o.basis, o.published_on, o.stated_on, o.published_after, o.published_by, o.certain, o.duty_id, u.basis_zh AS duty_basis_zh,
  u.basis_en AS duty_basis_en, u.source AS duty_source, o.explanation_zh, o.explanation_en, o.since, o.judged_at,
  coalesce(o.report_id, (SELECT v.id FROM reports v WHERE v.body_id = o.body_id AND v.report_year = o.report_year
    AND v.is_report = 1 ORDER BY v.version DESC, v.id LIMIT 1)) AS report_id,
  (SELECT coalesce(max(v.version), 0) FROM reports v
    WHERE v.body_id = o.body_id AND v.report_year = o.report_year AND v.is_report = 1) AS versions,
  (SELECT count(*) FROM findings f WHERE f.body_id = o.body_id AND f.report_year = o.report_year AND f.outcome = 'fail'
    AND f.closed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM rules s WHERE s.id = f.rule AND s.state <> 'on')
  AND NOT EXISTS (SELECT 1 FROM dismissed_findings d WHERE d.finding_id = f.id)) AS open_findings
FROM obligations o JOIN bodies b ON b.id = o.body_id LEFT JOIN duties u ON u.id = o.duty_id;

CREATE VIEW report_pages AS
SELECT r.id AS report_id, r.body_id, b.name AS body_name, r.report_year, r.version,
  (SELECT max(v.version) FROM reports v WHERE v.body_id = r.body_id AND v.report_year = r.report_year AND v.is_report = 1) AS versions,
  r.part, r.publisher, r.title, r.printed_year, r.published_on, r.published_on_source, r.forms, r.attribution, r.is_report,
  r.first_seen_at, r.read_at, r.preamble, r.document_id, d.url, d.sha256, d.content_type, d.list_title, d.list_day, d.last_seen_at,
  a.gone_at, a.gone_status, d.column_id
FROM reports r JOIN documents d ON d.id = r.document_id LEFT JOIN bodies b ON b.id = r.body_id
LEFT JOIN addresses a ON a.url = d.url;

CREATE VIEW report_tables AS
SELECT r.id AS report_id, fr.form, fr.table_name, fr.position AS row_position, fr.row,
  fr.label AS row_label, fr.group_label AS row_group, fr.unit, fc.position AS column_position, fc."column",
  fc.label AS column_label, fc.group_label AS column_group, CASE fr.table_name WHEN 'proactive' THEN (SELECT CASE fc."column"
    WHEN 'made' THEN made WHEN 'newly_disclosed' THEN newly_disclosed WHEN 'total_disclosed' THEN total_disclosed
    WHEN 'issued' THEN issued WHEN 'repealed' THEN repealed WHEN 'in_force' THEN in_force
    WHEN 'items_last_year' THEN items_last_year WHEN 'change' THEN change WHEN 'decisions' THEN decisions
    WHEN 'projects' THEN projects WHEN 'amount_10k_yuan' THEN amount_10k_yuan END FROM proactive t WHERE t.report_id = r.id
    AND t.row = fr.row) WHEN 'requests' THEN (SELECT CASE fc."column" WHEN 'natural_person' THEN natural_person
    WHEN 'enterprise' THEN enterprise WHEN 'research_institution' THEN research_institution
    WHEN 'public_interest_organization' THEN public_interest_organization WHEN 'legal_service' THEN legal_service
    WHEN 'other_organization' THEN other_organization WHEN 'total' THEN total END FROM requests t WHERE t.report_id = r.id
    AND t.row = fr.row) WHEN 'disputes' THEN (SELECT CASE fc."column" WHEN 'upheld' THEN upheld WHEN 'corrected' THEN corrected
    WHEN 'other' THEN other WHEN 'pending' THEN pending WHEN 'total' THEN total END FROM disputes t WHERE t.report_id = r.id
    AND t.proceeding = fr.row) WHEN 'indicators' THEN (SELECT CASE fc."column"
    WHEN 'value' THEN value END FROM indicators t WHERE t.report_id = r.id AND t.code = fr.row) END AS value,
  coalesce(c.raw, CAST(CASE fr.table_name WHEN 'proactive' THEN (SELECT CASE fc."column" WHEN 'made' THEN made
    WHEN 'newly_disclosed' THEN newly_disclosed WHEN 'total_disclosed' THEN total_disclosed WHEN 'issued' THEN issued
    WHEN 'repealed' THEN repealed WHEN 'in_force' THEN in_force WHEN 'items_last_year' THEN items_last_year
    WHEN 'change' THEN change WHEN 'decisions' THEN decisions WHEN 'projects' THEN projects
    WHEN 'amount_10k_yuan' THEN amount_10k_yuan END FROM proactive t WHERE t.report_id = r.id AND t.row = fr.row)
    WHEN 'requests' THEN (SELECT CASE fc."column" WHEN 'natural_person' THEN natural_person WHEN 'enterprise' THEN enterprise
    WHEN 'research_institution' THEN research_institution WHEN 'public_interest_organization' THEN public_interest_organization
    WHEN 'legal_service' THEN legal_service WHEN 'other_organization' THEN other_organization
    WHEN 'total' THEN total END FROM requests t WHERE t.report_id = r.id AND t.row = fr.row)
    WHEN 'disputes' THEN (SELECT CASE fc."column" WHEN 'upheld' THEN upheld WHEN 'corrected' THEN corrected
    WHEN 'other' THEN other WHEN 'pending' THEN pending WHEN 'total' THEN total END FROM disputes t WHERE t.report_id = r.id
    AND t.proceeding = fr.row) WHEN 'indicators' THEN (SELECT CASE fc."column"
    WHEN 'value' THEN value END FROM indicators t WHERE t.report_id = r.id AND t.code = fr.row) END AS TEXT), '') AS raw,
  coalesce(c.state, CASE WHEN CASE fr.table_name WHEN 'proactive' THEN (SELECT CASE fc."column" WHEN 'made' THEN made
    WHEN 'newly_disclosed' THEN newly_disclosed WHEN 'total_disclosed' THEN total_disclosed WHEN 'issued' THEN issued
    WHEN 'repealed' THEN repealed WHEN 'in_force' THEN in_force WHEN 'items_last_year' THEN items_last_year
    WHEN 'change' THEN change WHEN 'decisions' THEN decisions WHEN 'projects' THEN projects
    WHEN 'amount_10k_yuan' THEN amount_10k_yuan END FROM proactive t WHERE t.report_id = r.id AND t.row = fr.row)
    WHEN 'requests' THEN (SELECT CASE fc."column" WHEN 'natural_person' THEN natural_person WHEN 'enterprise' THEN enterprise
    WHEN 'research_institution' THEN research_institution WHEN 'public_interest_organization' THEN public_interest_organization
    WHEN 'legal_service' THEN legal_service WHEN 'other_organization' THEN other_organization
    WHEN 'total' THEN total END FROM requests t WHERE t.report_id = r.id AND t.row = fr.row)
    WHEN 'disputes' THEN (SELECT CASE fc."column" WHEN 'upheld' THEN upheld WHEN 'corrected' THEN corrected
    WHEN 'other' THEN other WHEN 'pending' THEN pending WHEN 'total' THEN total END FROM disputes t WHERE t.report_id = r.id
    AND t.proceeding = fr.row) WHEN 'indicators' THEN (SELECT CASE fc."column"
    WHEN 'value' THEN value END FROM indicators t WHERE t.report_id = r.id
    AND t.code = fr.row) END IS NULL THEN 'absent' ELSE 'number' END) AS state,
  coalesce(c.confidence, 1.0) AS confidence
FROM reports r JOIN json_each(r.forms) j JOIN form_rows fr ON fr.form = j.value AND fr.table_name = j.key
JOIN form_columns fc ON fc.form = fr.form AND fc.table_name = fr.table_name AND fc.row = CASE WHEN EXISTS (
    SELECT 1 FROM form_columns x WHERE x.form = fr.form AND x.table_name = fr.table_name AND x.row = fr.row
  ) THEN fr.row ELSE '' END
LEFT JOIN cells c ON c.report_id = r.id AND c.table_name = fr.table_name AND c.row = fr.row AND c."column" = fc."column";

CREATE VIEW figures AS
SELECT report_id, 'proactive' AS table_name, row AS row, 'made' AS "column", made AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'newly_disclosed' AS "column",
  newly_disclosed AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'total_disclosed' AS "column",
  total_disclosed AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'issued' AS "column", issued AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'repealed' AS "column", repealed AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'in_force' AS "column", in_force AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'items_last_year' AS "column",
  items_last_year AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'change' AS "column", change AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'decisions' AS "column", decisions AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'projects' AS "column", projects AS value FROM proactive
UNION ALL SELECT report_id, 'proactive' AS table_name, row AS row, 'amount_10k_yuan' AS "column",
  amount_10k_yuan AS value FROM proactive
UNION ALL SELECT report_id, 'requests' AS table_name, row AS row, 'natural_person' AS "column", natural_person AS value FROM requests
UNION ALL SELECT report_id, 'requests' AS table_name, row AS row, 'enterprise' AS "column", enterprise AS value FROM requests
UNION ALL SELECT report_id, 'requests' AS table_name, row AS row, 'research_institution' AS "column",
  research_institution AS value FROM requests
UNION ALL SELECT report_id, 'requests' AS table_name, row AS row, 'public_interest_organization' AS "column",
  public_interest_organization AS value FROM requests
UNION ALL SELECT report_id, 'requests' AS table_name, row AS row, 'legal_service' AS "column", legal_service AS value FROM requests
UNION ALL SELECT report_id, 'requests' AS table_name, row AS row, 'other_organization' AS "column",
  other_organization AS value FROM requests
UNION ALL SELECT report_id, 'requests' AS table_name, row AS row, 'total' AS "column", total AS value FROM requests
UNION ALL SELECT report_id, 'disputes' AS table_name, proceeding AS row, 'upheld' AS "column", upheld AS value FROM disputes
UNION ALL SELECT report_id, 'disputes' AS table_name, proceeding AS row, 'corrected' AS "column", corrected AS value FROM disputes
UNION ALL SELECT report_id, 'disputes' AS table_name, proceeding AS row, 'other' AS "column", other AS value FROM disputes
UNION ALL SELECT report_id, 'disputes' AS table_name, proceeding AS row, 'pending' AS "column", pending AS value FROM disputes
UNION ALL SELECT report_id, 'disputes' AS table_name, proceeding AS row, 'total' AS "column", total AS value FROM disputes
UNION ALL SELECT report_id, 'indicators' AS table_name, code AS row, 'value' AS "column", value AS value FROM indicators;

CREATE VIEW marked_cells AS
SELECT f.body_id, coalesce(j.value ->> 'report_year', f.report_year) AS cell_year, f.id AS finding_id,
  f.family, f.severity, f.message_zh, f.message_en, j.value ->> 'table' AS table_name, j.value ->> 'row' AS row,
  j.value ->> 'column' AS "column", j.value ->> 'raw' AS raw, j.value ->> 'value' AS value
FROM findings f JOIN json_each(f.cells) j WHERE f.outcome = 'fail' AND f.closed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM rules s WHERE s.id = f.rule AND s.state <> 'on')
  AND NOT EXISTS (SELECT 1 FROM dismissed_findings d WHERE d.finding_id = f.id);

CREATE VIEW marked_passages AS
SELECT f.body_id, f.report_year, f.id AS finding_id, f.family, f.severity,
  j.value ->> 'section' AS section, j.value ->> 'start' AS start, j.value ->> 'end' AS "end", j.value ->> 'text' AS text
FROM findings f JOIN json_each(f.passages) j WHERE f.outcome = 'fail' AND f.closed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM rules s WHERE s.id = f.rule AND s.state <> 'on')
  AND NOT EXISTS (SELECT 1 FROM dismissed_findings d WHERE d.finding_id = f.id);

CREATE VIEW open_findings AS
SELECT f.id AS finding_id, f.rule, f.rule_version, u.title_zh AS rule_title_zh, u.title_en AS rule_title_en,
  f.family, f.severity, f.body_id, b.name AS body_name, b.division, b.kind, f.report_year, f.report_id, f.document,
  f.message_zh, f.message_en, f.formula, f.cells, f.passages, f.opened_at,
  v.verdict, v.author AS verdict_author, v.reason AS verdict_reason, v.at AS verdict_at,
  v.input_hash = f.input_hash AS verdict_stands
FROM findings f JOIN bodies b ON b.id = f.body_id LEFT JOIN rules u ON u.id = f.rule
LEFT JOIN verdicts v ON v.id = (SELECT w.id FROM verdicts w WHERE w.finding_id = f.id ORDER BY w.at DESC,
  w.id DESC LIMIT 1) WHERE f.outcome = 'fail' AND f.closed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM rules s WHERE s.id = f.rule AND s.state <> 'on');

CREATE VIEW all_findings AS
SELECT f.id AS finding_id, f.rule, f.rule_version, u.title_zh AS rule_title_zh, u.title_en AS rule_title_en,
  f.family, f.severity, f.body_id, b.name AS body_name, b.division, b.kind, f.report_year, f.report_id, f.document,
  f.message_zh, f.message_en, f.formula, f.cells, f.passages, f.opened_at,
  v.verdict, v.author AS verdict_author, v.reason AS verdict_reason, v.at AS verdict_at,
  v.input_hash = f.input_hash AS verdict_stands, f.outcome, f.reason, f.responsibility,
    f.closed_at, coalesce(u.state, 'on') AS state
FROM findings f JOIN bodies b ON b.id = f.body_id LEFT JOIN rules u ON u.id = f.rule
LEFT JOIN verdicts v ON v.id = (SELECT w.id FROM verdicts w WHERE w.finding_id = f.id ORDER BY w.at DESC, w.id DESC LIMIT 1);

CREATE VIEW finding_counts AS
SELECT f.report_year, f.family, f.severity, count(*) AS findings FROM findings f WHERE f.outcome = 'fail' AND f.closed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM rules s WHERE s.id = f.rule AND s.state <> 'on')
  AND NOT EXISTS (SELECT 1 FROM dismissed_findings d WHERE d.finding_id = f.id)
GROUP BY f.report_year, f.family, f.severity;

CREATE VIEW check_totals AS
SELECT body_id, report_year, outcome, sum(checks) AS checks FROM check_counts
GROUP BY body_id, report_year, outcome;

CREATE VIEW look_log AS
SELECT l.id AS look_id, l.column_id, c.title AS column_title, c.url AS column_url, c.family, c.verified, l.started_at,
  l.finished_at, l.day, l.result, l.result = 'complete' AS complete, l.detail, l.pages_expected, l.pages_read, l.entries,
  (SELECT count(*) FROM look_gone g WHERE g.look_id = l.id) AS gone, l.requests, l.bytes,
    l.run_id FROM looks l JOIN columns c ON c.id = l.column_id;

CREATE VIEW body_looks AS
SELECT cb.body_id, l.id AS look_id, l.column_id, c.title AS column_title, c.url AS column_url, c.family, c.verified, l.started_at,
  l.finished_at, l.day, l.result, l.result = 'complete' AS complete, l.detail, l.pages_expected, l.pages_read, l.entries,
  (SELECT count(*) FROM look_gone g WHERE g.look_id = l.id) AS gone, l.requests, l.bytes,
    l.run_id FROM column_bodies cb JOIN columns c ON c.id = cb.column_id
JOIN looks l ON l.column_id = cb.column_id;

CREATE VIEW obligation_looks AS
SELECT o.body_id, o.report_year, j.key AS position, j.value ->> 'look' AS look_id,
  j.value ->> 'column' AS column_id, c.title AS column_title, c.url AS column_url, j.value ->> 'at' AS at,
  j.value ->> 'sight' AS sight, j.value ->> 'reason' AS reason, j.value ->> 'control' AS control, l.result,
  EXISTS (SELECT 1 FROM json_each(o.looks) k WHERE k.value = j.value ->> 'look') AS carries
FROM obligations o JOIN json_each(o.observations) j LEFT JOIN looks l ON l.id = j.value ->> 'look'
LEFT JOIN columns c ON c.id = j.value ->> 'column';

CREATE VIEW listed_entries AS
SELECT l.id AS look_id, l.column_id, x.position, e.url, e.title, e.list_day
FROM looks l JOIN listing_entries x ON x.listing = l.listing JOIN entries e ON e.id = x.entry_id;

CREATE VIEW report_versions AS
SELECT r.body_id, r.report_year, r.version, r.id AS report_id, r.fingerprint, d.url, d.sha256,
  r.first_seen_at, d.last_seen_at FROM reports r JOIN documents d ON d.id = r.document_id WHERE r.is_report = 1;

CREATE VIEW latest_changes AS
SELECT e.id AS event_id, e.kind, e.family, e.body_id, b.name AS body_name, b.division, e.report_year,
  e.old, e.new, e.effective_at, e.detected_at, e.severity, e.alert, e.message_zh, e.message_en, e.finding_id
FROM events e JOIN bodies b ON b.id = e.body_id
WHERE NOT EXISTS (SELECT 1 FROM findings f JOIN rules s ON s.id = f.rule WHERE f.id = e.finding_id AND s.state <> 'on');

CREATE VIEW unassigned_reports AS
SELECT r.id AS report_id, r.document_id, d.url, d.sha256, d.list_title, r.title, r.publisher,
  r.printed_year, r.body_id, r.report_year, r.attribution, r.first_seen_at
FROM reports r JOIN documents d ON d.id = r.document_id WHERE r.is_report = 1 AND (r.body_id IS NULL OR r.report_year IS NULL);

CREATE VIEW problem_log AS
SELECT p.report_id, r.body_id, r.report_year, p.position, p.code, p.message, p.place, p.responsibility
FROM problems p JOIN reports r ON r.id = p.report_id;

CREATE VIEW rule_directory AS
SELECT u.id AS rule, u.version, u.family, u.severity, u.title_zh, u.title_en, u.basis_zh, u.basis_en, u.formula, u.state,
  (SELECT count(*) FROM findings f WHERE f.rule = u.id AND f.outcome = 'fail' AND f.closed_at IS NULL) AS open,
  count(CASE v.verdict WHEN 'confirm' THEN 1 END) AS confirmed, count(CASE v.verdict WHEN 'dismiss' THEN 1 END) AS dismissed,
  count(CASE v.verdict WHEN 'dispute' THEN 1 END) AS disputed
FROM rules u LEFT JOIN (SELECT w.verdict, w.rule_version, f.rule FROM verdicts w JOIN findings f ON f.id = w.finding_id
    WHERE w.id = (SELECT n.id FROM verdicts n WHERE n.finding_id = w.finding_id ORDER BY n.at DESC, n.id DESC LIMIT 1)) v
  ON v.rule = u.id AND v.rule_version = u.version GROUP BY u.id;

CREATE VIEW run_log AS
SELECT id AS run_id, job, due_at, started_at, finished_at, outcome, detail FROM runs;

CREATE VIEW delivery_states AS
SELECT state, count(*) AS deliveries FROM deliveries GROUP BY state;

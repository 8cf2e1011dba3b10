-- The database as the first migration makes it. Instants are TEXT "YYYY-MM-DDTHH:MM:SSZ", days TEXT "YYYY-MM-DD"
-- (Asia/Shanghai), flags INTEGER 0/1, lists JSON TEXT. Amounts that are not whole numbers keep their exact text in `cells`.

-- this database --------------------------------------------------------------------------------------------------
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;  -- versions of views, forms, search, registry

-- the registry as it was last loaded -----------------------------------------------------------------------------
CREATE TABLE divisions (code TEXT PRIMARY KEY, name TEXT NOT NULL, parent TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE bodies (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, aliases TEXT NOT NULL DEFAULT '[]', kind TEXT NOT NULL, level TEXT NOT NULL,
  division TEXT NOT NULL, parent TEXT REFERENCES bodies(id) DEFERRABLE INITIALLY DEFERRED,
  exists_from TEXT, exists_to TEXT, successor TEXT, note TEXT NOT NULL DEFAULT '',
  watch_from INTEGER,                     -- first report year that falls due after our first complete look; NULL: none yet
  active INTEGER NOT NULL DEFAULT 1       -- 0: no longer in the registry; its history stays
) STRICT;
CREATE INDEX bodies_by_division ON bodies(division);
CREATE TABLE columns (
  id TEXT PRIMARY KEY, url TEXT NOT NULL, title TEXT NOT NULL DEFAULT '', family TEXT NOT NULL, verified TEXT NOT NULL,
  basis TEXT NOT NULL, years_from INTEGER, years_to INTEGER, delay_seconds REAL, interval_days INTEGER,
  attachment_hosts TEXT NOT NULL DEFAULT '[]', javascript INTEGER NOT NULL DEFAULT 0, legacy_tls INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE column_bodies (
  column_id TEXT NOT NULL REFERENCES columns(id), body_id TEXT NOT NULL REFERENCES bodies(id),
  PRIMARY KEY (column_id, body_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX column_bodies_by_body ON column_bodies(body_id);
CREATE TABLE duties (
  id TEXT PRIMARY KEY, kinds TEXT NOT NULL, bodies TEXT NOT NULL, divisions TEXT NOT NULL, years_from INTEGER NOT NULL,
  years_to INTEGER, due TEXT NOT NULL, certainty TEXT NOT NULL, basis_zh TEXT NOT NULL, basis_en TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE exemptions (
  body_id TEXT NOT NULL REFERENCES bodies(id), report_year INTEGER NOT NULL, reason TEXT NOT NULL, source TEXT NOT NULL,
  PRIMARY KEY (body_id, report_year)
) STRICT;

-- the forms, so that the site prints tables as the form does ------------------------------------------------------
CREATE TABLE form_rows (
  form TEXT NOT NULL, table_name TEXT NOT NULL, position INTEGER NOT NULL, row TEXT NOT NULL, label TEXT NOT NULL,
  group_label TEXT NOT NULL DEFAULT '', unit TEXT NOT NULL DEFAULT '', PRIMARY KEY (form, table_name, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE form_columns (
  form TEXT NOT NULL, table_name TEXT NOT NULL, row TEXT NOT NULL DEFAULT '',  -- row: '' for all rows, else that row only
  position INTEGER NOT NULL, column TEXT NOT NULL, label TEXT NOT NULL, group_label TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (form, table_name, row, position)
) STRICT, WITHOUT ROWID;

-- jobs -------------------------------------------------------------------------------------------------------------
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, job TEXT NOT NULL, due_at TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
  outcome TEXT, detail TEXT NOT NULL DEFAULT '{}'      -- outcome: ok | failed | interrupted; NULL while it runs
) STRICT;
CREATE INDEX runs_by_job ON runs(job, started_at);

-- looks ------------------------------------------------------------------------------------------------------------
CREATE TABLE listings (hash TEXT PRIMARY KEY, entries INTEGER NOT NULL) STRICT, WITHOUT ROWID;  -- one content of a list
CREATE TABLE entries (
  id INTEGER PRIMARY KEY, column_id TEXT NOT NULL REFERENCES columns(id), url TEXT NOT NULL, title TEXT NOT NULL,
  list_day TEXT NOT NULL DEFAULT '', UNIQUE (column_id, url, title, list_day)
) STRICT;
CREATE INDEX entries_by_url ON entries(url);
CREATE TABLE listing_entries (
  listing TEXT NOT NULL REFERENCES listings(hash), position INTEGER NOT NULL, entry_id INTEGER NOT NULL REFERENCES entries(id),
  PRIMARY KEY (listing, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX listing_entries_by_entry ON listing_entries(entry_id);
CREATE TABLE looks (
  id INTEGER PRIMARY KEY, column_id TEXT NOT NULL REFERENCES columns(id), run_id INTEGER REFERENCES runs(id),
  started_at TEXT NOT NULL, finished_at TEXT NOT NULL, day TEXT NOT NULL, result TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '',
  pages_expected INTEGER, pages_read INTEGER NOT NULL DEFAULT 0, listing TEXT REFERENCES listings(hash),
  entries INTEGER NOT NULL DEFAULT 0, requests INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
  UNIQUE (column_id, started_at)
) STRICT;
CREATE INDEX looks_by_day ON looks(day);
CREATE INDEX looks_by_listing ON looks(listing);
CREATE INDEX looks_by_result ON looks(column_id, result, started_at);
CREATE TABLE look_gone (
  look_id INTEGER NOT NULL REFERENCES looks(id), url TEXT NOT NULL, status INTEGER, PRIMARY KEY (look_id, url)
) STRICT, WITHOUT ROWID;

-- what was fetched -------------------------------------------------------------------------------------------------
CREATE TABLE documents (               -- distinct (address, content) of articles and attachments; bytes are in archive/
  id INTEGER PRIMARY KEY, url TEXT NOT NULL, sha256 TEXT NOT NULL, content_type TEXT NOT NULL DEFAULT '',
  bytes INTEGER NOT NULL, purpose TEXT NOT NULL, column_id TEXT REFERENCES columns(id), parent_id INTEGER REFERENCES documents(id),
  list_title TEXT NOT NULL DEFAULT '', list_day TEXT, server_day TEXT, first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL,
  read_by TEXT,                        -- parser version that read it; NULL: not read yet
  UNIQUE (url, sha256)
) STRICT;
CREATE INDEX documents_unread ON documents(read_by, id);
CREATE INDEX documents_by_content ON documents(sha256);
CREATE INDEX documents_by_column ON documents(column_id);
CREATE TABLE addresses (               -- what is known of one address now: validators, last answer, gone since
  url TEXT PRIMARY KEY, column_id TEXT REFERENCES columns(id), last_at TEXT NOT NULL, last_status INTEGER,
  last_ok_at TEXT, gone_at TEXT, gone_status INTEGER, etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '',
  sha256 TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_by_column ON addresses(column_id);
CREATE TABLE fetches (
  id INTEGER PRIMARY KEY, column_id TEXT NOT NULL REFERENCES columns(id), look_id INTEGER REFERENCES looks(id), url TEXT NOT NULL,
  final_url TEXT NOT NULL DEFAULT '', at TEXT NOT NULL, purpose TEXT NOT NULL, status INTEGER, error TEXT NOT NULL DEFAULT '',
  bytes INTEGER NOT NULL DEFAULT 0, sha256 TEXT NOT NULL DEFAULT '', warc_file TEXT NOT NULL DEFAULT '', warc_offset INTEGER
) STRICT;
CREATE INDEX fetches_by_look ON fetches(look_id);
CREATE INDEX fetches_by_url ON fetches(url, at);

-- reports ----------------------------------------------------------------------------------------------------------
CREATE TABLE reports (
  id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL REFERENCES documents(id), part TEXT NOT NULL DEFAULT '',
  body_id TEXT REFERENCES bodies(id), report_year INTEGER, attribution TEXT NOT NULL DEFAULT '',  -- why this body and year, or why none
  publisher TEXT, title TEXT, printed_year INTEGER, published_on TEXT, published_on_source TEXT, forms TEXT NOT NULL DEFAULT '{}',
  fingerprint TEXT NOT NULL,            -- hash of figures and texts: equal fingerprints are one version
  version INTEGER NOT NULL DEFAULT 1,   -- of (body, report year), by first sighting of a fingerprint
  is_report INTEGER NOT NULL DEFAULT 1, first_seen_at TEXT NOT NULL, read_at TEXT NOT NULL, preamble TEXT NOT NULL DEFAULT '',
  UNIQUE (document_id, part)
) STRICT;
CREATE INDEX reports_by_body ON reports(body_id, report_year, version);
CREATE TABLE report_candidates (        -- all that an undecided report could be: undecidable until a person assigns it
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, body_id TEXT NOT NULL REFERENCES bodies(id),
  report_year INTEGER NOT NULL, PRIMARY KEY (report_id, body_id, report_year)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_candidates_by_body ON report_candidates(body_id, report_year);
CREATE TABLE report_days (
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, position INTEGER NOT NULL, day TEXT NOT NULL, source TEXT NOT NULL,
  label TEXT NOT NULL, raw TEXT NOT NULL, publication INTEGER NOT NULL,
  host TEXT NOT NULL DEFAULT '', report_year INTEGER,    -- of the report, so that days shared by years of one host are found at once
  PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_days_shared ON report_days(host, day, report_year) WHERE publication = 1;
CREATE TABLE proactive (
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, row TEXT NOT NULL, made ANY, newly_disclosed ANY, total_disclosed ANY,
  issued ANY, repealed ANY, in_force ANY, items_last_year ANY, change ANY, decisions ANY, projects ANY, amount_10k_yuan ANY,
  PRIMARY KEY (report_id, row)
) STRICT, WITHOUT ROWID;
CREATE TABLE requests (
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, row TEXT NOT NULL, natural_person ANY, enterprise ANY,
  research_institution ANY, public_interest_organization ANY, legal_service ANY, other_organization ANY, total ANY,
  PRIMARY KEY (report_id, row)
) STRICT, WITHOUT ROWID;
CREATE TABLE disputes (
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, proceeding TEXT NOT NULL, upheld ANY, corrected ANY, other ANY,
  pending ANY, total ANY, PRIMARY KEY (report_id, proceeding)
) STRICT, WITHOUT ROWID;
CREATE TABLE indicators (
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, code TEXT NOT NULL, value ANY, PRIMARY KEY (report_id, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE cells (                    -- only where the raw text is not just the plain number
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, table_name TEXT NOT NULL, row TEXT NOT NULL, column TEXT NOT NULL,
  raw TEXT NOT NULL, value TEXT, state TEXT NOT NULL, confidence REAL NOT NULL, place TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (report_id, table_name, row, column)
) STRICT, WITHOUT ROWID;
CREATE TABLE sections (
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, position INTEGER NOT NULL, number INTEGER, heading TEXT NOT NULL,
  text TEXT NOT NULL, PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;
-- rowid = report_id * 4096 + position of the section; text NFKC with a blank around each CJK character (db/search.py)
CREATE VIRTUAL TABLE section_search USING fts5(heading, text, content='', tokenize='unicode61');
CREATE TABLE statements (
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, position INTEGER NOT NULL, what TEXT NOT NULL, value ANY, unit TEXT NOT NULL,
  of TEXT, qualifier TEXT NOT NULL, year INTEGER, scope TEXT NOT NULL, section INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  sentence TEXT NOT NULL, PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE problems (
  report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, position INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL,
  place TEXT NOT NULL, responsibility TEXT NOT NULL, PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE assignments (              -- a person says whose and which year's an address is; NULL body: no report at all
  url TEXT PRIMARY KEY, body_id TEXT REFERENCES bodies(id), report_year INTEGER, author TEXT NOT NULL, reason TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '', at TEXT NOT NULL
) STRICT;

-- judgements -------------------------------------------------------------------------------------------------------
CREATE TABLE rules (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, family TEXT NOT NULL, severity TEXT NOT NULL, title_zh TEXT NOT NULL,
  title_en TEXT NOT NULL, basis TEXT NOT NULL, formula TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'on'   -- on | shadow
) STRICT;
CREATE TABLE obligations (
  body_id TEXT NOT NULL REFERENCES bodies(id), report_year INTEGER NOT NULL, status TEXT NOT NULL, clause TEXT NOT NULL, due_on TEXT,
  days_late INTEGER, basis TEXT, published_on TEXT, published_after TEXT, published_by TEXT, duty_id TEXT, certain INTEGER NOT NULL,
  looks TEXT NOT NULL DEFAULT '[]', observations TEXT NOT NULL DEFAULT '[]', explanation_zh TEXT NOT NULL, explanation_en TEXT NOT NULL,
  stated_on TEXT, contradicted_by TEXT NOT NULL DEFAULT '[]',  -- the day the page states, and the observations against it
  since TEXT NOT NULL, judged_at TEXT NOT NULL, PRIMARY KEY (body_id, report_year)
) STRICT, WITHOUT ROWID;
CREATE INDEX obligations_by_year ON obligations(report_year, status);
CREATE TABLE findings (
  id TEXT PRIMARY KEY, rule TEXT NOT NULL, rule_version INTEGER NOT NULL, family TEXT NOT NULL, severity TEXT NOT NULL,
  outcome TEXT NOT NULL, body_id TEXT NOT NULL REFERENCES bodies(id), report_year INTEGER NOT NULL,
  report_id INTEGER REFERENCES reports(id) ON DELETE SET NULL, document TEXT NOT NULL DEFAULT '', message_zh TEXT NOT NULL, message_en TEXT NOT NULL,
  formula TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', responsibility TEXT NOT NULL DEFAULT '', cells TEXT NOT NULL DEFAULT '[]',
  passages TEXT NOT NULL DEFAULT '[]', input_hash TEXT NOT NULL, opened_at TEXT NOT NULL, closed_at TEXT
) STRICT;
CREATE INDEX findings_by_body ON findings(body_id, report_year);
CREATE INDEX findings_by_family ON findings(family, outcome, opened_at);
CREATE INDEX findings_newest ON findings(outcome, opened_at);             -- a million findings, the newest or the gravest 50
CREATE INDEX findings_gravest ON findings(outcome, severity, opened_at);
CREATE INDEX findings_by_year ON findings(report_year, opened_at);
CREATE INDEX findings_closed ON findings(closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX findings_by_report ON findings(report_id);
CREATE INDEX findings_open ON findings(report_year, family) WHERE outcome = 'fail' AND closed_at IS NULL;
CREATE TABLE check_counts (             -- how many checks gave which outcome; passes are counted here and not stored
  body_id TEXT NOT NULL REFERENCES bodies(id), report_year INTEGER NOT NULL, family TEXT NOT NULL, outcome TEXT NOT NULL,
  checks INTEGER NOT NULL, PRIMARY KEY (body_id, report_year, family, outcome)
) STRICT, WITHOUT ROWID;
CREATE TABLE verdicts (
  id INTEGER PRIMARY KEY, finding_id TEXT NOT NULL, rule_version INTEGER NOT NULL, input_hash TEXT NOT NULL, verdict TEXT NOT NULL,
  author TEXT NOT NULL, reason TEXT NOT NULL, source TEXT NOT NULL DEFAULT '', at TEXT NOT NULL
) STRICT;
CREATE INDEX verdicts_by_finding ON verdicts(finding_id, at);

-- telling ----------------------------------------------------------------------------------------------------------
CREATE TABLE events (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body_id TEXT NOT NULL REFERENCES bodies(id),
  report_year INTEGER NOT NULL, finding_id TEXT NOT NULL DEFAULT '', old TEXT NOT NULL, new TEXT NOT NULL, effective_at TEXT NOT NULL,
  detected_at TEXT NOT NULL, severity TEXT NOT NULL, alert INTEGER NOT NULL, message_zh TEXT NOT NULL, message_en TEXT NOT NULL,
  family TEXT NOT NULL DEFAULT '', evidence TEXT NOT NULL DEFAULT '{}'   -- family: of the finding, or the new status
) STRICT;
CREATE INDEX events_by_body ON events(body_id, report_year);
CREATE INDEX events_by_time ON events(detected_at);
CREATE INDEX events_by_kind ON events(kind, detected_at);
CREATE TABLE subscribers (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, url TEXT NOT NULL, language TEXT NOT NULL DEFAULT 'en', bodies TEXT NOT NULL DEFAULT '[]',
  divisions TEXT NOT NULL DEFAULT '[]', families TEXT NOT NULL DEFAULT '[]', created_at TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL REFERENCES events(id), subscriber_id INTEGER NOT NULL REFERENCES subscribers(id),
  message_id TEXT NOT NULL UNIQUE, state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0, next_at TEXT NOT NULL,
  sent_at TEXT, last_error TEXT NOT NULL DEFAULT '', UNIQUE (event_id, subscriber_id)   -- state: waiting | sent | given_up
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries(state, next_at);

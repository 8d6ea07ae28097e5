-- The case: one SQLite file, STRICT tables, one writer.
--
-- Part 1 is written by ingest alone, straight from the records of
-- parsers/record.h (columns of the same names, same meaning; see there for
-- shapes and units).  Times are microseconds UTC, NULL = unknown.
-- Part 2 is conclusions: each table names the stage that deletes its rows
-- and writes them anew.  Lists are JSON arrays of text.
-- Row numbers (INTEGER PRIMARY KEY) never leave the case.

PRAGMA application_id = 0x504d4531; -- "PME1"
PRAGMA user_version = 1;

CREATE TABLE meta(
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

------------------------------------------------------------- 1. evidence

CREATE TABLE sources(            -- one row a content
	source INTEGER PRIMARY KEY,
	source_id TEXT NOT NULL UNIQUE,      -- S-...
	sha256 TEXT NOT NULL UNIQUE,
	md5 TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	kind TEXT NOT NULL,                  -- parser's name, empty, unknown
	state TEXT NOT NULL,                 -- new, planned, done
	status TEXT,                         -- ok, partial, lost; when done
	audit INTEGER NOT NULL DEFAULT 0,    -- holds events, not messages
	messages INTEGER NOT NULL DEFAULT 0, -- as read
	events INTEGER NOT NULL DEFAULT 0,
	store_owner TEXT,
	display_name TEXT,
	special TEXT
) STRICT;

CREATE TABLE paths(              -- one row a place; source NULL: unreadable
	path TEXT PRIMARY KEY,               -- below the EVIDENCE argument
	source INTEGER REFERENCES sources,
	problem TEXT                         -- why it could not be read
) STRICT;

CREATE TABLE units(
	source INTEGER NOT NULL REFERENCES sources,
	ordinal INTEGER NOT NULL,
	spec BLOB NOT NULL,
	items INTEGER,
	done INTEGER NOT NULL DEFAULT 0,
	resume INTEGER NOT NULL DEFAULT 0,   -- items read or lost so far
	PRIMARY KEY(source, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE members(            -- mail files in archives (parsers/record.h)
	member INTEGER PRIMARY KEY,          -- 0 elsewhere: in no archive
	source INTEGER NOT NULL REFERENCES sources,
	locator TEXT NOT NULL,
	path TEXT NOT NULL,                  -- below the archive's own
	kind TEXT NOT NULL,
	store_owner TEXT,
	display_name TEXT,
	UNIQUE(source, locator)
) STRICT;

CREATE TABLE promises(           -- what lists of export packages name
	source INTEGER NOT NULL REFERENCES sources, -- the list
	path TEXT NOT NULL,
	items INTEGER NOT NULL,
	bytes INTEGER,
	hash TEXT
) STRICT;

CREATE TABLE folders(
	folder INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES sources,
	folder_id TEXT NOT NULL,
	parent_id TEXT,
	path TEXT,
	kind TEXT NOT NULL,
	container_class TEXT,
	special TEXT,
	expected INTEGER,
	associated INTEGER,
	member INTEGER NOT NULL DEFAULT 0,
	UNIQUE(source, folder_id)
) STRICT;

CREATE TABLE messages(           -- one row a message a source
	message INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES sources,
	message_id TEXT NOT NULL,            -- M-...
	parent INTEGER REFERENCES messages,
	folder INTEGER REFERENCES folders,
	locator TEXT NOT NULL,
	state TEXT NOT NULL,                 -- live, recovered, embedded
	listed INTEGER,                      -- 1: recovered, promised by its folder
	message_class TEXT,
	internet_message_id TEXT,
	subject TEXT,
	sender TEXT,
	sender_address TEXT,
	recipients TEXT,
	sent_us INTEGER,
	received_us INTEGER,
	arrival_us INTEGER,
	sent_text TEXT,
	received_text TEXT,
	bytes INTEGER,
	attachments INTEGER,
	content_sha256 TEXT,                 -- PST, MSG: parsers/mapi/README.md
	body_sha256 TEXT,
	html_sha256 TEXT,
	edrm_mih TEXT,
	item_id TEXT,
	search_key TEXT,
	delivered_to TEXT,
	conversation TEXT,
	flags TEXT,
	member INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE addresses(
	message INTEGER NOT NULL REFERENCES messages,
	role TEXT NOT NULL,
	position INTEGER NOT NULL,
	name TEXT,
	address TEXT
) STRICT;

CREATE TABLE attachments(
	attachment INTEGER PRIMARY KEY,
	message INTEGER NOT NULL REFERENCES messages,
	part TEXT,
	name TEXT,
	content_type TEXT,
	bytes INTEGER,
	sha256 TEXT,
	md5 TEXT,
	method TEXT,
	hidden INTEGER,
	embedded INTEGER REFERENCES messages,
	text TEXT,
	reason TEXT,
	locator TEXT
) STRICT;

CREATE TABLE findings(
	finding INTEGER PRIMARY KEY,
	finding_id TEXT NOT NULL,            -- F-...
	message INTEGER NOT NULL REFERENCES messages,
	part TEXT,
	text_offset INTEGER,
	detector TEXT NOT NULL,
	element TEXT NOT NULL,
	kind TEXT,
	level TEXT NOT NULL,
	value TEXT NOT NULL,
	normalized TEXT NOT NULL,
	masked TEXT NOT NULL,
	class TEXT NOT NULL,
	hidden INTEGER,
	account TEXT,
	system TEXT,
	expires TEXT,
	group_key TEXT,
	name TEXT,
	link TEXT
) STRICT;

CREATE TABLE texts(              -- headers and own text of each message
	message INTEGER PRIMARY KEY REFERENCES messages,
	packed BLOB NOT NULL,                -- parsers/base/kept_text.h
	whole INTEGER NOT NULL               -- 0: cut at LIMIT_KEPT_TEXT
) STRICT;

CREATE TABLE events(             -- one row a record a source, copies too
	event INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES sources,
	event_id TEXT NOT NULL,              -- E-...
	locator TEXT NOT NULL,
	raw_offset INTEGER,
	raw_bytes INTEGER,
	content_sha256 TEXT,
	inner_bytes INTEGER,
	record_id TEXT,
	time_us INTEGER,
	until_us INTEGER,
	time_text TEXT,
	record_type INTEGER,
	workload TEXT,
	operation TEXT,
	user_id TEXT,
	user_key TEXT,
	user_type INTEGER,
	logon_type INTEGER,
	logon_sid TEXT,
	owner_sid TEXT,
	external INTEGER,
	mailbox_guid TEXT,
	mailbox_owner TEXT,
	client_ip TEXT,
	ips TEXT,
	app_id TEXT,
	client_app_id TEXT,
	app_ids TEXT,
	client_info TEXT,
	clients TEXT,
	session_id TEXT,
	aad_session TEXT,
	token_id TEXT,
	device_ids TEXT,
	sessions TEXT,
	access_type TEXT,
	throttled TEXT,
	result TEXT,
	succeeded TEXT,
	error TEXT,
	object_id TEXT,
	folder_id TEXT,
	folder_path TEXT,
	folder_name TEXT,
	dest_folder_id TEXT,
	dest_folder_path TEXT,
	dest_mailbox_guid TEXT,
	operation_count INTEGER,
	result_count INTEGER,
	result_index INTEGER,
	parameters TEXT,
	detail TEXT,
	-- access/times.c: what gave time_us its value, when not the record
	-- alone: dates (the order of day and month in its file), year
	time_guess TEXT
) STRICT;

CREATE TABLE event_items(
	event INTEGER NOT NULL REFERENCES events,
	position INTEGER NOT NULL,
	internet_message_id TEXT,
	item_id TEXT,
	immutable_id TEXT,
	folder_id TEXT,
	folder_path TEXT,
	subject TEXT,
	bytes INTEGER,
	PRIMARY KEY(event, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_folders(
	event INTEGER NOT NULL REFERENCES events,
	folder_id TEXT,
	path TEXT,
	name TEXT
) STRICT;

CREATE TABLE problems(           -- stage: ingest, package or reconstruct
	problem INTEGER PRIMARY KEY,
	stage TEXT NOT NULL,
	source INTEGER REFERENCES sources,   -- NULL: no content was read
	locator TEXT,
	kind TEXT NOT NULL,
	severity TEXT NOT NULL,
	items_lost INTEGER NOT NULL DEFAULT 0,
	detail TEXT,
	time_us INTEGER,
	mailbox TEXT
) STRICT;

---------------------------------------------------------- 2. conclusions

-- access/: mailboxes of exports and of the log.
CREATE TABLE mailboxes(
	mailbox_no INTEGER PRIMARY KEY,
	mailbox TEXT NOT NULL UNIQUE,        -- contract 2, last sentence
	guid TEXT,
	held INTEGER NOT NULL,               -- 1: some export is its
	paths TEXT NOT NULL,                 -- JSON: evidence paths
	first_adversary_us INTEGER,
	last_adversary_us INTEGER
) STRICT;

-- access/: every spelling that names a mailbox (guid:, address:, name:).
CREATE TABLE mailbox_names(
	name TEXT NOT NULL,                  -- folded
	kind TEXT NOT NULL,                  -- guid, address, name, local
	mailbox_no INTEGER NOT NULL REFERENCES mailboxes,
	PRIMARY KEY(kind, name, mailbox_no)
) STRICT, WITHOUT ROWID;

-- access/: whose mailbox each evidence path is, and each member of an archive
-- (mail only).
CREATE TABLE path_mailboxes(
	path TEXT NOT NULL REFERENCES paths,
	member INTEGER NOT NULL,             -- 0: the file itself
	mailbox_no INTEGER NOT NULL REFERENCES mailboxes,
	mailbox_source TEXT NOT NULL,        -- incident, store_owner, ...
	folder TEXT,                         -- EML, MBOX: from the path
	PRIMARY KEY(path, member)
) STRICT, WITHOUT ROWID;

-- access/: the messages where they lie: one row a message a path.
CREATE TABLE places(
	place INTEGER PRIMARY KEY,
	message INTEGER NOT NULL REFERENCES messages,
	path TEXT NOT NULL REFERENCES paths,
	mailbox_no INTEGER NOT NULL REFERENCES mailboxes,
	parent INTEGER REFERENCES places,    -- embedded messages
	folder TEXT,                         -- NULL: unknown (recovered)
	state TEXT NOT NULL,                 -- live, deleted, recovered, embedded
	arrival_us INTEGER,
	exposure TEXT,                       -- contract 3
	rules TEXT,                          -- JSON
	first_us INTEGER,
	last_us INTEGER,
	access_records TEXT,                 -- JSON, by time
	sessions TEXT,                       -- JSON
	flags TEXT,                          -- JSON
	reason TEXT                          -- why, when no rule holds
) STRICT;

-- access/: where a message lay that some record moved; the others lay in
-- their folder from arrival on.
CREATE TABLE folder_stays(
	place INTEGER NOT NULL REFERENCES places,
	folded TEXT,                         -- path as compared; NULL: unknown
	from_us INTEGER,                     -- NULL: arrival
	to_us INTEGER,                       -- NULL: the export
	left_us INTEGER                      -- when the last copy was deleted
) STRICT;

-- access/: every rule that holds for a place, with why.
CREATE TABLE verdicts(
	place INTEGER NOT NULL REFERENCES places,
	rule TEXT NOT NULL,                  -- R1, R1c, ...
	exposure TEXT NOT NULL,
	first_us INTEGER,
	last_us INTEGER,
	records TEXT NOT NULL,               -- JSON: record ids by time
	sessions TEXT NOT NULL,              -- JSON
	sentence TEXT NOT NULL,              -- explains it
	PRIMARY KEY(place, rule)
) STRICT, WITHOUT ROWID;

-- access/: what we make of each deduplicated event.
CREATE TABLE judged_events(
	event INTEGER PRIMARY KEY REFERENCES events,
	mailbox_no INTEGER REFERENCES mailboxes,
	report TEXT NOT NULL,                -- access, activity, both, none
	access_type TEXT,                    -- access.csv: access_type
	actor_type TEXT,
	attribution TEXT NOT NULL,
	reason TEXT,
	session TEXT,
	session_kind TEXT,                   -- recorded, derived
	folder TEXT,                         -- named by id, counter or name
	present INTEGER NOT NULL DEFAULT 0   -- 1: whoever did it was in there
) STRICT;

-- access/: every path that names a folder of the log in some mailbox.
CREATE TABLE folder_paths(
	mailbox_no INTEGER NOT NULL REFERENCES mailboxes,
	folder_id TEXT NOT NULL,             -- or path=.. as written, without id
	path TEXT NOT NULL,                  -- below the mailbox root
	folded TEXT NOT NULL,                -- as compared
	how TEXT NOT NULL,                   -- path, localised, counter, name
	PRIMARY KEY(mailbox_no, folder_id, path)
) STRICT, WITHOUT ROWID;

-- access/: rows of access.csv beyond the event itself.
CREATE TABLE access_items(
	event INTEGER NOT NULL REFERENCES judged_events,
	position INTEGER NOT NULL,           -- -1: no item named
	folder TEXT,
	internet_message_id TEXT,
	message_id TEXT,                     -- M-... in that mailbox, else ''
	PRIMARY KEY(event, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions(           -- access/
	session TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	attribution TEXT NOT NULL,
	reasons TEXT NOT NULL,               -- JSON, as all lists here
	mailboxes TEXT NOT NULL,
	actors TEXT NOT NULL,
	ips TEXT NOT NULL,
	apps TEXT NOT NULL,
	clients TEXT NOT NULL,
	first_us INTEGER,
	last_us INTEGER,
	events INTEGER NOT NULL,
	items_bound INTEGER NOT NULL,
	distinct_messages INTEGER NOT NULL,
	folders_synced INTEGER NOT NULL,
	throttled INTEGER NOT NULL,
	sign_in TEXT NOT NULL
) STRICT;

CREATE TABLE coverage(           -- access/
	mailbox_no INTEGER NOT NULL REFERENCES mailboxes,
	from_us INTEGER,
	to_us INTEGER,
	status TEXT NOT NULL,
	reason TEXT NOT NULL
) STRICT;

CREATE TABLE missing_items(      -- access/
	mailbox_no INTEGER NOT NULL REFERENCES mailboxes,
	internet_message_id TEXT NOT NULL,   -- or the item id
	folder TEXT,
	first_us INTEGER,
	last_us INTEGER,
	record_ids TEXT NOT NULL,            -- JSON
	copy_message_ids TEXT NOT NULL,      -- JSON
	PRIMARY KEY(mailbox_no, internet_message_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE people(             -- people/
	person INTEGER PRIMARY KEY,
	person_id TEXT NOT NULL,
	name TEXT,
	emails TEXT NOT NULL,                -- JSON
	phones TEXT NOT NULL,
	postal_address TEXT,
	residence TEXT,
	residence_source TEXT NOT NULL,
	data_elements TEXT NOT NULL,         -- all of this person's
	elements_exposed TEXT NOT NULL,      -- those in exposed messages
	exposure TEXT,                       -- strongest
	first_us INTEGER,
	last_us INTEGER,
	messages INTEGER NOT NULL,
	message_ids TEXT NOT NULL,
	merge_reason TEXT NOT NULL,
	review TEXT NOT NULL,
	duties TEXT NOT NULL,                -- JSON duty_ids
	people_deadline TEXT,
	regulator_deadline TEXT,
	minor TEXT,                          -- yes: under 18 when discovered
	deceased TEXT,
	notified TEXT,                       -- yes: the incident file says so
	older_residence TEXT                 -- elsewhere: its duties count too
) STRICT;

CREATE TABLE person_findings(    -- people/
	finding INTEGER PRIMARY KEY REFERENCES findings,
	person INTEGER NOT NULL REFERENCES people
) STRICT;

CREATE TABLE duties(             -- people/
	duty_id TEXT NOT NULL,
	jurisdiction TEXT NOT NULL,
	residence TEXT NOT NULL,             -- '' for sector and EU rows
	law TEXT NOT NULL,
	people INTEGER NOT NULL,
	trigger TEXT,
	people_deadline TEXT,
	regulator TEXT,
	regulator_deadline TEXT,
	threshold_met TEXT,
	law_version TEXT,
	source TEXT,
	PRIMARY KEY(duty_id, residence)
) STRICT, WITHOUT ROWID;

CREATE TABLE organizations(      -- people/
	domain TEXT PRIMARY KEY,
	organization TEXT,
	messages INTEGER NOT NULL,
	accessed INTEGER NOT NULL,
	taken INTEGER NOT NULL,
	synced INTEGER NOT NULL,
	presumed INTEGER NOT NULL,
	possible INTEGER NOT NULL,
	first_us INTEGER,
	last_us INTEGER,
	contacts TEXT NOT NULL               -- JSON
) STRICT;

-- The strongest exposure over all places of a message, and its times.
CREATE VIEW message_exposure AS
	SELECT message, CASE max(CASE exposure
		WHEN 'accessed' THEN 7 WHEN 'taken' THEN 6
		WHEN 'synced' THEN 5 WHEN 'presumed' THEN 4
		WHEN 'possible' THEN 3 WHEN 'not_covered' THEN 2
		WHEN 'not_shown' THEN 1 END)
		WHEN 7 THEN 'accessed' WHEN 6 THEN 'taken'
		WHEN 5 THEN 'synced' WHEN 4 THEN 'presumed'
		WHEN 3 THEN 'possible' WHEN 2 THEN 'not_covered'
		WHEN 1 THEN 'not_shown' END AS exposure,
		min(first_us) AS first_us, max(last_us) AS last_us
	FROM places GROUP BY message;

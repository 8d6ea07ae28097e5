-- Made after bulk loading (case_index), dropped never.
CREATE INDEX IF NOT EXISTS messages_source ON messages(source, member);
CREATE INDEX IF NOT EXISTS messages_parent ON messages(parent) WHERE parent IS NOT NULL;
CREATE INDEX IF NOT EXISTS messages_folder ON messages(folder);
CREATE INDEX IF NOT EXISTS messages_id ON messages(message_id);
CREATE INDEX IF NOT EXISTS messages_imi ON messages(internet_message_id);
CREATE INDEX IF NOT EXISTS addresses_message ON addresses(message);
CREATE INDEX IF NOT EXISTS attachments_message ON attachments(message);
CREATE INDEX IF NOT EXISTS findings_message ON findings(message);
CREATE INDEX IF NOT EXISTS events_record ON events(record_id);
CREATE INDEX IF NOT EXISTS events_time ON events(time_us);
CREATE INDEX IF NOT EXISTS events_guess ON events(time_guess)
	WHERE time_guess IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_operation ON events(operation);
CREATE INDEX IF NOT EXISTS event_folders_event ON event_folders(event);
CREATE INDEX IF NOT EXISTS paths_source ON paths(source);
CREATE INDEX IF NOT EXISTS problems_source ON problems(source);

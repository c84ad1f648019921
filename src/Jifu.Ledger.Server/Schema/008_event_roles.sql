-- Keys for programs that read and write events over EventStoreDB's protocol.
ALTER TABLE app.api_key
    DROP CONSTRAINT api_key_role_check,
    ADD CONSTRAINT api_key_role_check
        CHECK (role IN ('merchant', 'operator', 'auditor', 'event_writer', 'ledger_node'));

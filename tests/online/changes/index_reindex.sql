-- online-since: 12 (11 has no REINDEX CONCURRENTLY)
REINDEX INDEX orders_state;

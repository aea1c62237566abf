REINDEX INDEX orders_state;

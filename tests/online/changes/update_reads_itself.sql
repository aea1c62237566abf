UPDATE orders o SET note = (SELECT count(*)::text FROM orders p WHERE p.customer_id = o.customer_id);

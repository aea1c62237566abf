UPDATE orders SET full_name = (100 / (id % 2))::text WHERE (id % 2 > 0 AND state = 'done') OR (id % 2 < 0 AND state = 'open');

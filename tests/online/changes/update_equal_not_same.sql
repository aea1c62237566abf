ALTER TABLE customers ADD COLUMN balance numeric DEFAULT 1.0;
UPDATE customers SET balance = 1.00;

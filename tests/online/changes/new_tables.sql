CREATE TABLE tags (id bigint PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE order_tags (order_id bigint NOT NULL REFERENCES orders (id), tag_id bigint NOT NULL REFERENCES tags (id));
CREATE INDEX order_tags_order ON order_tags (order_id);
INSERT INTO tags VALUES (1, 'new');

-- transaction-since: 12
ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high';
